import { expect, test } from 'vitest';
import { fisherTail } from '../../../src/judge/stats/fisher.ts';

test.each([
  // Tables of the F distribution: Abramowitz, Stegun, 26.9.
  [10.13, 1, 3, 0.05],
  [4.49, 1, 16, 0.05],
  [3.33, 5, 10, 0.05],
  [5.64, 5, 10, 0.01],
  [3.7, 5, 30, 0.01],
])('F above %f with %i and %i degrees of freedom has a probability of %f', (f, above, below, p) => {
  expect(fisherTail(f, above, below)).toBeCloseTo(p, 3);
});

test('F is above 0 for certain', () => {
  expect(fisherTail(0, 3, 30)).toBe(1);
  expect(fisherTail(-1, 3, 30)).toBe(1);
});
