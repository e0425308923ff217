import { once } from 'node:events';
import { Live } from '../../src/core/recording/live.ts';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Worker } from 'node:worker_threads';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { Choice } from '../../src/core/json.ts';
import type { Mode, Variable } from '../../src/core/plan/plan.ts';
import { TablePacker, type Table } from '../../src/core/table.ts';
import { microsFromMs } from '../../src/core/units.ts';
import { ownEpochNs as epochNs } from '../../src/host.ts';
import { BrokenSlot } from '../../src/measure/runner/slot.ts';
import { judgedIn } from '../measure/histories.ts';
import { localEndpoint, rangeOf, requestStep, storeMode } from '../measure/mode.ts';
import {
  clock,
  expectGivenUp,
  expectIdentities,
  expectOthersKept,
  files,
  forAMinute,
  ofThread,
  poolOf,
  ThreadsRig,
  withLoad,
} from './threads-rig.ts';

const rig = new ThreadsRig();
const measure = rig.measure.bind(rig);

describe('a slot over several threads', () => {
  test('of 10 iterations over 3 workers has 10, and the server counts every request of it', async () => {
    const mode = withLoad({ users: 3, stop: { kind: 'iterations', iterations: 10 }, warmupUs: microsFromMs(0) });
    const slot = await measure({ ...mode, workers: 3 });
    expect(slot.recording.iterations).toMatchObject({ begun: 10, completed: 10 });
    expect(slot.workers).toBe(3);
    expectIdentities(rig, slot);
  });

  test.each([1, 2, 3, 7])('keeps the identities over %d workers, and every one is at work', async (workers) => {
    const live = new Live(Live.memoryFor(workers));
    const mode = withLoad({ users: 15, stop: { kind: 'duration', durationUs: microsFromMs(500) } });
    const slot = await measure({ ...mode, workers, lock: { name: 'none', options: {} } }, { live });
    expectIdentities(rig, slot);
    const { window, completedByUser, iterations, generator } = slot.recording;
    expect(iterations.failed).toBe(0);
    expect(completedByUser).toHaveLength(15);
    for (let thread = 0; thread < workers; thread++) expect(ofThread(slot, thread)).toBeGreaterThan(0);
    // Every thread's window is the same one.
    expect(window.toUs - window.fromUs).toBe(500_000);
    expect(live.completed).toBeGreaterThanOrEqual(iterations.completed);
    expect(generator.wallUs).toBeGreaterThan(workers * 100_000);
    expect(generator.cpuUs).toBeGreaterThan(0);
  });

  test.each([1, 3])(
    'has users that are added and taken by hand over %d workers, each logged in once',
    async (workers) => {
      const live = new Live(Live.memoryFor(workers));
      const users = 6;
      const mode = withLoad({ users, mostUsers: 24, stop: { kind: 'duration', durationUs: microsFromMs(900) } });
      const login = [requestStep({ name: 'enter', path: '/products/1' })];
      setTimeout(() => (live.users = 15), 350);
      setTimeout(() => (live.users = 3), 700);
      const slot = await measure({ ...mode, workers, login, lock: { name: 'none', options: {} } }, { live });
      const { completedByUser, unmeasured, iterations } = slot.recording;
      expectIdentities(rig, slot);
      expect(completedByUser).toHaveLength(15);
      // And who reads the values around the slot.
      expect(unmeasured.login).toBe(15 + 1);
      expect(iterations.failed).toBe(0);
    },
  );

  test('has the users that were planned where nobody adds any, and nobody else logs in', async () => {
    const mode = withLoad({ users: 6, mostUsers: 60, stop: { kind: 'duration', durationUs: microsFromMs(200) } });
    const login = [requestStep({ name: 'enter', path: '/products/1' })];
    const slot = await measure({ ...mode, workers: 2, login, lock: { name: 'none', options: {} } });
    expect(slot.recording.completedByUser).toHaveLength(6);
    expect(slot.recording.unmeasured.login).toBe(6 + 1);
    expectIdentities(rig, slot);
  });

  test.each([1, 2, 3, 7])('has the rate of an open load over %d workers, as the server counts it', async (workers) => {
    const closed = storeMode({ workers, lock: { name: 'none', options: {} }, pacing: 'relaxed' });
    const { drainUs, warmupUs } = closed.load;
    const slot = await measure({
      ...closed,
      load: {
        kind: 'open',
        users: 70,
        stop: { kind: 'duration', durationUs: microsFromMs(250) },
        warmupUs,
        drainUs,
        arrival: { name: 'even', options: {} },
        ratePerSecond: 500,
        stages: [],
        queue: null,
      },
    });
    expectIdentities(rig, slot);
    expect(slot.recording.iterations.scheduled).toBe(125);
  });

  test('is cut short by an interruption, and nothing is lost from the counts', async () => {
    const interrupt = new AbortController();
    const mode = withLoad({ stop: { kind: 'duration', durationUs: microsFromMs(60_000) } }, { workers: 2 });
    const measuring = measure(
      { ...mode, load: { ...mode.load, warmupUs: microsFromMs(0) } },
      { signal: interrupt.signal },
    );
    await vi.waitFor(() => expect(rig.requests()).toBeGreaterThan(300), { timeout: 20_000, interval: 20 });
    interrupt.abort('SIGINT');
    const slot = await measuring;
    expectIdentities(rig, slot);
    expect(slot.recording.window.toUs - slot.recording.window.fromUs).toBeLessThan(5_000_000);
    expect(slot.recording.window.completed).toBeGreaterThan(0);
    expect((await judgedIn(slot, files))[0]!.verdict).toBe('consistent');
  });
});

