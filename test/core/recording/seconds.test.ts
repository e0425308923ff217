import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  secondBucketOf,
  secondBuckets,
  secondBucketStartUs,
  secondPercentileUs,
} from '../../../src/core/recording/seconds.ts';

describe('the buckets of a second', () => {
  test('every time lies in its bucket, which is half an octave wide', () => {
    fc.assert(
      fc.property(fc.integer({ min: 2, max: 2 ** 32 - 1 }), (us) => {
        const bucket = secondBucketOf(us);
        expect(bucket).toBeLessThan(secondBuckets);
        expect(secondBucketStartUs(bucket)).toBeLessThanOrEqual(us);
        expect(secondBucketStartUs(bucket + 1)).toBeGreaterThan(us);
      }),
    );
  });

  test('a percentile is right to a fifth', () => {
    const counts = Array.from({ length: secondBuckets }, () => 0);
    for (let us = 1000; us < 2000; us++) counts[secondBucketOf(us)]!++;
    expect(secondPercentileUs(counts, 50)! / 1500).toBeGreaterThan(0.8);
    expect(secondPercentileUs(counts, 50)! / 1500).toBeLessThan(1.2);
    expect(secondPercentileUs(counts, 99)! / 1990).toBeGreaterThan(0.8);
  });

  test('of nothing there is no percentile', () => {
    expect(
      secondPercentileUs(
        Array.from({ length: secondBuckets }, () => 0),
        99,
      ),
    ).toBeNull();
  });
});
