import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { main } from '../../src/cli/main.ts';
import { MemoryStore } from '../../src/store/memory.ts';
import { listen, type StoreServer } from '../../src/store/server.ts';
import { scriptedHost, type ScriptedHost } from './host.ts';

const scenario = `
name: buying
before: [{ post: /reset, json: { products: 2, stock: 1000 } }]
steps: [{ post: /products/1/purchases, json: { quantity: 1 } }]
modes: { locked: mutex, lock-free: none }
`;
const escape = '\u001b';

let store: StoreServer;

beforeAll(async () => {
  store = await listen(new MemoryStore({ serviceUs: 0 }), { port: 0, cpuUs: () => 0, nowMs: () => 0 });
});

afterAll(async () => {
  await store.close();
});

const run = async (
  flags: readonly string[],
  given: { readonly env?: { readonly [name: string]: string }; readonly isTTY?: boolean },
): Promise<ScriptedHost> => {
  const argv = ['run', 'buying.yaml', '--target', store.origin, '-n', '20', '-c', '2', '--rounds', '1', ...flags];
  const scripted = scriptedHost(argv, { ...given, readText: async () => scenario });
  expect(await main(scripted.host)).toBe(0);
  expect(scripted.stdout()).toContain('lock-free');
  return scripted;
};

const terminal = { isTTY: true, env: { TERM: 'xterm-256color' } };

describe('colour', () => {
  test('is on a terminal', async () => {
    const { stdout } = await run([], terminal);
    expect(stdout()).toContain(`${escape}[`);
  });

  test('is nowhere without a terminal', async () => {
    const { stdout, stderr } = await run([], {});
    expect(stdout() + stderr()).not.toContain(escape);
  });

  test.each([
    ['NO_COLOR is set', [], { NO_COLOR: '1' }],
    ['NO_COLOR is there and empty', [], { NO_COLOR: '' }],
    ['the terminal is dumb', [], { TERM: 'dumb' }],
    ['--no-color is given', ['--no-color'], {}],
  ])('is not in the report where %s', async (_, flags, env) => {
    const { stdout } = await run(['-q', ...flags], { ...terminal, env: { ...terminal.env, ...env } });
    expect(stdout()).not.toContain(escape);
  });

  test('is in no document, not even on a terminal', async () => {
    const { stdout } = await run(['--json'], terminal);
    expect(stdout()).not.toContain(escape);
    expect(JSON.parse(stdout())).toMatchObject({ exitCode: 0 });
  });

  test('is in no error message on a terminal', async () => {
    const { host, stderr } = scriptedHost(['run', 'buying.yaml'], { ...terminal, readText: async () => 'steps: 5' });
    expect(await main(host)).toBe(2);
    expect(stderr()).toContain('buying.yaml:1');
    expect(stderr()).not.toContain(escape);
  });
});
