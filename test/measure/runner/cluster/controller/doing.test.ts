import { expect, test } from 'vitest';
import { Doing } from '../../../../../src/measure/runner/cluster/controller/doing.ts';

const beat = (slot: number, completed: number, cpuShare = 0.5) => ({
  slot,
  failed: 0,
  histogram: [completed - 1, 1],
  cpuShare,
});

test('the rate of an agent is that of its last second, once it has measured for a third of one', () => {
  const doing = new Doing();
  expect(doing.now).toEqual({ perSecond: NaN, cpuShare: NaN });
  doing.take(beat(1, 10), 0);
  doing.take(beat(1, 30), 200_000);
  expect(doing.now.perSecond).toBeNaN();
  for (let at = 2; at <= 10; at++) doing.take(beat(1, 10 + at * 20), at * 200_000);
  expect(doing.now.perSecond).toBeCloseTo(100);
  for (let at = 11; at <= 20; at++) doing.take(beat(1, 210), at * 200_000);
  expect(doing.now.perSecond).toBe(0);
});

test('another slot begins anew, and between slots there is no rate', () => {
  const doing = new Doing();
  for (let at = 0; at <= 5; at++) doing.take(beat(1, 1000 * at + 1), at * 200_000);
  expect(doing.now.perSecond).toBeCloseTo(5000);
  for (let at = 6; at <= 8; at++) doing.take(beat(2, 10 * at), at * 200_000);
  expect(doing.now.perSecond).toBeCloseTo(50);
  for (let at = 9; at <= 13; at++) doing.take(beat(0, 1), at * 200_000);
  expect(doing.now.perSecond).toBeNaN();
});

test('how busy it was is the mean over that second', () => {
  const doing = new Doing();
  for (const [at, share] of [1, 0.2, 0.4, 0.6].entries()) doing.take(beat(1, at + 1, share), at * 200_000);
  expect(doing.now.cpuShare).toBeCloseTo(0.4);
});