describe('the same seed', () => {
  let server: Server;
  let paths: string[];
  beforeEach(async () => {
    paths = [];
    server = createServer((request, response) => {
      paths.push(request.url!);
      response.end('{}');
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
  });
  afterEach(() => {
    server.close();
    server.closeAllConnections();
  });

  const table = (): Table => {
    const packer = new TablePacker();
    for (let row = 0; row < 40; row++) packer.add(JSON.stringify([`${row}`, `n${row}`]));
    return packer.table({
      columns: [
        { name: 'id', type: 'number' },
        { name: 'name', type: 'text' },
      ],
    });
  };

  /** What 100 iterations send, a variable's value as their path. */
  const pathsOf = async (variable: Variable, path: string, workers: number, round = 0): Promise<readonly string[]> => {
    const { port } = server.address() as AddressInfo;
    const mode = withLoad(
      { users: 6, stop: { kind: 'iterations', iterations: 100 }, warmupUs: microsFromMs(0) },
      {
        before: [],
        reads: [],
        observe: [],
        lock: { name: 'none', options: {} },
        data: { x: variable },
        steps: [{ kind: 'critical', steps: [requestStep({ name: 'read', path })] }],
      },
    );
    paths = [];
    const rounds = round === 0 ? 1 : 2;
    const stop = { kind: 'iterations', iterations: 100 * rounds } as const;
    await measure(
      { ...mode, workers, load: { ...mode.load, stop } },
      { endpoint: localEndpoint(`http://127.0.0.1:${port}`), tables: { rows: table() }, round, rounds },
    );
    return paths.toSorted();
  };

  const moments = { fromMs: 0, toMs: 1e12, as: 'milliseconds' };
  const lengths = { from: 1, to: 3 };
  const ofFile = (pick: Choice): Variable => ({ name: 'file', options: { file: 'x.csv', table: 'rows' }, pick });
  test.each<[name: string, variable: Variable, path?: string]>([
    ['range', rangeOf(1, 1000)],
    ['range, zipf', rangeOf(1, 1000, { name: 'zipf', options: 0.5 })],
    ['range, hotset', rangeOf(1, 1000, { name: 'hotset', options: { share: 0.1, hits: 0.5 } })],
    ['range, shuffled', rangeOf(1, 70, { name: 'shuffled', options: {} })],
    ['list, sequential', { name: 'list', options: [1, 2, 3], pick: { name: 'sequential', options: {} } }],
    ['file, shuffled', ofFile({ name: 'shuffled', options: {} }), '/${x.id}/${x.name}'],
    ['uuid', { name: 'uuid', options: {} }],
    ['words', { name: 'words', options: lengths }],
    ['text', { name: 'text', options: lengths }],
    ['timestamp', { name: 'timestamp', options: moments }],
  ])('sends the same requests over 1, 2 and 3 workers: %s', async (_name, variable, path = '/${x}') => {
    const [one, two, three] = [
      await pathsOf(variable, path, 1),
      await pathsOf(variable, path, 2),
      await pathsOf(variable, path, 3),
    ];
    expect(one).toHaveLength(100);
    expect(new Set(one).size).toBeGreaterThan(2);
    expect(two).toEqual(one);
    expect(three).toEqual(one);
  });

  test('never sends a unique item twice, over 3 workers and 2 rounds', async () => {
    const options = { mode: 0, modes: 1, rounds: 2, iterations: 100, warmup: 0 };
    const variable = rangeOf(1, 200, { name: 'unique', options });
    const all = [...(await pathsOf(variable, '/${x}', 3, 0)), ...(await pathsOf(variable, '/${x}', 3, 1))];
    expect(new Set(all).size).toBe(200);
    expect(all).toHaveLength(200);
  });

  test('an iteration for which no unique item is left sends nothing, and fails', async () => {
    const options = { mode: 0, modes: 1, rounds: 1, iterations: null, warmup: 0 };
    const sent = await pathsOf(rangeOf(1, 30, { name: 'unique', options }), '/${x}', 3);
    expect(sent).toHaveLength(30);
    expect(new Set(sent).size).toBe(30);
  });
});

describe('a lock of the scenario', () => {
  const contended = withLoad(
    { users: 12, stop: { kind: 'iterations', iterations: 600 }, warmupUs: microsFromMs(0) },
    { data: { product: rangeOf(1, 2) } },
  );
  const locks = [
    { name: 'mutex', options: {} },
    { name: 'request-response', options: { nested: false } },
    { name: 'request-response', options: { nested: true } },
    { name: 'keyed', options: { key: '${product}' } },
    { name: 'read-write', options: {} },
    { name: 'read-write', options: { key: '${product}' } },
    { name: 'semaphore', options: { permits: 1 } },
  ];

  test.each(locks.flatMap((lock) => [2, 3].map((workers) => ({ lock, workers }))))(
    'loses no update: $lock.name $lock.options over $workers workers',
    async ({ lock, workers }) => {
      const slot = await measure({ ...contended, lock, workers });
      expectIdentities(rig, slot);
      const { lost, verdict } = (await judgedIn(slot, files))[0]!;
      expect([lost!.atLeast, lost!.atMost, verdict]).toEqual([0, 0, 'consistent']);
      expect(slot.recording.iterations.failed).toBe(0);
      // All threads had it, and waited for it.
      for (let thread = 0; thread < workers; thread++) expect(ofThread(slot, thread)).toBeGreaterThan(0);
      const longest = Object.values(slot.recording.locks).map(({ longestQueue }) => longestQueue);
      expect(Math.max(...longest)).toBeGreaterThan(12 / workers);
    },
  );

  test('is what keeps them: without one some are lost', async () => {
    const slot = await measure({ ...contended, lock: { name: 'none', options: {} }, workers: 2 });
    const { lost } = (await judgedIn(slot, files))[0]!;
    expect(lost!.atLeast).toBeGreaterThan(0);
  });
});

describe('a worker that is lost', () => {
  // Other deaths, which all start threads of their own: threads.long.test.ts.
  test('exit 13, inside a lock, of 3: the others are stopped, and what they measured is kept', async () =>
    expectOthersKept(
      rig,
      'exit 13, inside',
      3,
      'worker 2 of 3 ended with code 13: its share of the users and iterations, every 3rd',
    ));

  test('before it was ready leaves nobody waiting', async () => expectGivenUp(rig));

  test('by a bug in what it runs is told with the message and where it was thrown, every one of them', async () => {
    const broken: Mode = { ...forAMinute('broken', 3), lock: { name: 'mutex', options: {} }, steps: [null as never] };
    const error: unknown = await measure(broken).catch((reason: unknown) => reason);
    expect(error).toMatchObject({ code: 'ERR_WORKER_LOST' });
    expect(error).not.toBeInstanceOf(BrokenSlot);
    expect((error as Error).message).toMatch(
      /^worker 1 of 3 failed: .+ \(at .+\): its share .+; worker 2 of 3 .+; worker 3 of 3 /u,
    );
  });

  test('by a bug is the last of its job only: the next job is run', async () => {
    const slot = await measure(withLoad({ users: 3 }, { workers: 3 }));
    expect(slot.recording.iterations.completed).toBeGreaterThan(0);
    expectIdentities(rig, slot);
  });

  test('by a module that cannot be loaded is reported as that', async () => {
    await using absent = poolOf(new URL('./no-such-worker.mjs', import.meta.url));
    await expect(measure(forAMinute('absent', 2), { carry: absent.carry })).rejects.toThrow(
      /worker 1 of 2 failed: Cannot find module/u,
    );
  });
});

test('the clock of a thread is the clock of the run, to a few µs', async () => {
  const epoch = epochNs();
  const worker = new Worker(new URL('./clock-thread.mjs', import.meta.url), { workerData: { epochNs: epoch } });
  const [there] = (await once(worker, 'message')) as [{ beforeNs: bigint; nowUs: number; afterNs: bigint }[]];
  const here = Array.from({ length: 1000 }, () => {
    const beforeNs = process.hrtime.bigint();
    return { beforeNs, nowUs: clock.now(), afterNs: process.hrtime.bigint() };
  });
  // Where nothing came between the readings, the clock lies between them.
  const offUs = (readings: typeof there): number => {
    const [closest] = readings.toSorted((a, b) => Number(a.afterNs - a.beforeNs - (b.afterNs - b.beforeNs)));
    return closest!.nowUs - Number((closest!.beforeNs + closest!.afterNs) / 2n - epoch) / 1000;
  };
  expect(Math.abs(offUs(there))).toBeLessThan(5);
  expect(Math.abs(offUs(here))).toBeLessThan(5);
  expect(Math.abs(offUs(there) - offUs(here))).toBeLessThan(5);
});
