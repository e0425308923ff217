import { describe, expect, test } from 'vitest';
import { slotExpectedUs } from '../../../src/core/plan/length.ts';
import type { Slot } from '../../../src/core/slot.ts';
import type { SweepPlan } from '../../../src/core/sweep/plan.ts';
import { slotMeasuredUs } from '../../../src/core/sweep/probe.ts';
import { leftUs, probeOf, searchLengthOf, searchOf } from '../../../src/run/sweep/probes.ts';
import type { ProbeVerdict } from '../../../src/judge/scaling/capacity.ts';
import { readSweep } from '../../../src/scenario/read-sweep.ts';

const sweepOf = (over: string, modes = ''): SweepPlan => {
  const gates = modes === '' ? '["p99 < 50ms"]' : '["p99(a) < 50ms", "p99(b) < 50ms"]';
  const text = `target: http://shop.test\nsteps: [{ get: /x }]\ngates: ${gates}\n${modes}\n`;
  const sweep = { over, find: 'capacity', width: 0.05 } as const;
  const read = readSweep({ text, file: 'x.yaml', seed: 1, settings: [], sweep });
  if ('problems' in read) throw new Error(JSON.stringify(read.problems));
  return read.sweep;
};

const seconds = (us: number): number => Math.round(us / 1e6);

describe('how long a search takes', () => {
  const sweep = sweepOf('rate=50..5000');

  test('is that of its slots, at whichever loads it asks for', () => {
    const search = searchOf(sweep);
    let us = 0;
    for (let at = search.wanted; at !== undefined; at = search.wanted) {
      us += slotExpectedUs(probeOf(sweep.planAt(at), 'lock-free', search, []), 1);
      search.tell(at <= 250 ? { is: 'kept' } : { is: 'failed', because: '', limit: 'target' });
    }
    expect(leftUs(sweep, 'lock-free', [], 250)).toBe(us);
    expect(seconds(us)).toBeGreaterThan(150);
    expect(seconds(us)).toBeLessThan(300);
  });

  test('lies between what it takes where the capacity is good and where it is bad', () => {
    const { leastUs, mostUs } = searchLengthOf(sweep);
    for (const capacity of [60, 250, 900, 4000]) {
      const us = leftUs(sweep, 'lock-free', [], capacity, { perSecond: capacity / 0.85, users: 32, isMost: true });
      expect(us).toBeGreaterThan(0.8 * leastUs);
      expect(us).toBeLessThan(1.2 * mostUs);
    }
  });

  test('grows with the modes, and shrinks as slots are told', () => {
    const two = sweepOf('rate=50..5000', 'modes: { a: none, b: mutex }');
    expect(searchLengthOf(two).mostUs).toBe(2 * searchLengthOf(sweep).mostUs);
    const told: ProbeVerdict[] = [];
    let before = Infinity;
    for (let slot = 0; slot < 4; slot++) {
      const left = leftUs(sweep, 'lock-free', told, 2000);
      expect(left).toBeLessThan(before);
      before = left;
      told.push({ is: 'kept' });
    }
  });
});

describe('a slot of a search', () => {
  const slot = (at: number, perSecond: number): Slot =>
    ({
      mode: 'lock-free',
      at,
      recording: { window: { fromUs: 0, toUs: 5e6, completed: 5 * perSecond } },
    }) as unknown as Slot;

  test('that looks whether the target is back takes 5 s, however few are due', () => {
    const plan = sweepOf('rate=50..5000').planAt(50);
    const lengths = [false, true].map((isRecovering) => probeOf(plan, 'lock-free', { isRecovering }, []));
    expect(lengths.map((mode) => seconds(slotMeasuredUs(mode, 1)))).toEqual([41, 5]);
  });

  test('of a closed load is as long as its gate takes at the rate that was seen with as many users, or fewer', () => {
    const plan = sweepOf('users=1..64').planAt(8);
    const lengthAfter = (...slots: readonly Slot[]): number =>
      seconds(slotMeasuredUs(probeOf(plan, 'lock-free', { isRecovering: false }, slots), 1));
    expect(lengthAfter()).toBe(5);
    expect(lengthAfter(slot(1, 25), slot(4, 100))).toBe(25);
    expect(lengthAfter(slot(4, 100), slot(16, 1))).toBe(25);
    expect(lengthAfter(slot(4, 2000))).toBe(5);
    expect(lengthAfter(slot(4, 0))).toBe(5);
  });
});
