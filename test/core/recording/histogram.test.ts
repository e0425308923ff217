import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Histogram, largestUs, recordedTimes } from '../../../src/core/recording/histogram.ts';

const of = (values: readonly number[]): Histogram => {
  const histogram = Histogram.empty();
  for (const value of values) histogram.record(value);
  return histogram;
};

describe('Histogram', () => {
  test('a percentile is the nearest rank, to three digits, and never exceeds the maximum', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 0, max: largestUs }), { minLength: 1, maxLength: 60 }),
        fc.constantFrom(50, 90, 99, 100),
        (values, percent) => {
          const histogram = of(values);
          const sorted = values.toSorted((a, b) => a - b);
          const exact = sorted[Math.max(0, Math.ceil((percent / 100) * sorted.length) - 1)]!;
          const found = histogram.percentile(percent);
          histogram.free();
          expect(found).toBeLessThanOrEqual(Math.max(...values));
          expect(found).toBeGreaterThanOrEqual(exact * 0.999 - 1);
          expect(found).toBeLessThanOrEqual(exact * 1.001 + 1);
        },
      ),
    );
  });

  test('least, greatest and mean are exact', () => {
    const histogram = of([3, 20_002, 7]);
    expect([histogram.min, histogram.max, histogram.mean, histogram.count]).toEqual([3, 20_002, 20_012 / 3, 3]);
  });

  test('a time over an hour counts as an hour and is counted as clamped', () => {
    const histogram = of([largestUs + 5_000_000, 10]);
    expect([histogram.max, histogram.clamped, histogram.count]).toEqual([largestUs, 1, 2]);
  });

  test('nothing recorded is 0 everywhere', () => {
    const histogram = Histogram.empty();
    expect([histogram.count, histogram.min, histogram.max, histogram.mean, histogram.percentile(99)]).toEqual([
      0, 0, 0, 0, 0,
    ]);
  });

  test('what was written down reads back the same', () => {
    const times = of([0, 1, 999, 123_456]).toTimes();
    expect(Histogram.from(times).toTimes()).toEqual(times);
  });

  test('value by value it is what was recorded, to three digits', () => {
    const { us, counts } = recordedTimes(of([7, 3, 7, 0, 123_456, 123_457]).toTimes().histogram);
    expect(counts).toEqual([1, 1, 2, 2]);
    expect(us.slice(0, 3)).toEqual([0, 3, 7]);
    expect(us[3]! / 123_456).toBeCloseTo(1, 2);
    expect(recordedTimes(of([]).toTimes().histogram)).toEqual({ us: [], counts: [] });
  });

  test('counts between edges add up to all, and an edge belongs below', () => {
    expect(of([5, 10, 11, 500, 1000, 90_000]).countsBetween([10, 1000])).toEqual([2, 3, 1]);
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 1_000_000 }), { minLength: 1, maxLength: 200 }), (values) => {
        const histogram = of(values);
        const counts = histogram.countsBetween([1, 100, 10_000, 500_000]);
        histogram.free();
        expect(counts.reduce((sum, count) => sum + count, 0)).toBe(values.length);
      }),
    );
  });
});
