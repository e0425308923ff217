import { Worker } from 'node:worker_threads';
import { afterAll, describe, expect, test } from 'vitest';
import type { Choice } from '../../src/core/json.ts';
import { guardsIn } from '../../src/measure/lock/index.ts';
import { lockMemory } from '../../src/measure/lock/shared/shared.ts';

interface Said {
  readonly completed: number;
  /** Of those, the ones that did not only read. */
  readonly written: number;
  readonly failed: number;
  readonly interrupted: number;
  /** Completed, by user. */
  readonly users: readonly number[];
}

interface Seen {
  readonly said: readonly Said[];
  /** What the threads counted together, without any protection but the lock. */
  readonly counted: number;
  readonly mostInside: number;
  /** How often a reader saw a change while it was inside. */
  readonly torn: number;
  /** Whose thread's each writing was, in order. */
  readonly owners: readonly number[];
}

interface Contending {
  readonly lock: Choice;
  readonly threads: number;
  readonly pairs: number;
  readonly keys?: number;
  /** Of a hundred. */
  readonly readers?: number;
  readonly users?: number;
  readonly holdUs?: number;
  readonly timeoutUs?: number;
  /** The first thread's slot is over after 200 of its own. */
  readonly firstLeaves?: boolean;
}

/** Threads of the built package, 64 users in all, who want a lock all the time. */
const contend = async ({
  lock,
  threads,
  pairs,
  keys = 1,
  readers = 0,
  firstLeaves,
  ...more
}: Contending): Promise<Seen> => {
  const memory = threads === 1 ? undefined : lockMemory(guardsIn(lock), threads);
  const places = { there: 0, begun: 1, inside: 2, mostInside: 3, torn: 4, owned: 5, sums: 6, owners: 6 + keys };
  const data = new SharedArrayBuffer((places.owners + pairs) * Int32Array.BYTES_PER_ELEMENT);
  const options = { users: 64 / threads, holdUs: 0, timeoutUs: 60_000_000, ...more };
  const shared = { ...options, lock, memory, data, places, threads, pairs, keys, readers };
  const said = Array.from({ length: threads }, async (_, thread) =>
    asked(thread, { ...shared, thread, leaves: thread === 0 && firstLeaves === true }),
  );
  const words = new Int32Array(data);
  return {
    said: await Promise.all(said),
    counted: total([...words.subarray(places.sums, places.owners)]),
    mostInside: words[places.mostInside]!,
    torn: words[places.torn]!,
    owners: [...words.subarray(places.owners, places.owners + words[places.owned]!)],
  };
};

/** Started once for all tests: a thread takes longer to start than to contend. */
const workers: Worker[] = [];
afterAll(async () => {
  await Promise.all(workers.splice(0).map(async (worker) => worker.terminate()));
});

/** What a thread says of what it is told; only one is told at a time. */
const asked = async (thread: number, contending: object): Promise<Said> => {
  const worker = (workers[thread] ??= new Worker(new URL('./shared-lock-thread.mjs', import.meta.url)));
  return new Promise<Said>((resolve, reject) => {
    worker.removeAllListeners().on('message', resolve).on('error', reject).on('exit', reject);
    worker.postMessage(contending);
  });
};

const total = (counts: readonly number[]): number => counts.reduce((sum, count) => sum + count, 0);

/** How many others had it at most between two turns of a thread, in all of which its own users waited. */
const mostPassed = (owners: readonly number[], thread: number): number => {
  const turns = owners.flatMap((owner, at) => (owner === thread ? [at] : []));
  return Math.max(...turns.slice(1).map((at, before) => at - turns[before]! - 1));
};

const jainIndex = (counts: readonly number[]): number => {
  const sum = total(counts);
  return sum ** 2 / (counts.length * total(counts.map((count) => count ** 2)));
};

const excluding: readonly Choice[] = [
  { name: 'mutex', options: {} },
  { name: 'request-response', options: { nested: false } },
  { name: 'request-response', options: { nested: true } },
  { name: 'keyed', options: { key: '${product}' } },
  { name: 'read-write', options: {} },
  { name: 'semaphore', options: { permits: 1 } },
];

/**
 * As `contend`, again where the users did not share it fairly, ten times at most: a machine that runs one of the threads and
 * not the others is unfair to their users whatever the lock does, but not every time.
 */
