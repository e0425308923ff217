import { describe, expect, test } from 'vitest';
import { scalingOf } from '../../../src/judge/scaling/scaling.ts';
import { curveOf, drawsOf, knee, sample, type Curve } from './draws.ts';

const of = (curve: Curve, noise = 0.01, rounds = 7) => scalingOf(sample(curve, rounds, noise, drawsOf(1, 'one')), 0.05);

describe('how a mode grows', () => {
  test('with a law that fits: its peak, its coefficients and their intervals', () => {
    const { verdict, peak, intervals, plateau } = of(curveOf('A'));
    expect(verdict).toBe('fits');
    expect(plateau).toMatchObject({ falls: true });
    expect(peak!.low).toBeLessThan(43.6);
    expect(peak!.high).toBeGreaterThan(43.6);
    expect(intervals!.sigma.low).toBeLessThan(0.05);
    expect(intervals!.sigma.high).toBeGreaterThan(0.05);
    expect(intervals!.kappa.estimate).toBeCloseTo(0.0005, 4);
  });

  test('without a peak where none was seen, however well the law fits', () => {
    const { verdict, peak, plateau } = of(curveOf('E'));
    expect(verdict).toBe('fits');
    expect(plateau.falls).toBe(false);
    expect(peak).toBeUndefined();
  });

  test('without a law where work outside the lock bends the curve, and by how much that is off', () => {
    const { verdict, misfit, peak, intervals } = of(knee(8));
    expect(verdict).toBe('rejected');
    expect(Math.abs(misfit!.worst.share)).toBeGreaterThan(0.08);
    expect([peak, intervals]).toEqual([undefined, undefined]);
  });

  test('roughly, where very quiet data are off the law by less than anybody would mind', () => {
    const bent: Curve = (users) => curveOf('A')(users) * (users === 8 ? 1.03 : 1);
    const { verdict, peak, misfit } = of(bent, 0.001);
    expect(verdict).toBe('rough');
    expect(Math.abs(misfit!.worst.share)).toBeLessThan(0.05);
    expect(peak).toBeUndefined();
  });

  test('by its plateau alone, with too few points for a law', () => {
    const whole = sample(curveOf('B'), 7, 0.01, drawsOf(2, 'few'));
    const few = scalingOf({ at: whole.at.slice(0, 5), logs: whole.logs.slice(0, 5) }, 0.05);
    expect(few).toEqual({ verdict: 'too few points', plateau: { best: 16, from: 16, to: 16, falls: false } });
  });

  test('with rounds that are all the same', () => {
    const grid = sample(curveOf('A'), 7, 0, { uniform: () => 0.5, normal: () => 0 });
    expect(scalingOf(grid, 0.05).plateau).toMatchObject({ best: 32, falls: true });
  });

  test('of a single round: what happened, and no interval', () => {
    const { plateau, intervals } = of(curveOf('A'), 0.01, 1);
    expect(plateau).toMatchObject({ from: 1, to: 128, falls: false });
    expect(intervals).toBeUndefined();
  });
});
