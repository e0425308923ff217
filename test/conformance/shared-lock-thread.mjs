// One of the threads of shared-lock.test.ts: users of a lock of the built package, each again and again until it is over.
import { setImmediate } from 'node:timers/promises';
import { parentPort, workerData } from 'node:worker_threads';
import { micros } from '../../dist/src/core/units.js';
import { newUser } from '../../dist/src/measure/iteration/user.js';
import { sharedGuards } from '../../dist/src/measure/lock/shared.js';

const { lock, data, thread, threads, users, sectionUs, pairs } = workerData;
const clock = { now: () => micros(performance.now() * 1000) };
const how = { clock, timeoutUs: micros(60_000_000), signal: new AbortController().signal };
const guard = sharedGuards(lock, threads, how)('mutex');
const words = new Int32Array(data);
/** Threads that are there, pairs so far, and whose each pair was: plain words, which only the lock protects. */
const place = { there: 0, pairs: 1, owners: 2 };
const completed = Array.from({ length: users }, () => 0);

const live = async (user) => {
  for (;;) {
    const hold = await guard.acquire(user);
    const pair = words[place.pairs];
    if (pair < pairs) {
      if (sectionUs > 0) for (const untilUs = clock.now() + sectionUs; clock.now() < untilUs;) await setImmediate();
      words[place.owners + pair] = thread;
      words[place.pairs] = pair + 1;
      completed[user.index]++;
    }
    hold.release();
    if (pair >= pairs) return;
  }
};

// Waiting for a lock holds no thread.
parentPort.on('message', () => undefined);
Atomics.add(words, place.there, 1);
while (Atomics.load(words, place.there) < threads) await setImmediate();
const startedUs = clock.now();
await Promise.all(Array.from({ length: users }, async (_, index) => live(newUser(index, 0))));
parentPort.postMessage({ completed, tookUs: clock.now() - startedUs });
