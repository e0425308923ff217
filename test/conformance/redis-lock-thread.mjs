// One of the threads of redis-lock.test.ts: users of a lease of the built package, until there are enough pairs in all.
import { setImmediate } from 'node:timers/promises';
import { parentPort, workerData } from 'node:worker_threads';
import { micros } from '../../dist/src/core/units.js';
import { newUser } from '../../dist/src/measure/user.js';
import { redis } from '../../dist/src/measure/lock/redis/redis.js';

const { data, url, threads, users, pairs } = workerData;
const words = new Int32Array(data);
/** Threads that are there, and pairs so far: a plain word, which only the lease protects. */
const place = { there: 0, pairs: 1 };
const { section, open, close } = redis(
  { url, key: 'lease', ttlUs: micros(10_000_000), renew: true, retryUs: [2000, 50_000] },
  {
    clock: { now: () => micros(performance.now() * 1000) },
    timeoutUs: micros(60_000_000),
    signal: new AbortController().signal,
    text: (template) => () => template,
  },
);
const seen = { completed: 0, lapsed: 0, refused: 0 };

const live = async (user) => {
  for (;;) {
    const hold = await section.acquire(user, 'exclusive');
    if (hold.refused !== undefined) {
      seen.refused++;
      return;
    }
    const pair = words[place.pairs];
    if (pair < pairs) {
      await setImmediate();
      words[place.pairs] = pair + 1;
      seen.completed++;
    }
    if ((await hold.release()) === 'lapsed') seen.lapsed++;
    if (pair >= pairs) return;
  }
};

await open();
Atomics.add(words, place.there, 1);
while (Atomics.load(words, place.there) < threads) await setImmediate();
await Promise.all(Array.from({ length: users }, async (_, index) => live(newUser(index, 0))));
await close();
parentPort.postMessage(seen);
