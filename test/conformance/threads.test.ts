import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Worker } from 'node:worker_threads';
import { afterAll, afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Mode } from '../../src/core/plan.ts';
import type { Slot } from '../../src/core/slot.ts';
import { micros, microsFromMs } from '../../src/core/units.ts';
import { ownEpochNs as epochNs, threadCpuUs as cpuUs } from '../../src/host.ts';
import { judgeCounter } from '../../src/judge/consistency/counter.ts';
import { BrokenSlot, measureSlot, type SlotOptions } from '../../src/measure/runner/slot.ts';
import { ThreadPool } from '../../src/measure/runner/threads/pool.ts';
import { MemoryStore } from '../../src/store/memory.ts';
import { listen, type StoreServer } from '../../src/store/server.ts';
import { localEndpoint, requestStep, storeMode } from '../measure/mode.ts';

const clock = { now: () => micros(performance.now() * 1000) };
const built = new URL('../../dist/src/measure/runner/threads/worker.js', import.meta.url);
const mortal = new URL('./mortal-worker.mjs', import.meta.url);

const pool = new ThreadPool({ epochNs, entry: built });
afterAll(async () => pool[Symbol.asyncDispose]());

let store: StoreServer;
beforeEach(async () => {
  store = await listen(new MemoryStore({ serviceUs: 0 }), { port: 0, cpuUs: () => 0, nowMs: () => 0 });
});
afterEach(async () => store.close());

const measure = async (mode: Mode, options: Partial<SlotOptions> = {}): Promise<Slot> => {
  const slot = await measureSlot({
    mode,
    endpoint: localEndpoint(store.origin),
    cores: 2,
    seed: 42,
    round: 0,
    rounds: 1,
    position: 0,
    clock,
    signal: new AbortController().signal,
    live: { completed: 0 },
    cpuUs,
    wallClockMs: () => Date.now(),
    carry: pool.carry,
    ...options,
  });
  if (slot === undefined) throw new Error('interrupted before its load');
  return slot;
};

const withLoad = (load: Partial<Mode['load'] & { readonly kind: 'closed' }>, mode: Partial<Mode> = {}): Mode => {
  const base = storeMode(mode);
  return { ...base, load: { ...base.load, ...load } as Mode['load'] };
};

const sum = (counts: readonly number[]): number => counts.reduce((all, count) => all + count, 0);

/** How many iterations were completed by the users that a thread has. */
const ofThread = ({ recording: { completedByUser }, workers }: Slot, thread: number): number =>
  sum(completedByUser.filter((_, user) => user % workers === thread));

/** Requests of a recording, measured and not. */
const requestsIn = ({ recording: { steps, unmeasured } }: Slot): number =>
  sum([
    ...Object.values(steps).flatMap(({ byStatus, byError }) => [...Object.values(byStatus), ...Object.values(byError)]),
    ...Object.values<number>({ ...unmeasured }),
  ]);

const expectIdentities = (slot: Slot): void => {
  const { iterations, completedByUser, failures } = slot.recording;
  expect(iterations.scheduled).toBe(iterations.begun + iterations.dropped);
  expect(iterations.begun).toBe(iterations.completed + iterations.failed + iterations.interrupted);
  expect(sum(completedByUser)).toBe(iterations.completed);
  expect(sum(Object.values(failures).map(({ count }) => count))).toBe(iterations.failed);
  expect(requestsIn(slot)).toBe(store.requests());
};

