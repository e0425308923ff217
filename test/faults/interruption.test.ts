import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import type { Result } from '../../src/core/result/result.ts';
import { assertNoLeftovers, built, matching, startProgram } from '../cli/contend.ts';
import { documentOf, expectAllFields, expectIdentities } from '../cli/document.ts';
import { livingOf } from '../cli/processes.ts';
import { openFaultServer, type FaultServer } from './open.ts';
import { leftIn, openFolder, type Folder } from './run.ts';
import { noTerminal, startInTerminal, type InTerminal } from './terminal.ts';

let server: FaultServer;
let folder: Folder;

beforeAll(async () => {
  [server, folder] = await Promise.all([openFaultServer(), openFolder()]);
});
afterAll(async () => {
  await server[Symbol.asyncDispose]();
  await folder[Symbol.asyncDispose]();
});
beforeEach(async () => server.forget());
afterEach(assertNoLeftovers);

/** Four users who post to a path, under a lock or none. */
const posting = async (path: string, load: string, more = ''): Promise<InTerminal> => {
  const file = await folder.file(
    'posting.yaml',
    `
target: ${server.origin}
timeouts: { request: 60s }
load: { users: 4, ${load} }
steps: [{ name: write, post: ${path}, json: { stock: 4 } }]
modes: { lock-free: none }
${more}`,
  );
  return startInTerminal(['run', file, '--json'], join(folder.path, 'result.json'));
};

/** The built-in store under the locks of the example, for far longer than a test. */
const shopping = (): InTerminal =>
  startInTerminal(
    [
      'run',
      'scenarios/online-store.yaml',
      '--modes',
      'locked',
      '-d',
      '60s',
      '--warmup',
      '0',
      '--rounds',
      '2',
      '--json',
    ],
    join(folder.path, 'result.json'),
  );

const counted = async (path: string, least: number): Promise<void> =>
  vi.waitFor(async () => expect((await server.counts())[`POST ${path}`] ?? 0).toBeGreaterThanOrEqual(least), {
    timeout: 10_000,
    interval: 20,
  });

const expectNothingLeft = async (pids: readonly number[]): Promise<void> => {
  expect(pids.length).toBeGreaterThan(0);
  await vi.waitFor(() => expect(livingOf(pids)).toEqual([]), { timeout: 10_000, interval: 50 });
};

/** It must end with 130 and a whole document that says so, and leave nothing behind. */
const interrupted = async (run: InTerminal): Promise<Result> => {
  run.interrupt();
  const askedMs = performance.now();
  const { code, stdout, descendants } = await run.ended;
  expect(performance.now() - askedMs).toBeLessThan(15_000);
  expect(code).toBe(130);
  const document = documentOf(stdout);
  expectAllFields(document);
  expect(document).toMatchObject({ exitCode: 130, verdict: { is: 'undecided', because: 'the run was interrupted' } });
  for (const mode of document.modes) expectIdentities(mode);
  await expectNothingLeft(descendants);
  return document;
};

// Where there is no terminal to be had, the title says how to get one.
describe.skipIf(noTerminal !== '')(`Ctrl-C in a terminal${noTerminal}`, () => {
  test('in the warm-up: nothing was measured, and what was sent is accounted for', async () => {
    const run = await posting('/late/5', 'duration: 60s, warmup: 20s');
    await counted('/late/5', 8);
    const [mode] = (await interrupted(run)).modes;
    expect(mode?.iterations).toMatchObject({ begun: 0, completed: 0 });
    expect(await server.counts()).toEqual({ 'POST /late/5': mode?.requests.unmeasured.warmup });
  });

  test('in a slot: what was measured is reported', async () => {
    const run = await posting('/late/5', 'duration: 60s, warmup: 0');
    await counted('/late/5', 40);
    const [mode] = (await interrupted(run)).modes;
    expect(mode!.iterations.completed).toBeGreaterThanOrEqual(36);
    expect(mode!.iterations.interrupted).toBe(0);
    expect(await server.counts()).toEqual({ 'POST /late/5': leftIn(mode!) });
  });

  test('between two rounds: the first is reported', async () => {
    const before = '/late-after/1/30000';
    const run = await posting('/ok', 'iterations: 20', `rounds: 2\nbefore: [{ post: ${before} }]`);
    await counted(before, 2);
    const [mode] = (await interrupted(run)).modes;
    expect(mode?.slots).toHaveLength(1);
    expect(mode?.iterations).toMatchObject({ begun: 10, completed: 10 });
    expect(await server.counts()).toEqual({ 'POST /ok': 10, [`POST ${before}`]: 2 });
  });

  test('in the drain: what is still under way is interrupted', async () => {
    const run = await posting('/late/30000', 'duration: 800ms, warmup: 0');
    await counted('/late/30000', 4);
    // They were under way before the slot was over; now it is.
    await pause(1200);
    const [mode] = (await interrupted(run)).modes;
    expect(mode?.iterations).toMatchObject({ begun: 4, completed: 0, interrupted: 4 });
    expect(mode?.requests.byError).toEqual({ aborted: 4 });
    expect(await server.counts()).toEqual({ 'POST /late/30000': 4 });
  });

  test('twice: it ends at once, without a report', async () => {
    const run = await posting('/silent', 'duration: 60s, warmup: 0');
    await counted('/silent', 4);
    run.interrupt();
    await pause(200);
    run.interrupt();
    const { code, stdout, descendants } = await run.ended;
    expect({ code, stdout }).toEqual({ code: 130, stdout: '' });
    await expectNothingLeft(descendants);
  });

  test('does not end the built-in store before its values were read: the data is judged', async () => {
    const run = shopping();
    await matching(run.shown, /[1-9]\d*\/s/u);
    const [mode] = (await interrupted(run)).modes;
    expect(mode!.iterations.completed).toBeGreaterThan(0);
    expect(mode?.consistency?.verdict).toBe('consistent');
    expect(mode?.lost).toMatchObject({ atLeast: 0, atMost: 0 });
  });
});

describe.skipIf(noTerminal !== '')(`a run in a terminal${noTerminal}`, () => {
  test('that is killed leaves no process behind', async () => {
    const run = shopping();
    await matching(run.shown, /[1-9]\d*\/s/u);
    run.kill();
    const { code, stdout, descendants } = await run.ended;
    expect({ code, stdout }).toEqual({ code: 137, stdout: '' });
    // contend and its store.
    expect(descendants.length).toBeGreaterThanOrEqual(2);
    await expectNothingLeft(descendants);
  });
});

describe('| head -1', () => {
  test.each([
    ['a long text', 'schema'],
    ['a report', 'run scenarios/online-store.yaml --modes locked -c 2 -n 4 --rounds 1 -q'],
  ])('ends %s quietly, after its first line', async (_, command) => {
    const args = ['-c', `"$0" "$1" ${command} | head -1`, process.execPath, built];
    const { code, stdout, stderr, durationMs } = await startProgram('sh', args).ended;
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toMatch(/^[^\n]+\n$/u);
    expect(durationMs).toBeLessThan(20_000);
  });
});
