// What a lock and a histogram cost by themselves:
// `node test/bench/locks.mjs [--markdown]`, with the built dist.
import { once, setMaxListeners } from 'node:events';
import { Worker } from 'node:worker_threads';
import { Histogram } from '../../dist/src/core/recording/histogram.js';
import { newUser } from '../../dist/src/measure/user.js';
import { localGuards } from '../../dist/src/measure/lock/local/local.js';
import { lockMemory, sharedGuards } from '../../dist/src/measure/lock/shared/shared.js';
import { cell, median, printHeading, printNotes, printTable } from './figures.mjs';
import { goal, printGoals } from './goals.mjs';
import { leaseCosts } from './lease.mjs';
import { quick } from './options.mjs';

const runs = quick ? 3 : 7;
const clock = { now: () => Math.floor(performance.now() * 1000) };
const { signal } = new AbortController();
// Each run makes its own guard.
setMaxListeners(0, signal);
const how = { clock, timeoutUs: 60_000_000, signal };
const threads = 2;
const usersOfThread = 32;

/** Plain data, so that it can be posted to a thread. `keys`: how many keys, each wanted by many users. */
const locks = [
  { name: 'mutex', room: 1, keys: 0 },
  { name: 'keyed, one key', room: 1, keys: 1 },
  { name: 'keyed, 8 keys', room: 1, keys: 8 },
  { name: 'read-write, all writers', room: 'readers', keys: 0 },
  { name: 'semaphore: 4', room: 4, keys: 0 },
];
const specOf = ({ name, room, keys }) => ({
  name,
  room,
  ...(keys > 0 && { key: (user) => String(user.index % keys) }),
});
const localGuard = (lock) => localGuards(how)(specOf(lock));
const sharedGuard = (lock) => sharedGuards(lockMemory([specOf(lock)], threads), threads, how)(specOf(lock));

const uncontended = (guard) => async (pairs) => {
  const user = newUser(0, 0);
  for (let pair = 0; pair < pairs; pair++) guard.acquire(user, 'exclusive').release();
};

/** Each holder hands the lock over to the next user and queues again, so the lock is never free. */
const handedOver = (lock) => async (pairs) => {
  const waiters = 64;
  const guard = localGuard(lock);
  const live = async (user) => {
    for (let pair = 0; pair < pairs / waiters; pair++) {
      const hold = await guard.acquire(user, 'exclusive');
      // Other users run now, and find it taken.
      await Promise.resolve();
      void hold.release();
    }
  };
  await Promise.all(Array.from({ length: waiters }, (_, index) => live(newUser(index, 0))));
};

/** The same lock in every thread. The time is that of the slowest one. @returns ms */
const acrossThreads = (lock) => async (pairs) => {
  const excludes = lock.keys < 2 && lock.room !== 4;
  const numbers = new SharedArrayBuffer((1 + threads) * Float64Array.BYTES_PER_ELEMENT);
  const workerData = {
    lock,
    excludes,
    locks: lockMemory([specOf(lock)], threads),
    numbers,
    gate: new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT),
    threads,
    users: usersOfThread,
    pairs: pairs / threads / usersOfThread,
  };
  const thread = new URL('shared-lock-thread.mjs', import.meta.url);
  await Promise.all(
    Array.from({ length: threads }, async (_, index) =>
      once(new Worker(thread, { workerData: { ...workerData, index } }), 'exit'),
    ),
  );
  const [counted, ...ms] = new Float64Array(numbers);
  if (excludes && counted !== pairs) throw new Error(`${lock.name} does not exclude: ${counted} of ${pairs} counted`);
  return Math.max(...ms);
};

const recorded = async (times) => {
  const histogram = Histogram.empty();
  for (let time = 0; time < times; time++) histogram.record(100 + (time & 0xffff));
  histogram.free();
};

/** The median run's time for one operation, in ns. The first run, which includes compiling, does not count. */
const costNs = async (times, what) => {
  const costs = [];
  for (let run = 0; run <= runs; run++) {
    const started = performance.now();
    const measuredMs = await what(times);
    costs.push(((measuredMs ?? performance.now() - started) * 1e6) / times);
  }
  return median(costs.slice(1));
};

const us = (ns) => `${cell(ns / 1000, 3)} µs`;

const costs = [];
for (const lock of locks) {
  costs.push({
    lock,
    freeNs: await costNs(1_000_000, uncontended(localGuard(lock))),
    handedOverNs: await costNs(640_000, handedOver(lock)),
    sharedFreeNs: await costNs(1_000_000, uncontended(sharedGuard(lock))),
    acrossNs: await costNs(quick ? 64_000 : 320_000, acrossThreads(lock)),
  });
}
const across = `across ${threads} threads × ${usersOfThread} users`;

printHeading('Locks alone');
printTable([
  ['one pair of acquire and release', 'free', '64 waiting', 'free, shared by threads', `all waiting, ${across}`],
  ...costs.map(({ lock, freeNs, handedOverNs, sharedFreeNs, acrossNs }) => [
    lock.name,
    ...[freeNs, handedOverNs, sharedFreeNs, acrossNs].map(us),
  ]),
]);
printTable([
  ['one time', 'cost'],
  ['Histogram.record', `${cell(await costNs(5_000_000, recorded))} ns`],
  [
    'clock.now',
    `${cell(
      await costNs(5_000_000, async (times) => {
        for (let time = 0; time < times; time++) clock.now();
      }),
    )} ns`,
  ],
]);
printGoals(
  costs.flatMap(({ lock: { name }, handedOverNs, acrossNs }) => [
    goal(`${name}: hand-over in a thread, µs: below 5`, handedOverNs / 1000, (cost) => cost < 5),
    goal(`${name}: a pair ${across}, µs: below 25`, acrossNs / 1000, (cost) => cost < 25),
  ]),
);

const lease = await leaseCosts(quick ? 640 : 6400, how, costNs);
if (lease === undefined) printNotes(['A lease in Redis was not measured: apt-get install redis-server.']);
else {
  printTable([
    ['through Redis on this machine', 'cost'],
    ['one question and its answer (PING)', us(lease.pingNs)],
    ['redis: acquire and release, free', us(lease.freeNs)],
    ['redis: handed over, 64 waiting', us(lease.handedOverNs)],
  ]);
}
