import { describe, expect, test } from 'vitest';
import { main } from '../../../src/cli/main.ts';
import { extendOf, settingsOf } from '../../../src/cli/flags/settings.ts';
import { scriptedHost } from '../host.ts';

/** `path=value from`, one for each setting. */
const told = (...args: Parameters<typeof settingsOf>): readonly string[] =>
  settingsOf(...args).map(({ path, value, from }) => `${path.join('.')}=${JSON.stringify(value)} ${from}`);

describe('flags and environment', () => {
  test('set what the scenario calls by another name', () => {
    expect(
      told(
        {
          rate: '2000/s',
          workers: 'auto',
          pacing: 'relaxed',
          transport: 'undici',
          insecure: true,
          keepalive: false,
          timeout: '3s',
        },
        {},
      ),
    ).toEqual([
      'load.rate="2000/s" --rate',
      'workers="auto" --workers',
      'pacing="relaxed" --pacing',
      'transport="undici" --transport',
      'keepAlive=false --no-keepalive',
      'tls.insecure=true --insecure',
      'timeouts.request="3s" --timeout',
    ]);
  });

  test('give numbers as numbers, and 1 as yes; a flag comes after the environment', () => {
    const env = { CONTEND_RATE: '50', CONTEND_WORKERS: '2', CONTEND_INSECURE: '1', CONTEND_TIMEOUT: '1s' };
    expect(told({ rps: '70', workers: '3' }, env)).toEqual([
      'load.rate=50 CONTEND_RATE',
      'workers=2 CONTEND_WORKERS',
      'tls.insecure=true CONTEND_INSECURE',
      'timeouts.request="1s" CONTEND_TIMEOUT',
      'load.rate=70 --rps',
      'workers=3 --workers',
    ]);
    expect(told({ keepalive: true }, { CONTEND_KEEPALIVE: '0' })).toEqual([
      'keepAlive=false CONTEND_KEEPALIVE',
      'keepAlive=true --keepalive',
    ]);
    expect(told({}, { CONTEND_INSECURE: '0', CONTEND_PACING: 'hybrid', CONTEND_TRANSPORT: 'wire' })).toEqual([
      'pacing="hybrid" CONTEND_PACING',
      'transport="wire" CONTEND_TRANSPORT',
      'tls.insecure=false CONTEND_INSECURE',
    ]);
  });

  test('that no scenario can have are refused by the schema, at their name', async () => {
    const scenario = 'target: http://x\nsteps: [{ get: / }]\n';
    const { host, stderr } = scriptedHost(['run', 'x.yaml', '--pacing', 'slow', '-w', '0', '-R', '2k'], {
      env: { CONTEND_INSECURE: 'perhaps' },
      readText: async () => scenario,
    });
    expect(await main(host)).toBe(2);
    expect(stderr()).toContain('--pacing  expected auto, hybrid or relaxed, got text "slow"');
    expect(stderr()).toContain('--workers  expected 1 to 64 or "auto", got the number 0');
    expect(stderr()).toContain('--rate  expected a rate, got text "2k"');
    expect(stderr()).toContain('CONTEND_INSECURE  expected true or false, got text "perhaps"');
  });
});

describe('--extend', () => {
  const wants = (flag: boolean | undefined, said?: string) =>
    extendOf(flag, said === undefined ? {} : { CONTEND_EXTEND: said });

  test('is a flag or CONTEND_EXTEND, and off unless wanted', () => {
    expect([wants(undefined), wants(undefined, '0'), wants(undefined, 'false')]).toEqual([false, false, false]);
    expect([wants(true), wants(true, '0'), wants(undefined, '1'), wants(undefined, 'true')]).toEqual([
      true,
      true,
      true,
      true,
    ]);
  });

  test('in the environment is 1 or 0, and nothing else', async () => {
    const { host, stderr } = scriptedHost(['validate', 'x.yaml'], { env: { CONTEND_EXTEND: 'maybe' } });
    expect(await main(host)).toBe(2);
    expect(stderr()).toBe('contend: CONTEND_EXTEND must be 1 or 0, not "maybe".\n--extend is the same.\n');
  });

  test('gives gates that compare modes the rounds of both looks', async () => {
    const scenario = `target: http://x
rounds: 6
steps: [{ get: / }]
modes: { locked: mutex, free: none }
gates: [throughput(free) > throughput(locked)]
`;
    const codeOf = (env: { readonly [name: string]: string }) =>
      main(scriptedHost(['validate', 'x.yaml'], { env, readText: async () => scenario }).host);
    expect([await codeOf({}), await codeOf({ CONTEND_EXTEND: '1' })]).toEqual([2, 0]);
  });
});

const helpOf = async (words: readonly string[]): Promise<string> => {
  const { host, stdout } = scriptedHost([...words, '--help']);
  await main(host);
  return stdout();
};

test('the help of every command fits 80 columns', async () => {
  const all = await helpOf([]);
  const commands = [...all.split('Commands:')[1]!.matchAll(/^ {2}([a-z]+)/gmu)].map(([, name]) => name!);
  expect(commands).toEqual(expect.arrayContaining(['run', 'verify', 'schema']));
  const helps = [all, ...(await Promise.all(commands.map(async (name) => helpOf([name]))))];
  expect(helps.flatMap((help) => help.split('\n').filter((line) => line.length > 80))).toEqual([]);
});

describe('contend run --help', () => {
  test('fits into 80 columns and names every flag that sets something', async () => {
    const { host, stdout } = scriptedHost(['run', '--help']);
    expect(await main(host)).toBe(0);
    for (const line of stdout().split('\n')) expect(line.length).toBeLessThanOrEqual(80);
    for (const flag of [
      '-R, --rate',
      '-w, --workers',
      '--pacing',
      '--transport',
      '-k, --insecure',
      '--no-keepalive',
      '-t, --timeout',
      '--extend',
    ]) {
      expect(stdout()).toContain(flag);
    }
  });

  test('leaves out the other name of --rate, which excludes it', async () => {
    const { host, stderr } = scriptedHost(['run', 'x.yaml', '--rps', '5', '-R', '6']);
    expect(await main(host)).toBe(2);
    expect(stderr()).toContain('cannot be used with option');
  });
});