const contendFairly = async (options: Parameters<typeof contend>[0]): ReturnType<typeof contend> => {
  for (let tries = 1; ; tries++) {
    const seen = await contend(options);
    if (tries === 10 || jainIndex(seen.said.flatMap(({ users }) => users)) > 0.9) return seen;
  }
};

/** The tests of every lock over threads, that many read-modify-writes each. */
export const sharedLocks = (pairs: number): void => {
  describe.each([1, 2, 4])('64 users in %d threads', (threads) => {
    test.each(excluding)(
      `lose none of ${pairs} read-modify-writes under $name $options, and share it fairly`,
      async (lock) => {
        const { counted, said, mostInside, owners } = await contendFairly({ lock, threads, pairs });
        expect(counted).toBe(pairs);
        expect(total(said.map(({ completed }) => completed))).toBe(pairs);
        expect(mostInside).toBe(1);
        expect(jainIndex(said.flatMap(({ users }) => users))).toBeGreaterThan(0.9);
        for (let thread = 0; thread < threads; thread++) expect(mostPassed(owners, thread)).toBeLessThanOrEqual(16);
      },
    );

    test('lose many without a lock', async () => {
      const { counted, mostInside } = await contend({ lock: { name: 'none', options: {} }, threads, pairs });
      expect(counted).toBeLessThan(0.8 * pairs);
      expect(mostInside).toBeGreaterThan(4);
    });

    test('lose none with keys of their own, and hold several at once', async () => {
      const lock = { name: 'keyed', options: { key: '${product}' } };
      const { counted, said, mostInside } = await contendFairly({ lock, threads, pairs, keys: 8 });
      expect(counted).toBe(pairs);
      expect(mostInside).toBeGreaterThan(1);
      expect(mostInside).toBeLessThanOrEqual(8);
      expect(jainIndex(said.flatMap(({ users }) => users))).toBeGreaterThan(0.9);
    });

    test.each([{}, { key: '${product}' }])('read together and write alone under read-write %o', async (options) => {
      const lock = { name: 'read-write', options };
      const { counted, said, mostInside, torn } = await contendFairly({ lock, threads, pairs, keys: 2, readers: 90 });
      expect(torn).toBe(0);
      expect(counted).toBe(total(said.map(({ written }) => written)));
      expect(counted).toBe(pairs / 10);
      expect(mostInside).toBeGreaterThan(4);
      expect(jainIndex(said.flatMap(({ users }) => users))).toBeGreaterThan(0.9);
    });

    test('are never more than 5 inside a semaphore of 5, and as many', async () => {
      const lock = { name: 'semaphore', options: { permits: 5 } };
      const { said, mostInside } = await contendFairly({ lock, threads, pairs });
      expect(mostInside).toBe(5);
      expect(total(said.map(({ completed }) => completed))).toBe(pairs);
      expect(jainIndex(said.flatMap(({ users }) => users))).toBeGreaterThan(0.9);
    });
  });
};

/** The tests of what becomes of the others where one leaves, or waits too long. */
export const sharedLocksLeft = (): void => {
  describe.each([
    ...excluding.filter(({ name }) => name !== 'request-response'),
    { name: 'semaphore', options: { permits: 5 } },
    { name: 'read-write', options: { key: '${product}' } },
  ])('$name $options', (lock) => {
    test('goes on among the others when one thread’s slot is over', async () => {
      const { said } = await contend({ lock, threads: 3, users: 20, pairs: 8000, firstLeaves: true, keys: 2 });
      const [first, ...others] = said;
      expect(first!.interrupted).toBeGreaterThan(0);
      for (const { interrupted, failed } of others) expect([interrupted, failed]).toEqual([0, 0]);
      expect(total(said.map(({ completed, interrupted }) => completed + interrupted))).toBe(8000);
    });
  });

  test.each([
    ...excluding.filter(({ name }) => name !== 'request-response'),
    { name: 'read-write', options: { key: '${product}' } },
  ])('none is lost where many wait too long in two threads for $name $options', async (lock) => {
    const { counted, said } = await contend({ lock, threads: 2, pairs: 400, holdUs: 1000, timeoutUs: 30_000 });
    const completed = total(said.map((one) => one.completed));
    expect(counted).toBe(completed);
    expect(completed).toBeGreaterThan(0);
    expect(completed + total(said.map(({ failed }) => failed))).toBe(400);
    expect(completed).toBeLessThan(400);
  });
};
