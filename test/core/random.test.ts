import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { shuffled, stream, uniform } from '../../src/core/random.ts';

describe('uniform', () => {
  test('is the same for the same address, and in [0, 1)', () => {
    fc.assert(
      fc.property(fc.nat(), fc.nat(), fc.nat(), (seed, ofStream, index) => {
        const value = uniform(seed, ofStream, index);
        expect(value).toBe(uniform(seed, ofStream, index));
        expect(value).toBeGreaterThanOrEqual(0);
        expect(value).toBeLessThan(1);
      }),
    );
  });

  test('fills 64 boxes evenly: chi-square below its 99.99 % quantile, for any seed tried', () => {
    for (const seed of [0, 1, 42, 4_294_967_295]) {
      const boxes = Array.from({ length: 64 }, () => 0);
      for (let index = 0; index < 64_000; index++) boxes[Math.floor(uniform(seed, stream('data.x'), index) * 64)]!++;
      const chiSquare = boxes.reduce((sum, count) => sum + (count - 1000) ** 2 / 1000, 0);
      expect(chiSquare).toBeLessThan(113);
    }
  });

  test('differs between streams, and between numbers that agree in their lower 32 bits', () => {
    expect(uniform(1, stream('a'), 5)).not.toBe(uniform(1, stream('b'), 5));
    expect(uniform(1, stream('a'), 5)).not.toBe(uniform(1, stream('a'), 5 + 2 ** 32));
    expect(uniform(1, stream('a'), 2 ** 32)).not.toBe(uniform(1, stream('a'), 2 ** 48));
  });
});

describe('shuffled', () => {
  test('gives each of the six orders of three about equally often over seeds', () => {
    const counts = new Map<string, number>();
    for (let seed = 0; seed < 6000; seed++) {
      const order = shuffled(['a', 'b', 'c'], seed, stream('order')).join('');
      counts.set(order, (counts.get(order) ?? 0) + 1);
    }
    expect(counts.size).toBe(6);
    for (const count of counts.values()) expect(Math.abs(count - 1000)).toBeLessThan(150);
  });
});
