import { Worker } from 'node:worker_threads';
import { describe, expect, test } from 'vitest';
import { lockMemory } from '../../src/measure/lock/shared.ts';

interface Said {
  /** By user. */
  readonly completed: readonly number[];
  readonly tookUs: number;
}

interface Seen {
  readonly counted: number;
  readonly said: readonly Said[];
  /** Whose thread's each pair of acquire and release was, in order. */
  readonly owners: readonly number[];
}

/** Threads of the built package, all of whose users want one lock all the time. */
const contend = async (options: {
  readonly threads: number;
  readonly users: number;
  readonly pairs: number;
  readonly sectionUs: number;
}): Promise<Seen> => {
  const { threads, pairs } = options;
  const lock = lockMemory(1, threads);
  const data = new SharedArrayBuffer((2 + pairs) * Int32Array.BYTES_PER_ELEMENT);
  const entry = new URL('./shared-lock-thread.mjs', import.meta.url);
  const workers = Array.from(
    { length: threads },
    (_, thread) => new Worker(entry, { workerData: { ...options, lock, data, thread } }),
  );
  try {
    const said = workers.map(
      async (worker) =>
        new Promise<Said>((resolve, reject) => {
          worker.on('message', resolve).on('error', reject).on('exit', reject);
        }),
    );
    const words = new Int32Array(data);
    return { said: await Promise.all(said), counted: words[1]!, owners: [...words.subarray(2)] };
  } finally {
    await Promise.all(workers.map(async (worker) => worker.terminate()));
  }
};

/** How many others had it at most between two turns of a thread, in all of which its own users waited. */
const mostPassed = (owners: readonly number[], thread: number): number => {
  const turns = owners.flatMap((owner, at) => (owner === thread ? [at] : []));
  return Math.max(...turns.slice(1).map((at, before) => at - turns[before]! - 1));
};

const jainIndex = (counts: readonly number[]): number => {
  const sum = counts.reduce((all, count) => all + count, 0);
  return sum ** 2 / (counts.length * counts.reduce((all, count) => all + count ** 2, 0));
};

describe('a lock that real threads share', () => {
  test.each([2, 3])(
    'loses no increment over %d threads, and passes nobody over more than 16 times',
    async (threads) => {
      const pairs = 30_000;
      const { counted, said, owners } = await contend({ threads, users: 32, pairs, sectionUs: 0 });
      expect(counted).toBe(pairs);
      expect(said.flatMap(({ completed }) => completed).reduce((sum, count) => sum + count, 0)).toBe(pairs);
      for (let thread = 0; thread < threads; thread++) expect(mostPassed(owners, thread)).toBeLessThanOrEqual(16);
    },
  );

  test('is had by all users alike with a section of 1 ms', async () => {
    const { counted, said } = await contend({ threads: 2, users: 16, pairs: 1000, sectionUs: 1000 });
    expect(counted).toBe(1000);
    expect(jainIndex(said.flatMap(({ completed }) => completed))).toBeGreaterThan(0.9);
  });
});
