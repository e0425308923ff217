import { access } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import { once } from 'node:events';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { Result } from '../../../src/core/result/result.ts';
import { contendHere, matching } from '../contend.ts';
import { api, runInvalid, serving, type Serving } from './serving.ts';

const resultOf = async ({ out }: Serving): Promise<Result> => JSON.parse(await out('result.json')) as Result;

const isThere = async (path: string): Promise<boolean> =>
  access(path).then(
    () => true,
    () => false,
  );

describe('without leave', () => {
  test('run says every command that it would start, starts none of them, and exits 2', async () => {
    await using one = await serving();
    await one.write({ command: ['touch', 'started'], setup: 'touch set-up' });
    const ended = await contendHere(['run', 'scenario.yaml'], { cwd: one.folder });
    expect(ended).toMatchObject({ code: 2, stdout: '' });
    expect(ended.stderr).toContain('serve-1 (lock-free): env PORT=${port} FOLDER=${folder} touch set-up\n');
    expect(ended.stderr).toContain('serve-1 (lock-free): env PORT=${port} FOLDER=${folder} touch started\n');
    expect(ended.stderr).toContain('--allow-run');
    for (const name of ['started', 'set-up']) expect(await isThere(join(one.folder, name))).toBe(false);
  });

  test('validate says them too, with no secret in them, and starts nothing', async () => {
    await using one = await serving();
    await one.write({ command: 'touch started --token ${env.TOKEN}' }, 'env: { TOKEN: abcdef }\nsecrets: [TOKEN]');
    const ended = await contendHere(['validate', 'scenario.yaml'], { cwd: one.folder });
    expect(ended).toMatchObject({ code: 0, stderr: '' });
    expect(ended.stdout).toContain('touch started --token ***\n');
    expect(await isThere(join(one.folder, 'started'))).toBe(false);
  });

  test('CONTEND_ALLOW_RUN=1 is leave, and 0 is none', async () => {
    await using one = await serving();
    await one.write({ command: ['no-such-program-anywhere'] });
    const env = { CONTEND_ALLOW_RUN: '0' };
    expect(await contendHere(['run', 'scenario.yaml', '-q'], { cwd: one.folder, env })).toMatchObject({ code: 2 });
    const allowed = { CONTEND_ALLOW_RUN: '1' };
    const ended = await contendHere(['run', 'scenario.yaml', '-q'], { cwd: one.folder, env: allowed });
    expect(ended).toMatchObject({ code: 96 });
    expect(ended.stdout.replaceAll(/\s+/gu, ' ')).toContain('there is no program no-such-program-anywhere');
  });
});

describe('a target that contend starts', () => {
  test('is shared by the modes that say the same of it, answers all of them, and is gone afterwards with its folder', async () => {
    await using one = await serving();
    await one.write({ command: api() }, 'modes: { a: none, b: mutex, c: { serve: { env: { THIRD: "3" } } } }');
    const ended = await one.run(['-q']);
    expect(ended).toMatchObject({ code: 0, stderr: '' });
    const { serves, modes } = await resultOf(one);
    expect(serves).toMatchObject([
      { name: 'serve-1', modes: ['a', 'b'] },
      { name: 'serve-2', modes: ['c'] },
    ]);
    expect(modes.map(({ iterations }) => iterations.completed)).toEqual([20, 20, 20]);
    for (const name of ['serve-1.log', 'serve-2.log'])
      expect(await one.out(name)).toMatch(/^\$ .*api\.mjs none\nnone on \d+\nending as asked\n$/u);
  });

  test('gets contend’s environment without what is contend’s own, and its own over it', async () => {
    await using one = await serving();
    const words = ['sh', '-c', 'env | grep -E "^(CONTEND_|KEPT|OWN|GONE)" | sort; exit 1'];
    await one.write({ command: words, env: { OWN: 'own of ${port > 0}', GONE: null } });
    const env = { CONTEND_ROUNDS: '2', KEPT: 'kept', OWN: 'theirs', GONE: 'x' };
    expect(await one.run(['-q'], env)).toMatchObject({ code: 96 });
    expect((await one.out('serve-1.log')).split('\n').slice(1)).toEqual(['KEPT=kept', 'OWN=own of true', '']);
  });
});

