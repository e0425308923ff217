import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { sourceOf } from '../../../src/measure/data/source.ts';

const range = (from: number, to: number, name: string, options: number | Record<string, never> = {}) => ({
  from,
  to,
  pick: { name, options },
});

describe('a data source', () => {
  test('gives values of its range, the same for the same iteration and seed', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: -1000, max: 1000 }),
        fc.integer({ min: 0, max: 500 }),
        fc.constantFrom(range(0, 0, 'uniform'), range(0, 0, 'zipf', 1.1)),
        fc.nat(),
        (from, more, { pick }, iteration) => {
          const source = sourceOf('x', { from, to: from + more, pick }, 7);
          expect(source(iteration)).toBe(sourceOf('x', { from, to: from + more, pick }, 7)(iteration));
          expect(source(iteration)).toBeGreaterThanOrEqual(from);
          expect(source(iteration)).toBeLessThanOrEqual(from + more);
          expect(Number.isInteger(source(iteration))).toBe(true);
        },
      ),
    );
  });

  test('differs between variables and seeds', () => {
    const values = (variable: string, seed: number): number[] => {
      const source = sourceOf(variable, range(1, 1_000_000, 'uniform'), seed);
      return Array.from({ length: 5 }, (_, iteration) => source(iteration));
    };
    expect(values('a', 1)).not.toEqual(values('b', 1));
    expect(values('a', 1)).not.toEqual(values('a', 2));
  });

  test('uniform gives each of 20 values about equally often', () => {
    const source = sourceOf('x', range(1, 20, 'uniform'), 42);
    const counts = Array.from({ length: 21 }, () => 0);
    for (let iteration = 0; iteration < 20_000; iteration++) counts[source(iteration)]!++;
    for (const count of counts.slice(1)) expect(Math.abs(count - 1000)).toBeLessThan(160);
  });

  test('zipf gives value k as often as 1 / k^s says', () => {
    const source = sourceOf('x', range(1, 100, 'zipf', 1.1), 42);
    const counts = Array.from({ length: 101 }, () => 0);
    for (let iteration = 0; iteration < 50_000; iteration++) counts[source(iteration)]!++;
    const sum = Array.from({ length: 100 }, (_, at) => (at + 1) ** -1.1).reduce((total, weight) => total + weight, 0);
    for (const k of [1, 2, 5, 10]) {
      const expected = (50_000 * k ** -1.1) / sum;
      expect(Math.abs(counts[k]! - expected)).toBeLessThan(5 * Math.sqrt(expected));
    }
  });
});
