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

  test('has three modes in all six orders over six rounds, each pair mirrored, and seeds differ', () => {
    fc.assert(
      fc.property(fc.nat(), fc.integer({ min: 1, max: 3 }), (seed, blocks) => {
        const all = rounds(3, 6 * blocks, seed);
        for (let block = 0; block < blocks; block++) {
          const orders = all.slice(6 * block, 6 * block + 6);
          expect(new Set(orders.map((order) => order.join(''))).size).toBe(6);
          for (const pair of [0, 2, 4]) expect(orders[pair + 1]).toEqual(orders[pair]!.toReversed());
        }
      }),
    );
    const drawn = new Set(Array.from({ length: 200 }, (_, seed) => JSON.stringify(orderOf(3, 6, seed))));
    // Six orders of the pairs, and a direction for each of the three.
    expect(drawn.size).toBe(48);
  });

  test('begins a longer run as it does a shorter one, so that an extension goes on where the rounds ended', () => {
    for (const modes of [1, 2, 3, 4, 5])
      for (const count of [1, 5, 6, 12])
        expect(orderOf(modes, 2 * count, 42).slice(0, modes * count)).toEqual(orderOf(modes, count, 42));
  });

  test('starts about half of all pairs with either of two modes', () => {
    const firsts = Array.from({ length: 400 }, (_, seed) => orderOf(2, 2, seed)[0]!.mode);
    expect(Math.abs(firsts.filter((mode) => mode === 0).length - 200)).toBeLessThan(50);
  });
});
