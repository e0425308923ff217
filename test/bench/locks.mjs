// What a lock and a histogram cost by themselves: `node test/bench/locks.mjs [--markdown]`, over the built dist.
import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { Histogram } from '../../dist/src/core/histogram.js';
import { newUser } from '../../dist/src/measure/iteration/user.js';
import { FifoGuard } from '../../dist/src/measure/lock/fifo.js';
import { lockMemory, sharedGuards } from '../../dist/src/measure/lock/shared.js';
import { cell, median, printHeading, printTable } from './figures.mjs';
import { goal, printGoals } from './goals.mjs';
import { quick } from './options.mjs';

const runs = quick ? 3 : 7;
const clock = { now: () => Math.floor(performance.now() * 1000) };
const { signal } = new AbortController();
const how = { clock, timeoutUs: 60_000_000, signal };
const newGuard = () => new FifoGuard('mutex', how);
const threads = 2;
const usersOfThread = 32;

const uncontended = (guard) => async (pairs) => {
  const user = newUser(0, 0);
  for (let pair = 0; pair < pairs; pair++) guard.acquire(user).release();
};

/** Each waiter, once inside, hands over to the next and queues again: the lock is never free. */
const handedOver = async (pairs, waiters) => {
  const guard = newGuard();
  const live = async (user) => {
    for (let pair = 0; pair < pairs / waiters; pair++) (await guard.acquire(user)).release();
  };
  const first = guard.acquire(newUser(0, 0));
  const lives = Array.from({ length: waiters }, (_, index) => live(newUser(index, 0)));
  first.release();
  await Promise.all(lives);
};

/** The same lock in every thread; the time is that of the slowest. @returns ms */
const acrossThreads = async (pairs) => {
  const numbers = new SharedArrayBuffer((1 + threads) * Float64Array.BYTES_PER_ELEMENT);
  const workerData = {
    locks: lockMemory(1, threads),
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
  if (counted !== pairs) throw new Error(`the shared lock does not exclude: ${counted} of ${pairs} were counted`);
  return Math.max(...ms);
};

const recorded = async (times) => {
  const histogram = Histogram.empty();
  for (let time = 0; time < times; time++) histogram.record(100 + (time & 0xffff));
  histogram.free();
};

/** The median run's time for one of them, in ns; the first run, in which it is compiled, is not counted. */
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
const shared = sharedGuards(lockMemory(1, threads), threads, how)('mutex');
const freeNs = await costNs(1_000_000, uncontended(newGuard()));
const handedOverNs = await costNs(640_000, (pairs) => handedOver(pairs, 64));
const sharedFreeNs = await costNs(1_000_000, uncontended(shared));
const acrossNs = await costNs(quick ? 64_000 : 320_000, acrossThreads);
const across = `across ${threads} threads × ${usersOfThread} users`;

printHeading('Locks by themselves');
printTable([
  ['one pair of acquire and release', 'cost'],
  ['mutex, free', us(freeNs)],
  ['mutex, 64 waiting', us(handedOverNs)],
  ['mutex that threads share, free', us(sharedFreeNs)],
  [`mutex ${across}, all waiting`, us(acrossNs)],
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
printGoals([
  goal('hand-over in a thread, µs: below 5', handedOverNs / 1000, (cost) => cost < 5),
  goal(`a pair ${across}, µs: below 25`, acrossNs / 1000, (cost) => cost < 25),
]);