describe('a slot over several threads', () => {
  test('of 10 iterations over 3 workers has 10, and the server counts every request of it', async () => {
    const mode = withLoad({ users: 3, stop: { kind: 'iterations', iterations: 10 }, warmupUs: microsFromMs(0) });
    const slot = await measure({ ...mode, workers: 3 });
    expect(slot.recording.iterations).toMatchObject({ begun: 10, completed: 10 });
    expect(slot.workers).toBe(3);
    expectIdentities(slot);
  });

  test.each([1, 2, 3, 7])('keeps the identities over %d workers, and every one is at work', async (workers) => {
    const live = { completed: 0 };
    const mode = withLoad({ users: 15, stop: { kind: 'duration', durationUs: microsFromMs(500) } });
    const slot = await measure({ ...mode, workers, lock: { name: 'none', options: {} } }, { live });
    expectIdentities(slot);
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

  test.each([1, 2, 3, 7])('has the rate of an open load over %d workers, as the server counts it', async (workers) => {
    const closed = storeMode({ workers, lock: { name: 'none', options: {} }, pacing: 'relaxed' });
    const { drainUs, warmupUs } = closed.load;
    const slot = await measure({
      ...closed,
      load: {
        kind: 'open',
        users: 70,
        stop: { kind: 'duration', durationUs: microsFromMs(500) },
        warmupUs,
        drainUs,
        arrival: { name: 'even', options: {} },
        ratePerSecond: 500,
        stages: [],
        queue: null,
      },
    });
    expectIdentities(slot);
    expect(slot.recording.iterations.scheduled).toBe(250);
  });

  test('is cut short by an interruption, and nothing is lost from the counts', async () => {
    const interrupt = new AbortController();
    const mode = withLoad({ stop: { kind: 'duration', durationUs: microsFromMs(60_000) } }, { workers: 2 });
    setTimeout(() => interrupt.abort('SIGINT'), 400);
    const slot = await measure(mode, { signal: interrupt.signal });
    expectIdentities(slot);
    expect(slot.recording.window.toUs - slot.recording.window.fromUs).toBeLessThan(5_000_000);
    expect(slot.recording.window.completed).toBeGreaterThan(0);
    expect(judgeCounter([slot]).consistency.verdict).toBe('no-violation-found');
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

  test('sends the same requests over 1, 2 and 3 workers', async () => {
    const { port } = server.address() as AddressInfo;
    const mode = withLoad(
      { users: 6, stop: { kind: 'iterations', iterations: 100 }, warmupUs: microsFromMs(0) },
      {
        before: [],
        reads: [],
        observe: [],
        data: { product: { from: 1, to: 1000, pick: { name: 'uniform', options: {} } } },
        steps: [{ kind: 'critical', steps: [requestStep({ name: 'read', path: '/${product}' })] }],
      },
    );
    const sent: string[][] = [];
    for (const workers of [1, 2, 3]) {
      paths = [];
      await measure({ ...mode, workers }, { endpoint: localEndpoint(`http://127.0.0.1:${port}`) });
      sent.push(paths.toSorted());
    }
    expect(sent[0]).toHaveLength(100);
    expect(new Set(sent[0]).size).toBeGreaterThan(50);
    expect(sent[1]).toEqual(sent[0]);
    expect(sent[2]).toEqual(sent[0]);
  });
});

describe('a lock of the scenario', () => {
  const contended = withLoad(
    { users: 12, stop: { kind: 'duration', durationUs: microsFromMs(400) } },
    { data: { product: { from: 1, to: 2, pick: { name: 'uniform', options: {} } } } },
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
      expectIdentities(slot);
      const { lost, consistency } = judgeCounter([slot]);
      expect([lost.atLeast, lost.atMost, consistency.verdict]).toEqual([0, 0, 'no-violation-found']);
      expect(slot.recording.iterations.failed).toBe(0);
      // All threads had it, and waited for it.
      for (let thread = 0; thread < workers; thread++) expect(ofThread(slot, thread)).toBeGreaterThan(0);
      const longest = Object.values(slot.recording.locks).map(({ longestQueue }) => longestQueue);
      expect(Math.max(...longest)).toBeGreaterThan(12 / workers);
    },
  );

  test('is what keeps them: without one some are lost', async () => {
    const { lost } = judgeCounter([await measure({ ...contended, lock: { name: 'none', options: {} }, workers: 2 })]);
    expect(lost.atLeast).toBeGreaterThan(0);
  });
});

describe('a worker that is lost', () => {
  const long = (name: string, workers: number): Mode =>
    withLoad({ users: 9, stop: { kind: 'duration', durationUs: microsFromMs(60_000) } }, { name, workers });

  test.each([
    [
      'exit 0, later',
      3,
      'worker 2 of 3 ended with code 0: its share of the users and iterations, every 3rd from number 1',
    ],
    ['exit 13, later', 2, 'worker 2 of 2 ended with code 13: its share of the users and iterations, every 2nd from'],
    ['exit 13, inside', 3, 'worker 2 of 3 ended with code 13: its share of the users and iterations, every 3rd'],
    ['throw, later', 2, 'worker 2 of 2 failed: nobody catches this: its share of the users and iterations'],
  ])('%s, of %d: the others are stopped, and what they measured is kept', async (name, workers, message) => {
    await using dying = new ThreadPool({ epochNs, entry: mortal });
    const startedMs = performance.now();
    const error: unknown = await measure(long(name, workers), { carry: dying.carry }).catch(
      (reason: unknown) => reason,
    );
    expect(performance.now() - startedMs).toBeLessThan(20_000);
    expect(error).toBeInstanceOf(BrokenSlot);
    const { slot, code, message: told } = error as BrokenSlot;
    expect(code).toBe('ERR_WORKER_LOST');
    expect(told).toContain(message);
    const { iterations } = slot.recording;
    expect(iterations.completed).toBeGreaterThan(0);
    expect(iterations.begun).toBe(iterations.completed + iterations.failed + iterations.interrupted);
    expect(ofThread(slot, 1)).toBe(0);
    // What the lost one has written is in nobody's account: no verdict on the data stands on it.
    expect(judgeCounter([slot]).consistency.verdict).toBe('unknown');
    // A pool that has lost one measures nothing more.
    await expect(measure(long(name, workers), { carry: dying.carry })).rejects.toThrow(message);
  });

  test('before it was ready leaves nobody waiting', async () => {
    await using dying = new ThreadPool({ epochNs, entry: mortal });
    const measuring = measure(long('exit 13, at once', 2), { carry: dying.carry });
    await expect(measuring).rejects.toMatchObject({ code: 'ERR_WORKER_LOST' });
  });

  test('by a bug in what it runs is told with the message and where it was thrown, every one of them', async () => {
    const broken: Mode = { ...long('broken', 3), lock: { name: 'mutex', options: {} }, steps: [null as never] };
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
    expectIdentities(slot);
  });

  test('by a module that cannot be loaded is told as such', async () => {
    await using absent = new ThreadPool({ epochNs, entry: new URL('./no-such-worker.mjs', import.meta.url) });
    await expect(measure(long('absent', 2), { carry: absent.carry })).rejects.toThrow(
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
