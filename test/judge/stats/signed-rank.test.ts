import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { hodgesLehmann, signedRankP } from '../../../src/judge/stats/signed-rank.ts';

/** The definition itself: every way to give the sizes their signs, and in how many the ranks above sum up to as much. */
const enumeratedP = (differences: readonly number[], shift: number): number => {
  const centred = differences.map((difference) => difference - shift);
  const sizes = centred.map(Math.abs);
  const rank = (size: number): number => {
    const below = sizes.filter((other) => other < size - 1e-12).length;
    const equal = sizes.filter((other) => Math.abs(other - size) <= 1e-12).length;
    return below + (equal + 1) / 2;
  };
  const ranks = sizes.map(rank);
  const seen = ranks.reduce((sum, one, at) => sum + (centred[at]! > 1e-12 ? one : 0), 0);
  let asMuch = 0;
  for (let signs = 0; signs < 2 ** ranks.length; signs++) {
    const sum = ranks.reduce((total, one, at) => total + ((signs >> at) & 1 ? one : 0), 0);
    if (sum >= seen - 1e-9) asMuch++;
  }
  return asMuch / 2 ** ranks.length;
};

describe('signedRankP', () => {
  test('is what counting all signs gives, ties and zeros included', () => {
    const difference = fc.oneof(
      fc.integer({ min: -4, max: 4 }).map((n) => n / 4),
      fc.double({ min: -1, max: 1, noNaN: true }).map((x) => Math.round(x * 1e6) / 1e6),
    );
    fc.assert(
      fc.property(
        fc.array(difference, { minLength: 1, maxLength: 10 }),
        fc.constantFrom(0, 0.25, -0.5),
        (differences, shift) => {
          expect(signedRankP(differences, shift)).toBeCloseTo(enumeratedP(differences, shift), 12);
        },
      ),
    );
  });

  test('of rounds that all lie above is 2 to the power of minus their number', () => {
    expect(signedRankP([1, 2, 3, 4, 5, 6], 0)).toBe(2 ** -6);
    expect(signedRankP([1, 2, 3, 4, 5, 6], 6)).toBe(1);
  });

  test('knows a worked example', () => {
    const differences = [0.031, 0.012, -0.004, 0.052, 0.027, 0.019, 0.044, -0.011, 0.023, 0.038, 0.015, 0.007];
    expect(signedRankP(differences, 0)).toBeCloseTo(enumeratedP(differences, 0), 12);
    const { estimate, low, high } = hodgesLehmann(differences, 0.05);
    expect(estimate).toBeCloseTo(0.021, 3);
    expect([low > 0, high < 0.04]).toEqual([true, true]);
  });
});

describe('hodgesLehmann', () => {
  /** Of powers of two all means differ, so that the end of the interval tells how many were cut off. */
  const cut = (rounds: number, alpha: number): number => {
    const differences = Array.from({ length: rounds }, (_, at) => 2 ** at);
    const means = differences
      .flatMap((one, at) => differences.slice(at).map((other) => (one + other) / 2))
      .sort((a, b) => a - b);
    return means.indexOf(hodgesLehmann(differences, alpha).low);
  };

  test.each([
    [8, 0.05, 3],
    [10, 0.05, 8],
    [12, 0.05, 13],
    [16, 0.05, 29],
    [20, 0.05, 52],
    [24, 0.05, 81],
    [12, 0.0294, 11],
    [24, 0.0294, 74],
    [12, 0.01, 7],
    [24, 0.01, 61],
  ])('of %i rounds at %f cuts off as many means as the published tables say', (rounds, alpha, expected) => {
    expect(cut(rounds, alpha)).toBe(expected);
  });

  test('of fewer than six rounds has no end at 5 %', () => {
    expect(hodgesLehmann([1, 2, 3, 4, 5], 0.05)).toEqual({ estimate: 3, low: -Infinity, high: Infinity });
    expect(hodgesLehmann([1, 2, 3, 4, 5, 6], 0.05)).toEqual({ estimate: 3.5, low: 1, high: 6 });
  });

  test('moves by exactly what is added to every round', () => {
    const differences = fc.array(fc.double({ min: -1, max: 1, noNaN: true }), { minLength: 6, maxLength: 24 });
    fc.assert(
      fc.property(differences, fc.double({ min: -1, max: 1, noNaN: true }), (all, by) => {
        const plain = hodgesLehmann(all, 0.05);
        const moved = hodgesLehmann(
          all.map((one) => one + by),
          0.05,
        );
        expect(moved.estimate).toBeCloseTo(plain.estimate + by, 9);
        expect(moved.low).toBeCloseTo(plain.low + by, 9);
        expect(moved.high).toBeCloseTo(plain.high + by, 9);
      }),
    );
  });

  test('rejects exactly what the test rejects: the interval holds the shifts that are not refused', () => {
    const differences = fc.uniqueArray(fc.integer({ min: 0, max: 20 }), { minLength: 6, maxLength: 12 });
    fc.assert(
      fc.property(differences, (places) => {
        // Powers of two again: no two means are the same, so that one step over the end changes the test by one rank.
        const all = places.map((place) => 2 ** place / 1000);
        const { low } = hodgesLehmann(all, 0.05);
        expect(signedRankP(all, low - 1e-6)).toBeLessThanOrEqual(0.025 + 1e-9);
        expect(signedRankP(all, low + 1e-6)).toBeGreaterThan(0.025 - 1e-9);
      }),
    );
  });
});
