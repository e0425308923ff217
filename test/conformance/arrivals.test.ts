import { describe, expect, test } from 'vitest';
import { stream } from '../../src/core/random.ts';
import { gaps } from '../../src/measure/load/index.ts';
import { arrivalSyntax, type ArrivalName } from '../../src/measure/load/syntax.ts';

const many = 20_000;

describe.each(Object.keys(gaps) as ArrivalName[])('arrivals: %s', (name) => {
  const gapsOf = (seed: number): number[] => {
    const gap = gaps[name](seed, stream('arrivals.0'));
    return Array.from({ length: many }, (_, arrival) => gap(arrival));
  };

  test('gaps are never negative, finite, and 1 on average', () => {
    const found = gapsOf(42);
    expect(found.every((gap) => gap >= 0 && gap < Infinity)).toBe(true);
    const mean = found.reduce((sum, gap) => sum + gap, 0) / many;
    expect(mean).toBeGreaterThan(0.97);
    expect(mean).toBeLessThan(1.03);
  });

  test('a gap depends on its number, not on when or how often it is asked for', () => {
    const forward = gapsOf(7);
    const gap = gaps[name](7, stream('arrivals.0'));
    for (const arrival of [999, 0, 500, 999, 1]) expect(gap(arrival)).toBe(forward[arrival]);
  });

  test('the word may stand alone, takes no options that it does not know, and says what it is', () => {
    const { summary, options } = arrivalSyntax[name];
    expect(summary).not.toBe('');
    expect(options.safeParse(undefined).success).toBe(true);
    expect(options.safeParse({ unknown: 1 }).success).toBe(false);
  });
});