describe('one that goes wrong is told at once, 96, with the end of what it wrote, and nothing is left of it', () => {
  test('dies before it is ready', async () => {
    await using one = await serving();
    await one.write({ command: api('dies') }, 'env: { T: abcdef-secret }\nsecrets: [T]');
    const { stdout, invalid } = await runInvalid(one);
    expect(stdout).toMatch(/^INVALID {2}serve-1 \(lock-free\) ended with exit code 3 before it was ready\./mu);
    const output = ['reading the settings', 'DATABASE_URL is not set, and token=*** will not help'];
    expect(invalid.output).toEqual(output);
    expect(stdout).toContain('  reading the settings\n');
    expect(await one.out('summary.md')).toContain('    reading the settings\n');
    expect(await one.out('serve-1.log')).toContain('token=***');
  });

  test('dies in round 2, which is told with the mode, and the rounds before it are kept', async () => {
    await using one = await serving();
    // Two warm-ups and the two slots of round 1 come before it.
    await one.write(
      { command: api(), env: { PORT: '${port}', DIES_IN: 5 } },
      'before: [{ post: /reset }]\nseed: 1\nmodes: { a: none, b: none }',
    );
    const { invalid, result } = await runInvalid(one);
    expect(invalid.message).toMatch(/^serve-1 \(a, b\) ended with exit code 7 in round 2, while [ab] was measured$/u);
    expect(invalid.output).toEqual([expect.stringMatching(/^none on \d+$/u), 'out of memory']);
    expect(result.modes.map(({ slots }) => slots.filter(({ round }) => round === 1).length)).toEqual([1, 1]);
  });

  test('finds its port taken by a stranger, who is named', async () => {
    await using one = await serving();
    const stranger = createServer((socket) => socket.end());
    await once(stranger.listen(0, '127.0.0.1'), 'listening');
    const { port } = stranger.address() as AddressInfo;
    await one.write({ command: api(), setup: 'touch set-up' }, `target: http://127.0.0.1:${port}`);
    const { invalid } = await runInvalid(one).finally(() => stranger.close());
    expect(invalid.message).toContain(`port ${port} is taken`);
    if (process.platform === 'linux') expect(invalid.message).toContain(`process ${process.pid} (`);
    expect(await isThere(join(one.folder, 'set-up'))).toBe(false);
  });

  test('goes into the background', async () => {
    await using one = await serving();
    await one.write({ command: api('daemon') });
    const { invalid } = await runInvalid(one);
    expect(invalid.message).toContain('serve-1 (lock-free) went into the background');
  });

  test('is never ready: what it answered is told', async () => {
    await using one = await serving();
    await one.write({ command: api('ill'), ready: { get: '/health', within: '3s' } });
    const { invalid } = await runInvalid(one);
    expect(invalid.message).toBe('serve-1 (lock-free) was not ready in 3 s: GET /health was answered with 503');
  });

  test.each([
    ['another port', `.listen(0, '127.0.0.1')`, /it listens on 127\.0\.0\.1:\d+$/u, 'env: { PORT: "${port}" }'],
    ['another address', `.listen(PORT, '127.0.0.2')`, /it listens on 127\.0\.0\.2:\d+$/u, 'http://127.0.0.2:${port}'],
  ])('listens on %s than it was asked at, which is told', async (_, listen, where, hint) => {
    await using one = await serving();
    const program = `require('http').createServer()${listen.replace('PORT', 'process.env.PORT')}`;
    await one.write({ command: [process.execPath, '-e', program], ready: { within: '2s' } });
    const { invalid } = await runInvalid(one);
    expect(invalid.message).toContain('was not ready in 2 s: nothing listened on port');
    if (process.platform !== 'linux') return;
    expect(invalid.message).toMatch(where);
    expect(invalid.hint).toContain(hint);
  });

  test('cannot be set up: it is not started', async () => {
    await using one = await serving();
    await one.write({
      command: ['touch', 'started'],
      setup: [process.execPath, '-e', 'console.log("no network"); process.exit(5)'],
    });
    const { invalid } = await runInvalid(one);
    expect(invalid.message).toMatch(/^serve-1 \(lock-free\) could not be set up: .* ended with exit code 5$/u);
    expect(invalid.output).toEqual(['no network']);
    expect(await isThere(join(one.folder, 'started'))).toBe(false);
  });
});

test('one that does not hear SIGTERM is killed, which is a warning and changes no exit code', async () => {
  await using one = await serving();
  await one.write({ command: api('deaf'), stop: { within: '1s' } });
  expect(await one.run(['-q'])).toMatchObject({ code: 0 });
  const { generator } = await resultOf(one);
  expect(generator.warnings).toContainEqual(expect.objectContaining({ code: 'SERVE_KILLED' }));
  expect(await one.out('serve-1.log')).toContain('heard, not obeyed');
});

test('where contend is killed, everything that it has started ends all the same, and its folders go', async () => {
  await using one = await serving();
  await one.write({ command: api(), setup: 'true' });
  const running = one.start(['-d', '30s']);
  await matching(running.stderr, /round 1 of 2/u);
  running.child.kill('SIGKILL');
  await running.ended;
  await one.nothingLeft();
  expect(await one.out('serve-1.log')).toContain('ending as asked');
});

test.each([
  ['--target beside it', {}, ['--target', 'http://127.0.0.1:1'], {}, 'the target is what contend starts itself'],
  ['reuse where CI is set', { reuse: true }, [], { CI: 'true' }, 'CI is set'],
  ['a folder that is not there', { cwd: 'nowhere' }, [], {}, 'there is no folder'],
])('%s is refused before anything is started', async (_, serve, argv, env, said) => {
  await using one = await serving();
  const target = 'reuse' in serve ? 'target: http://127.0.0.1:1' : '';
  await one.write({ command: ['touch', 'started'], ...serve }, target);
  const ended = await contendHere(['run', 'scenario.yaml', '--allow-run', ...argv], { cwd: one.folder, env });
  expect(ended.code).toBe(2);
  expect(ended.stderr).toContain(said);
  expect(await isThere(join(one.folder, 'started'))).toBe(false);
});
