import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { orderOf } from '../../../src/measure/runner/order.ts';

const rounds = (modes: number, count: number, seed: number): number[][] =>
  Array.from({ length: count }, (_, round) =>
    orderOf(modes, count, seed)
      .filter((place) => place.round === round)
      .toSorted((a, b) => a.position - b.position)
      .map((place) => place.mode),
  );

describe('orderOf', () => {
  test('runs every mode once in every round, and mirrors rounds in pairs', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 6 }), fc.integer({ min: 1, max: 13 }), fc.nat(), (modes, count, seed) => {
        const all = rounds(modes, count, seed);
        for (const round of all)
          expect(round.toSorted((a, b) => a - b)).toEqual(Array.from({ length: modes }, (_, mode) => mode));
        for (let pair = 0; pair + 1 < count; pair += 2) expect(all[pair + 1]).toEqual(all[pair]!.toReversed());
      }),
    );
  });

  test('is drawn from the seed: the same seed gives the same order, and seeds differ', () => {
    expect(orderOf(4, 6, 42)).toEqual(orderOf(4, 6, 42));
    expect(new Set(Array.from({ length: 20 }, (_, seed) => JSON.stringify(orderOf(4, 6, seed)))).size).toBeGreaterThan(
      10,
    );
  });

  test('starts about half of all pairs with either of two modes', () => {
    const firsts = Array.from({ length: 400 }, (_, seed) => orderOf(2, 2, seed)[0]!.mode);
    expect(Math.abs(firsts.filter((mode) => mode === 0).length - 200)).toBeLessThan(50);
  });
});
