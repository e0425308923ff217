import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { anatomyBucketOf } from '../../src/core/recording/anatomy.ts';
import type { AnatomyRow } from '../../src/core/recording/recording.ts';
import type { Anatomy } from '../../src/core/result/result.ts';
import { anatomyOf } from '../../src/judge/anatomy.ts';

/** So many iterations, all of that response time, and what it was spent on. */
const row = (count: number, us: number, parts: Partial<AnatomyRow> = {}): AnatomyRow => ({
  bucket: anatomyBucketOf(us),
  count,
  responseUs: count * us,
  queueWaitUs: 0,
  sendLagUs: 0,
  lockWaitUs: 0,
  serviceUs: 0,
  connectUs: 0,
  retriesUs: 0,
  ...parts,
});

const numbersIn = (anatomy: Anatomy): readonly number[] => Object.values({ ...anatomy });

/** All but the whole. */
const sumOfParts = (anatomy: Anatomy): number =>
  numbersIn({ ...anatomy, responseUs: 0 }).reduce((sum, part) => sum + part, 0);

describe('anatomyOf', () => {
  test('the mean is made of the sums over all iterations', () => {
    const fast = row(90, 1000, { serviceUs: 90_000 });
    const slow = row(10, 11_000, { lockWaitUs: 80_000, serviceUs: 20_000 });
    expect(anatomyOf([fast, slow], 11_000)!.mean).toEqual({
      responseUs: 2000,
      queueWaitUs: 0,
      sendLagUs: 0,
      lockWaitUs: 800,
      serviceUs: 1100,
      connectUs: 0,
      retriesUs: 0,
      otherUs: 100,
    });
  });

  test('the p99 is made of iterations about as slow as it, scaled to add up to it', () => {
    const fast = row(2000, 1000, { serviceUs: 2_000_000 });
    const slow = row(40, 10_000, { retriesUs: 300_000, serviceUs: 100_000 });
    const slowest = row(3, 90_000, { connectUs: 270_000 });
    const { p99 } = anatomyOf([fast, slow, slowest], 10_200)!;
    expect(p99).toMatchObject({ responseUs: 10_200, retriesUs: 7650, serviceUs: 2550, connectUs: 0, otherUs: 0 });
  });

  test('where there are few of them, their neighbours are asked', () => {
    const one = row(1, 10_000, { serviceUs: 10_000 });
    const others = row(30, 11_500, { lockWaitUs: 345_000 });
    const { p99 } = anatomyOf([one, others], 10_000)!;
    expect(p99.lockWaitUs).toBeGreaterThan(9000);
    expect(sumOfParts(p99)).toBeCloseTo(10_000, 0);
  });

  test('of nothing there is none', () => {
    expect(anatomyOf([], 0)).toBeNull();
  });

  test('parts are never negative and add up, even where readings of the clock make them longer than the whole', () => {
    const us = fc.integer({ min: 0, max: 1_000_000 });
    const part = fc.integer({ min: 0, max: 300_000 });
    const some = fc.record({ count: fc.integer({ min: 1, max: 50 }), us, serviceUs: part, lockWaitUs: part });
    fc.assert(
      fc.property(fc.array(some, { minLength: 1, maxLength: 5 }), us, (rows, p99Us) => {
        const anatomy = anatomyOf(
          rows.map(({ count, us, ...parts }) => row(count, us, parts)),
          p99Us,
        )!;
        expect(anatomy.p99.responseUs).toBe(p99Us);
        for (const one of [anatomy.mean, anatomy.p99]) {
          expect(Math.min(...numbersIn(one))).toBeGreaterThanOrEqual(0);
          expect(Math.abs(sumOfParts(one) - one.responseUs)).toBeLessThan(0.6);
        }
      }),
    );
  });
});
