// What a lock and a histogram cost by themselves: `node test/bench/locks.mjs`, over the built dist.
import { Histogram } from '../../dist/src/core/histogram.js';
import { newUser } from '../../dist/src/measure/iteration/user.js';
import { FifoGuard } from '../../dist/src/measure/lock/fifo.js';
import { median, printTable } from './figures.mjs';

const runs = 7;
const clock = { now: () => Math.floor(performance.now() * 1000) };
const newGuard = () => new FifoGuard('mutex', { clock, timeoutUs: 60_000_000, signal: new AbortController().signal });

const uncontended = async (pairs) => {
  const guard = newGuard();
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
    await what(times);
    costs.push(((performance.now() - started) * 1e6) / times);
  }
  return median(costs.slice(1));
};

const us = (ns) => `${(ns / 1000).toFixed(3)} µs`;
printTable([
  ['one pair of acquire and release', 'cost'],
  ['FifoGuard, free', us(await costNs(1_000_000, uncontended))],
  ['FifoGuard, 64 waiting', us(await costNs(640_000, (pairs) => handedOver(pairs, 64)))],
]);
printTable([
  ['one time', 'cost'],
  ['Histogram.record', `${(await costNs(5_000_000, recorded)).toFixed(0)} ns`],
  [
    'clock.now',
    `${(
      await costNs(5_000_000, async (times) => {
        for (let time = 0; time < times; time++) clock.now();
      })
    ).toFixed(0)} ns`,
  ],
]);
