// One of the threads of locks.mjs: its users take the lock that all threads share, add one to a number, and release the lock.
import { workerData } from 'node:worker_threads';
import { newUser } from '../../dist/src/measure/user.js';
import { sharedGuards } from '../../dist/src/measure/lock/shared/shared.js';

const { lock, excludes, locks, numbers, gate, index, threads, users, pairs } = workerData;
const clock = { now: () => Math.floor(performance.now() * 1000) };
const { signal } = new AbortController();
const spec = {
  name: lock.name,
  room: lock.room,
  ...(lock.keys > 0 && { key: (user) => String(user.index % lock.keys) }),
};
const guard = sharedGuards(locks, threads, { clock, timeoutUs: 60_000_000, signal })(spec);
// The sum that the lock guards, and then how long each thread took.
const sum = new Float64Array(numbers);
const arrived = new Int32Array(gate);

// All start together: the last one to arrive opens the gate.
if (Atomics.add(arrived, 0, 1) + 1 === threads) Atomics.notify(arrived, 0);
for (let seen = Atomics.load(arrived, 0); seen < threads; seen = Atomics.load(arrived, 0)) {
  Atomics.wait(arrived, 0, seen);
}

// Waiting for the lock does not keep a thread alive.
const alive = setInterval(() => undefined, 1000);
const live = async (user) => {
  for (let pair = 0; pair < pairs; pair++) {
    const hold = await guard.acquire(user, 'exclusive');
    // Read before others run and written after: without a lock much of it would be lost.
    const seen = sum[0];
    await Promise.resolve();
    if (excludes) sum[0] = seen + 1;
    void hold.release();
  }
};
const fromMs = performance.now();
await Promise.all(Array.from({ length: users }, (_, at) => live(newUser(at, 0))));
sum[1 + index] = performance.now() - fromMs;
clearInterval(alive);
