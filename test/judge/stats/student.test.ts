import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { studentCdf, studentQuantile } from '../../../src/judge/stats/student.ts';

test.each([
  [1, 3.078, 6.314, 12.706, 63.657],
  [2, 1.886, 2.92, 4.303, 9.925],
  [3, 1.638, 2.353, 3.182, 5.841],
  [5, 1.476, 2.015, 2.571, 4.032],
  [10, 1.372, 1.812, 2.228, 3.169],
  [11, 1.363, 1.796, 2.201, 3.106],
  [22, 1.321, 1.717, 2.074, 2.819],
  [30, 1.31, 1.697, 2.042, 2.75],
  [120, 1.289, 1.658, 1.98, 2.617],
])('with %i degrees of freedom the quantiles are those of the printed tables', (freedom, ...table) => {
  const found = [0.9, 0.95, 0.975, 0.995].map((probability) => studentQuantile(probability, freedom));
  found.forEach((quantile, at) => expect(quantile).toBeCloseTo(table[at]!, 3));
});

test('one and two degrees of freedom agree with their closed forms', () => {
  for (const p of [0.6, 0.9, 0.99, 0.9999]) {
    expect(studentQuantile(p, 1) / Math.tan(Math.PI * (p - 0.5))).toBeCloseTo(1, 7);
    const alpha = 4 * p * (1 - p);
    expect(studentQuantile(p, 2) / (2 * (p - 0.5) * Math.sqrt(2 / alpha))).toBeCloseTo(1, 7);
  }
});

test('with many degrees of freedom it is the normal quantile', () => {
  expect(studentQuantile(0.975, 1e6)).toBeCloseTo(1.959966, 5);
});

test('quantile and distribution undo each other, on both sides', () => {
  const probabilities = fc.double({ min: 0.001, max: 0.999, noNaN: true });
  fc.assert(
    fc.property(probabilities, fc.double({ min: 0.5, max: 400, noNaN: true }), (p, freedom) => {
      const t = studentQuantile(p, freedom);
      expect(studentCdf(t, freedom)).toBeCloseTo(p, 8);
      expect(studentQuantile(1 - p, freedom)).toBeCloseTo(-t, Math.abs(t) > 100 ? 0 : 5);
    }),
    { numRuns: 200 },
  );
  expect(studentQuantile(0.5, 7)).toBe(0);
});
