import fc from 'fast-check';
import { expect, test } from 'vitest';
import { anatomyBucketOf, anatomyBuckets } from '../../../src/core/recording/anatomy.ts';

const us = fc.integer({ min: 0, max: 2 ** 32 });

test('a longer time never lies in a lower bucket, and all buckets are there', () => {
  fc.assert(
    fc.property(us, us, (a, b) => {
      const [shorter, longer] = [Math.min(a, b), Math.max(a, b)];
      expect(anatomyBucketOf(shorter)).toBeLessThanOrEqual(anatomyBucketOf(longer));
      expect(anatomyBucketOf(longer)).toBeLessThan(anatomyBuckets);
    }),
  );
});

test('times in one bucket are an eighth apart at most', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 3_000_000_000 }), (us) => {
      expect(anatomyBucketOf(Math.ceil(us * 1.126))).toBeGreaterThan(anatomyBucketOf(us));
    }),
  );
});

test('what is over an hour lies where an hour does, and what is negative at the bottom', () => {
  expect(anatomyBucketOf(1e12)).toBe(anatomyBucketOf(3_600_000_000));
  expect(anatomyBucketOf(-5)).toBe(0);
});
