import { Worker } from 'node:worker_threads';
import { expect } from 'vitest';

/** Asserts that 64 users over two threads lose none of so many read-modify-writes under a lease in that Redis, and that neither thread is kept out. */
export const expectNoneLost = async (url: string, pairs: number): Promise<void> => {
  const threads = 2;
  const data = new SharedArrayBuffer(2 * Int32Array.BYTES_PER_ELEMENT);
  const workerData = { data, url, threads, users: 64 / threads, pairs };
  const entry = new URL('./redis-lock-thread.mjs', import.meta.url);
  const workers = Array.from({ length: threads }, () => new Worker(entry, { workerData }));
  const said = await Promise.all(
    workers.map(
      async (worker) =>
        new Promise<{ completed: number; lapsed: number; refused: number }>((resolve, reject) => {
          worker.on('message', resolve).on('error', reject);
        }),
    ),
  );
  expect(new Int32Array(data)[1]).toBe(pairs);
  expect(said.map(({ lapsed, refused }) => lapsed + refused)).toEqual([0, 0]);
  expect(said.reduce((sum, { completed }) => sum + completed, 0)).toBe(pairs);
  expect(Math.min(...said.map(({ completed }) => completed))).toBeGreaterThan(pairs / 10);
};
