import { describe, expect, test } from 'vitest';
import { micros } from '../../src/core/units.ts';
import { withinBudget } from '../../src/run/budget.ts';
import { scheduleOf } from '../../src/run/schedule.ts';
import { planOf } from '../scenario/reading.ts';

/** Four slots of 1.15 s each. */
const plan = planOf(
  'target: http://127.0.0.1:1\nrounds: 4\nload: { users: 20, duration: 4600ms, warmup: 0 }\nsteps:\n  - get: /\nmodes:\n  locked: mutex\n',
);

/** How long the measured part of each slot is, in ms, where each takes `drainMs` more; and how long they take in all. */
const slotsWithin = (
  budgetMs: number,
  drainMs: number,
): { readonly slotMs: readonly number[]; readonly allMs: number } => {
  let nowUs = 0;
  const clock = { now: () => micros(nowUs) };
  const schedule = scheduleOf(plan, false);
  const fitted = withinBudget(plan, schedule, { budgetUs: budgetMs * 1000, host: { clock } }, 0);
  const slotMs = schedule.rounds.map((round, index) => {
    const { stop } = fitted(round, index)[0]!.mode.load;
    const ms = stop.kind === 'duration' ? stop.durationUs / plan.rounds / 1000 : Number.NaN;
    nowUs += (ms + drainMs) * 1000;
    return ms;
  });
  return { slotMs, allMs: nowUs / 1000 };
};

describe('a budget', () => {
  test('leaves slots as they are that take no longer than their load', () => {
    expect(slotsWithin(4600, 0).slotMs).toEqual([1150, 1150, 1150, 1150]);
  });

  test('takes from the slots that are left what the first took longer than its load, and is kept', () => {
    const { slotMs, allMs } = slotsWithin(5000, 600);
    expect(slotMs[0]).toBe(1150);
    for (const ms of slotMs.slice(1)) expect(ms).toBeCloseTo((5000 - 1750) / 3 - 600, 0);
    expect(allMs).toBeLessThanOrEqual(5001);
  });

  test('leaves a slot the least that says anything, where what it takes beside does not fit', () => {
    expect(slotsWithin(5000, 3000).slotMs).toEqual([1150, 100, 100, 100]);
  });
});
