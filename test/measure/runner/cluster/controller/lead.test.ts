import { expect, test } from 'vitest';
import { latestUs, Lead } from '../../../../../src/measure/runner/cluster/controller/lead.ts';

test('an agent may hear 10 ms late that a slot has begun, or by a tenth of the warm-up where that is more', () => {
  expect([0, 50_000, 100_000, 200_000, 1_000_000].map(latestUs)).toEqual([10_000, 10_000, 10_000, 20_000, 100_000]);
});

test('the first slot is told of early, later ones as late as agents hear in time', () => {
  const lead = new Lead();
  const seen: number[] = [];
  for (let slot = 0; slot < 5; slot++) {
    seen.push(lead.us(50));
    lead.seen(0);
  }
  expect(seen).toEqual([20_000, 15_000, 11_250, 8437.5, 8000]);
});

test('after an agent that heard late the next slot is told of earlier, within bounds', () => {
  const lead = new Lead();
  for (let slot = 0; slot < 5; slot++) lead.seen(0);
  lead.seen(3000);
  expect(lead.us(50)).toBe(19_000);
  lead.seen(0);
  expect(lead.us(50)).toBe(14_250);
  for (let slot = 0; slot < 9; slot++) lead.seen(9_000_000);
  expect(lead.us(50)).toBe(200_000);
});

test('agents that are far away are told twice the way there and back before it begins, at least', () => {
  const lead = new Lead();
  expect(lead.us(40_000)).toBe(162_000);
  expect(lead.us(0)).toBe(20_000);
});
