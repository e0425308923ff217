import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { expectedUs, fitTo, startedWarmupUs } from '../../../src/core/plan/length.ts';
import type { Plan } from '../../../src/core/plan/plan.ts';
import { planOf } from '../../scenario/reading.ts';

const plan = (load: string, target = 'http://127.0.0.1:1'): Plan =>
  planOf(`target: ${target}\nrounds: 6\nload: ${load}\nsteps:\n  - get: /\nmodes:\n  locked: mutex\n  free: none\n`);

const durations = ({ modes }: Plan): readonly unknown[] => modes.map(({ load }) => load.stop);

describe('the length of a run', () => {
  test('is its slots with warm-up and a tenth of a second each', () => {
    expect(expectedUs(plan('{ users: 1, duration: 6s, warmup: 200ms }'), 6)).toBe(2 * 6 * 1_300_000);
  });

  test('knows that the built-in store is warmed by every mode', () => {
    expect(expectedUs(plan('{ users: 1, duration: 6s, warmup: 0 }', 'builtin:store'), 6)).toBe(
      2 * 6 * 1_100_000 + 1_400_000,
    );
  });

  test('has no longer a warm-up of the store than a mode is measured for', () => {
    expect(expectedUs(plan('{ users: 1, duration: 120ms, warmup: 0 }', 'builtin:store'), 6)).toBe(
      2 * 6 * 120_000 + 2 * 220_000,
    );
    const warmups = ['iterations: 20', 'iterations: 5000', 'stages: [{ duration: 200ms, rate: 50/s }]'].map((stop) =>
      startedWarmupUs(plan(`{ users: 1, ${stop} }`, 'builtin:store').modes[0]),
    );
    expect(warmups).toEqual([20_000, 600_000, 200_000]);
  });

  test('is not known where a number of iterations ends a slot', () => {
    expect(expectedUs(plan('{ users: 1, iterations: 100 }'), 6)).toBe(0);
  });
});

describe('a budget', () => {
  const asked = plan('{ users: 1, duration: 60s, warmup: 200ms }');

  test('shortens the measured parts alone, by as much as it takes', () => {
    const fitted = fitTo(30_000_000, asked, 6) as Plan;
    expect(expectedUs(fitted, 6)).toBeCloseTo(30_000_000, -3);
    // 30 s less 12 slots of 300 ms, over 2 modes.
    expect(durations(fitted)).toEqual([0, 1].map(() => ({ kind: 'duration', durationUs: 13_200_000 })));
    expect(fitted.modes[0].load.warmupUs).toBe(200_000);
  });

  test('that is long enough changes nothing', () => {
    expect(fitTo(3600_000_000, asked, 6)).toBe(asked);
  });

  test('that the shortest slots do not fit into tells what they take', () => {
    expect(fitTo(1_000_000, asked, 6)).toBe(12 * 400_000);
  });

  test('cannot be kept by a number of iterations', () => {
    expect(fitTo(1_000_000, plan('{ users: 1, iterations: 100 }'), 6)).toBe(0);
  });

  test('is never exceeded, whatever it is, where it can be kept', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 200_000_000 }), fc.constantFrom(6, 12), (budgetUs, rounds) => {
        const fitted = fitTo(budgetUs, asked, rounds);
        if (typeof fitted === 'number') expect(fitted).toBeGreaterThan(budgetUs);
        else expect(expectedUs(fitted, rounds)).toBeLessThanOrEqual(Math.max(budgetUs, 1));
      }),
    );
  });
});
