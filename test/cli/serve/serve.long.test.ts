import { once } from 'node:events';
import { access } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { Result } from '../../../src/core/result/result.ts';
import { matching } from '../contend.ts';
import { livingOf } from '../processes.ts';
import { api, runInvalid, serving, type Serving } from './serving.ts';

const resultOf = async ({ out }: Serving): Promise<Result> => JSON.parse(await out('result.json')) as Result;

const isThere = async (path: string): Promise<boolean> =>
  access(path).then(
    () => true,
    () => false,
  );

const logged = async (one: Serving, name: string): Promise<string> => one.out(name).catch(() => '');

test('reuse: true takes one that runs already, and leaves it running', async () => {
  await using one = await serving();
  await using other = await serving();
  const [port] = await freePort();
  await other.write({ command: api() }, `target: http://127.0.0.1:${port}`);
  const running = other.start(['-d', '60s']);
  await matching(running.stderr, /round 1 of 2/u);
  await one.write({ command: ['touch', 'started'], reuse: true }, `target: http://127.0.0.1:${port}`);
  expect(await one.run(['-q'])).toMatchObject({ code: 0 });
  expect((await resultOf(one)).serves).toMatchObject([
    { unmeasured: 'it was already running, not started by contend' },
  ]);
  expect(await isThere(join(one.folder, 'started'))).toBe(false);
  expect(running.child.exitCode).toBeNull();
  running.child.kill('SIGINT');
  await running.ended;
  await other.nothingLeft();
});

const freePort = async (): Promise<readonly [number]> => {
  const server = createServer();
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const { port } = server.address() as AddressInfo;
  await once(server.close(), 'close');
  return [port];
};

test('one that writes a gigabyte is measured all the same, and its log has the first and the last of it', async () => {
  await using one = await serving();
  const env = { PORT: '${port}', MEGABYTES: 1024 };
  await one.write({ command: api('loud'), env, ready: { get: '/health', within: '2m' } });
  expect(await one.run(['-q'])).toMatchObject({ code: 0 });
  const log = await one.out('serve-1.log');
  expect(log.length).toBeLessThan(11.1 * 1024 * 1024);
  expect(log.split('\n')[1]).toBe('the first line');
  expect(log).toMatch(/^… \d+ bytes are left out here …$/mu);
  expect(log.endsWith('the last line\n')).toBe(true);
});

test('one that needs its setup finds what that made; without it the run is invalid', async () => {
  await using one = await serving();
  await one.write({ command: api('set-up'), setup: 'touch installed' });
  expect(await one.run(['-q'])).toMatchObject({ code: 0 });
  await using other = await serving();
  await other.write({ command: api('set-up') });
  expect(await other.run(['-q'])).toMatchObject({ code: 96 });
  expect((await resultOf(other)).invalid?.output).toEqual(['installed is not there']);
});

describe.each(['SIGINT', 'SIGTERM', 'SIGKILL'] as const)('%s', (signal) => {
  const code = { SIGINT: 130, SIGTERM: 143, SIGKILL: null }[signal];
  const wait = (file: string): string[] => [
    process.execPath,
    '-e',
    `require('fs').writeFileSync('${file}', ''); setInterval(() => {}, 1000)`,
  ];
  const stages: readonly (readonly [string, object, string | RegExp])[] = [
    ['during its setup', { command: api(), setup: wait('begun') }, 'begun'],
    ['before it is ready', { command: wait('begun'), ready: { within: '1m' } }, 'begun'],
    ['while it is measured', { command: api() }, /round 1 of 2/u],
  ];

  test.each(stages)('%s ends contend and all that it has started', async (_, serve, sign) => {
    await using one = await serving();
    await one.write(serve);
    const running = one.start(['-d', '60s']);
    if (typeof sign !== 'string') await matching(running.stderr, sign, 30_000);
    else await expect.poll(async () => isThere(join(one.folder, sign)), { timeout: 30_000 }).toBe(true);
    running.child.kill(signal);
    expect(await running.ended).toMatchObject({ code });
    await one.nothingLeft();
  });

  test('while it is stopped ends contend at once where it comes again, and the process all the same', async () => {
    await using one = await serving();
    await one.write({ command: api('deaf'), stop: { within: '3s' } });
    const running = one.start(['-d', '60s']);
    await matching(running.stderr, /round 1 of 2/u, 30_000);
    running.child.kill('SIGINT');
    // The first has ended the load; the process has been asked to end when its log could say so.
    await new Promise((resolve) => setTimeout(resolve, 1500));
    running.child.kill(signal);
    await running.ended;
    await one.nothingLeft();
    expect(await logged(one, 'serve-1.log')).toContain('heard, not obeyed');
  });
});

describe.skipIf(process.platform !== 'linux')(
  'one that goes into the background (found by /proc, which Linux has)',
  () => {
    /** A Node hands on no file that it has inherited, and a shell hands on all. */
    const daemon = (forget: string): string =>
      `${forget} setsid ${process.execPath} api.mjs none >/dev/null 2>&1 </dev/null &`;

    test.each([
      ['has lost its group', ['sh', '-c', daemon('')]],
      ['has lost its group and its environment', ['sh', '-c', daemon('env -i PORT=$PORT')]],
      [
        'has lost all that it had',
        [process.execPath, '-e', `require('child_process').execSync(${JSON.stringify(daemon('env -i PORT=$PORT'))})`],
      ],
    ])('%s is ended, and told', async (_, words) => {
      await using one = await serving();
      await one.write({ command: words });
      const { invalid } = await runInvalid(one);
      expect(invalid.message).toMatch(
        /^serve-1 \(lock-free\) went into the background: it ended with exit code 0, and left process /u,
      );
      const [, pid = ''] = /process (\d+)/u.exec(invalid.message) ?? [];
      await expect.poll(() => livingOf([Number(pid)])).toEqual([]);
    });
  },
);
