import { expect, test } from 'vitest';
import { latestUs, Lead } from '../../../../../src/measure/runner/cluster/controller/lead.ts';

test('an agent may hear 10 ms late that a slot has begun, or by a tenth of the warm-up where that is more', () => {
  expect([0, 50_000, 100_000, 200_000, 1_000_000].map(latestUs)).toEqual([10_000, 10_000, 10_000, 20_000, 100_000]);
});

/** How early each of these slots is told of, where the news takes so long. */
const told = (lead: Lead, tookUs: readonly number[]): number[] =>
  tookUs.map((us) => {
    const leadUs = lead.us(50);
    lead.seen(leadUs - us);
    return leadUs;
  });

test('the first slot is told of early, later ones half as early again as the slowest news of late, and 2 ms', () => {
  expect(told(new Lead(), [5000, 6000, 5000, 900])).toEqual([20_000, 9500, 11_000, 11_000]);
});

test('slow news counts for eight slots, and late news like any other', () => {
  const lead = new Lead();
  expect(told(lead, [5000, 30_000, ...Array.from({ length: 9 }, () => 6000)])).toEqual([
    20_000,
    9500,
    ...Array.from({ length: 8 }, () => 47_000),
    11_000,
  ]);
});

test('no slot is told of more than 200 ms before, nor less than 8 ms', () => {
  expect(told(new Lead(), [9_000_000, 0]).at(-1)).toBe(200_000);
  expect(told(new Lead(), [0, 0]).at(-1)).toBe(8000);
});

test('agents that are far away are told twice the way there and back before it begins, at least', () => {
  const lead = new Lead();
  expect(lead.us(40_000)).toBe(162_000);
  expect(lead.us(0)).toBe(20_000);
});
