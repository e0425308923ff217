import { createReadStream, mkdtempSync, rmSync } from 'node:fs';
import { Live } from '../../src/core/recording/live.ts';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeEach, expect } from 'vitest';
import type { Mode } from '../../src/core/plan/plan.ts';
import type { Slot } from '../../src/core/slot.ts';
import { micros, microsFromMs } from '../../src/core/units.ts';
import { openFile, ownEpochNs as epochNs, threadCpuUs as cpuUs } from '../../src/host.ts';
import { BrokenSlot, measureSlot, type SlotOptions } from '../../src/measure/runner/slot.ts';
import { ThreadPool } from '../../src/measure/runner/threads/pool.ts';
import { MemoryStore } from '../../src/store/memory.ts';
import { listen, type StoreServer } from '../../src/store/server.ts';
import { judgedIn } from '../measure/histories.ts';
import { localEndpoint, storeMode } from '../measure/mode.ts';

const built = new URL('../../dist/src/measure/runner/threads/worker.js', import.meta.url);
const mortal = new URL('./mortal-worker.mjs', import.meta.url);

/** The clock of a run in this process. */
export const clock = { now: () => micros(performance.now() * 1000) };

/** Reads the histories of a slot. */
export const files = { readBytes: (path: string): AsyncIterable<Uint8Array> => createReadStream(path) };

/** Threads that run this module in place of the built package's worker. */
export const poolOf = (entry: URL): ThreadPool => new ThreadPool({ epochNs, entry });

/** A mode of the store with another load. */
export const withLoad = (load: Partial<Mode['load'] & { readonly kind: 'closed' }>, mode: Partial<Mode> = {}): Mode => {
  const base = storeMode(mode);
  return { ...base, load: { ...base.load, ...load } as Mode['load'] };
};

/** For a minute: longer than any test, with a share of the users for each worker. */
export const forAMinute = (name: string, workers: number): Mode =>
  withLoad(
    { users: 9, stop: { kind: 'duration', durationUs: microsFromMs(60_000) }, warmupUs: microsFromMs(0) },
    { name, workers },
  );

const sum = (counts: readonly number[]): number => counts.reduce((all, count) => all + count, 0);

/** How many iterations were completed by the users that a thread has. */
export const ofThread = ({ recording: { completedByUser }, workers }: Slot, thread: number): number =>
  sum(completedByUser.filter((_, user) => user % workers === thread));

/** Requests of a recording, measured and not. */
const requestsIn = ({ recording: { steps, unmeasured } }: Slot): number =>
  sum([
    ...Object.values(steps).flatMap(({ byStatus, byError }) => [...Object.values(byStatus), ...Object.values(byError)]),
    ...Object.values<number>({ ...unmeasured }),
  ]);

/** Threads of the built package for one file of tests, and a store for each test, that answers at once. */
export class ThreadsRig {
  readonly #pool = poolOf(built);
  readonly #historyFolder = mkdtempSync(join(tmpdir(), 'contend-test-'));
  #store!: StoreServer;

  constructor() {
    beforeEach(async () => {
      this.#store = await listen(new MemoryStore({ serviceUs: 0 }), { port: 0, cpuUs: () => 0, nowMs: () => 0 });
    });
    afterEach(async () => this.#store.close());
    afterAll(async () => {
      await this.#pool[Symbol.asyncDispose]();
      rmSync(this.#historyFolder, { recursive: true });
    });
  }

  /** How many the store has had in this test. */
  requests(): number {
    return this.#store.requests();
  }

  /** Measures one slot. */
  async measure(mode: Mode, options: Partial<SlotOptions> = {}): Promise<Slot> {
    const slot = await measureSlot({
      mode,
      endpoint: localEndpoint(this.#store.origin),
      cores: 2,
      seed: 42,
      round: 0,
      rounds: 1,
      position: 0,
      clock,
      signal: new AbortController().signal,
      live: new Live(Live.memoryFor(7)),
      cpuUs,
      wallClockMs: () => Date.now(),
      openFile,
      historyFolder: this.#historyFolder,
      tables: {},
      carry: this.#pool.carry,
      ...options,
    });
    if (slot === undefined) throw new Error('interrupted before its load');
    return slot;
  }
}

/** How a worker dies, as `mortal-worker.mjs` knows it, of how many, and what is said of it. */
export type Death = readonly [name: string, workers: number, message: string];

/** Asserts what holds for the counts of every slot, all requests of this test being its own. */
export const expectIdentities = (rig: ThreadsRig, slot: Slot): void => {
  const { iterations, completedByUser, failures } = slot.recording;
  expect(iterations.scheduled).toBe(iterations.begun + iterations.dropped);
  expect(iterations.begun).toBe(iterations.completed + iterations.failed + iterations.interrupted);
  expect(sum(completedByUser)).toBe(iterations.completed);
  expect(sum(Object.values(failures).map(({ count }) => count))).toBe(iterations.failed);
  expect(requestsIn(slot)).toBe(rig.requests());
};

/** Asserts what becomes of the others where the second of so many workers is lost, and which words it is told in. */
export const expectOthersKept = async (rig: ThreadsRig, ...[name, workers, message]: Death): Promise<void> => {
  await using dying = poolOf(mortal);
  const { carry } = dying;
  const error: unknown = await rig.measure(forAMinute(name, workers), { carry }).catch((reason: unknown) => reason);
  expect(error).toBeInstanceOf(BrokenSlot);
  const { slot, code, message: told } = error as BrokenSlot;
  expect(code).toBe('ERR_WORKER_LOST');
  expect(told).toContain(message);
  const { iterations, window } = slot.recording;
  // They were stopped: their time was a minute.
  expect(window.toUs - window.fromUs).toBeLessThan(30_000_000);
  expect(iterations.completed).toBeGreaterThan(0);
  expect(iterations.begun).toBe(iterations.completed + iterations.failed + iterations.interrupted);
  expect(ofThread(slot, 1)).toBe(0);
  // What the lost one has written is in nobody's account: no verdict on the data stands on it.
  expect((await judgedIn(slot, files))[0]!.verdict).toBe('unknown');
  // A pool that has lost one measures nothing more.
  await expect(rig.measure(forAMinute(name, workers), { carry })).rejects.toThrow(message);
};

/** Asserts that a slot is given up where its second worker is lost before it was ready. */
export const expectGivenUp = async (rig: ThreadsRig): Promise<void> => {
  await using dying = poolOf(mortal);
  const measuring = rig.measure(forAMinute('exit 13, at once', 2), { carry: dying.carry });
  await expect(measuring).rejects.toMatchObject({ code: 'ERR_WORKER_LOST' });
};
