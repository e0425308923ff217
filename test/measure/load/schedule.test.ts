import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { microsFromMs } from '../../../src/core/units.ts';
import { firstWarmupIteration } from '../../../src/measure/load/arrivals.ts';
import { Schedule, type ScheduleOptions } from '../../../src/measure/load/schedule.ts';

const second = 1_000_000;

const options = (more: Partial<ScheduleOptions> = {}): ScheduleOptions => ({
  arrival: { name: 'even', options: {} },
  ratePerSecond: 1000,
  stages: [],
  seed: 42,
  round: 0,
  warmupUs: 0,
  fromUs: 0,
  iterations: Infinity,
  firstIteration: 0,
  shard: { index: 0, count: 1 },
  ...more,
});

interface Due {
  readonly dueUs: number;
  readonly iteration: number;
}

const upTo = (toUs: number, more: Partial<ScheduleOptions> = {}): Due[] => {
  const due: Due[] = [];
  for (const schedule = new Schedule(options(more)); schedule.dueUs < toUs; schedule.advance()) {
    due.push({ dueUs: schedule.dueUs, iteration: schedule.iteration });
  }
  return due;
};

const arrival = fc.constantFrom('even', 'poisson').map((name) => ({ name, options: {} }));
const stage = fc.record({
  durationUs: fc.integer({ min: 1, max: 3000 }).map(microsFromMs),
  from: fc.integer({ min: 0, max: 2000 }),
  to: fc.integer({ min: 0, max: 2000 }),
});

describe('a schedule', () => {
  test('at an even rate has arrival n n/rate after the window opens, and rate × duration of them', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 20_000 }), fc.integer({ min: 1, max: 2000 }), (rate, ms) => {
        const due = upTo(5000 + ms * 1000, { ratePerSecond: rate, fromUs: 5000 });
        expect(due).toHaveLength(Math.ceil((rate * ms) / 1000));
        expect(due.every(({ iteration }, n) => iteration === n)).toBe(true);
        expect(due.every(({ dueUs }, n) => Math.abs(dueUs - 5000 - (n * second) / rate) <= 1)).toBe(true);
      }),
      { numRuns: 30 },
    );
  });

  test('is the same over any number of shards: they have every arrival once', () => {
    fc.assert(
      fc.property(
        arrival,
        fc.array(stage, { maxLength: 3 }),
        fc.constantFrom(1, 2, 3, 7),
        fc.nat(1000),
        (kind, stages, count, seed) => {
          const of = { arrival: kind, stages, seed, ratePerSecond: 700, warmupUs: 100_000, fromUs: 150_000 };
          const whole = upTo(2 * second, of);
          const shared = Array.from({ length: count }, (_, index) =>
            upTo(2 * second, { ...of, shard: { index, count } }),
          );
          expect(shared.flat().toSorted((a, b) => a.dueUs - b.dueUs || a.iteration - b.iteration)).toEqual(
            whole.toSorted((a, b) => a.dueUs - b.dueUs || a.iteration - b.iteration),
          );
        },
      ),
      { numRuns: 60 },
    );
  });

  test('of stages has as many arrivals as the area under their rates, at every moment', () => {
    fc.assert(
      fc.property(fc.array(stage, { minLength: 1, maxLength: 4 }), (stages) => {
        let untilUs = 0;
        let area = 0;
        for (const { durationUs, from, to } of stages) {
          for (const part of [0.25, 0.5, 1]) {
            const us = untilUs + part * durationUs;
            const expected = area + (part * durationUs * (from + (part * (to - from)) / 2)) / second;
            const found = upTo(us, { stages }).length;
            // A microsecond of rounding is up to two thousandths of an arrival.
            expect(found).toBeGreaterThanOrEqual(Math.ceil(expected - 0.003));
            expect(found).toBeLessThanOrEqual(Math.ceil(expected + 0.003));
          }
          area += ((from + to) / 2 / second) * durationUs;
          untilUs += durationUs;
        }
      }),
      { numRuns: 40 },
    );
  });

  test('has warm-up arrivals at the constant rate, numbered apart, and none of them in the window', () => {
    const due = upTo(300_000, {
      ratePerSecond: 100,
      stages: [{ durationUs: microsFromMs(1000), from: 1000, to: 1000 }],
      warmupUs: 100_000,
      fromUs: 200_000,
      firstIteration: 7000,
    });
    const warmup = due.filter(({ iteration }) => iteration >= firstWarmupIteration);
    expect(warmup.map(({ dueUs }) => dueUs)).toEqual(Array.from({ length: 10 }, (_, n) => 100_000 + n * 10_000));
    expect(due.slice(10).map(({ iteration }) => iteration)).toEqual(Array.from({ length: 100 }, (_, n) => 7000 + n));
    expect(due[10]).toEqual({ dueUs: 200_000, iteration: 7000 });
  });

  test('of a number of iterations ends after them, over all shards together', () => {
    const shares = [0, 1, 2].map((index) => upTo(Infinity, { iterations: 10, shard: { index, count: 3 } }).length);
    expect(shares).toEqual([4, 3, 3]);
  });

  test('without a rate has no arrivals', () => {
    expect(new Schedule(options({ ratePerSecond: 0 })).dueUs).toBe(Infinity);
  });
});

describe('poisson arrivals', () => {
  const gapsOf = (more: Partial<ScheduleOptions>): number[] => {
    const due = upTo(100 * second, { arrival: { name: 'poisson', options: {} }, ratePerSecond: 500, ...more });
    return due.map(({ dueUs }, n) => dueUs - (n === 0 ? 0 : due[n - 1]!.dueUs));
  };

  test.each([0, 1, 2])('have gaps of mean 1/rate and variance 1/rate² in round %i', (round) => {
    const gaps = gapsOf({ round });
    const mean = gaps.reduce((sum, us) => sum + us, 0) / gaps.length;
    const variance = gaps.reduce((sum, us) => sum + (us - mean) ** 2, 0) / gaps.length;
    // 50,000 of them: standard errors of 0.45 % and 1.3 %.
    expect(mean / 2000).toBeGreaterThan(0.98);
    expect(mean / 2000).toBeLessThan(1.02);
    expect(variance / 2000 ** 2).toBeGreaterThan(0.94);
    expect(variance / 2000 ** 2).toBeLessThan(1.06);
  });

  test('have gaps that do not depend on the one before', () => {
    const gaps = gapsOf({});
    const mean = 2000;
    const covariance = gaps.slice(1).reduce((sum, us, n) => sum + (us - mean) * (gaps[n]! - mean), 0) / gaps.length;
    expect(Math.abs(covariance) / mean ** 2).toBeLessThan(0.03);
  });

  test('are others with another seed, in another round, and the same again with the same', () => {
    expect(gapsOf({})).toEqual(gapsOf({}));
    expect(gapsOf({ seed: 43 }).slice(0, 5)).not.toEqual(gapsOf({}).slice(0, 5));
    expect(gapsOf({ round: 1 }).slice(0, 5)).not.toEqual(gapsOf({}).slice(0, 5));
  });
});
