import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Comparison, ModeResult, SlotResult } from '../../../src/core/result/result.ts';
import { compare, compareTwo } from '../../../src/judge/compare/compare.ts';
import { median } from '../../../src/judge/median.ts';
import { jain } from '../../../src/judge/mode-result.ts';
import { modeWith, slotTimes, slotWith } from '../mode.ts';

const slot = (round: number, throughputPerSecond: number): SlotResult =>
  slotWith({ round, throughputPerSecond, response: slotTimes(1000, 100) });
const mode = (name: string, ...throughputs: readonly number[]): ModeResult =>
  modeWith({ name, slots: throughputs.map((throughput, round) => slot(round, throughput)) });
/** So much more or less in each of 12 rounds, of a machine whose pace changes. */
const beside = (...factors: readonly number[]): Comparison => {
  const pace = (round: number): number => 1000 + 100 * (round % 5);
  const rounds = Array.from({ length: 12 }, (_, round) => round);
  const own = rounds.map((round) => pace(round) * factors[round % factors.length]!);
  return compareTwo(mode('free', ...own), mode('locked', ...rounds.map(pace)), 'throughput', 'one look')!;
};
const metricsIn = (comparisons: readonly Comparison[]): readonly string[] => comparisons.map(({ metric }) => metric);

describe('compare', () => {
  test('takes ratios round by round, so that a slow round of the machine touches both', () => {
    const comparisons = compare([mode('locked', 100, 10, 50), mode('free', 200, 20, 100)], 'locked');
    expect(comparisons.find(({ metric }) => metric === 'throughput')).toEqual({
      mode: 'free',
      control: 'locked',
      metric: 'throughput',
      ratio: 2,
      low: null,
      high: null,
      level: 0.95,
      rounds: 3,
      noise: 0,
      verdict: null,
    });
  });

  test.each<[what: string, factors: readonly number[], verdict: Comparison['verdict']]>([
    ['more in every round', [1.2, 1.25, 1.3], 'faster'],
    ['less in every round', [0.8, 0.85, 0.9], 'slower'],
    ['a percent more or less', [0.99, 1.01, 1], 'no difference shown'],
    ['the same to the last digit', [1], 'no difference shown'],
    ['a third more or less', [0.7, 1.4, 1.1], 'inconclusive'],
  ])('throughput of %s', (_, factors, verdict) => {
    expect(beside(...factors).verdict).toBe(verdict);
  });

  test('a time that is longer is slower', () => {
    const slow = modeWith({
      name: 'slow',
      slots: Array.from({ length: 12 }, (_, round) => slotWith({ round, response: slotTimes(1000, 200 + round) })),
    });
    const comparisons = compare([mode('locked', ...Array.from({ length: 12 }, () => 100)), slow], 'locked');
    expect(comparisons.map(({ metric, verdict }) => [metric, verdict])).toEqual([
      ['p50', 'slower'],
      ['p95', 'slower'],
      ['p99', 'slower'],
    ]);
  });

  test('has no interval and no verdict in fewer than 6 rounds, or than 7 with two looks', () => {
    const of = (rounds: number): readonly ModeResult[] =>
      ['locked', 'free'].map((name, at) => mode(name, ...Array.from({ length: rounds }, () => 100 + 50 * at)));
    const seen = (rounds: number, looks: 'one look' | 'two looks') => compare(of(rounds), 'locked', looks)[0]?.verdict;
    expect([seen(5, 'one look'), seen(6, 'one look')]).toEqual([null, 'faster']);
    expect([seen(6, 'two looks'), seen(7, 'two looks')]).toEqual([null, 'faster']);
  });

  test('moves ratio and interval by exactly the factor that a mode is multiplied by', () => {
    const factors = fc.array(fc.double({ min: 0.5, max: 2, noNaN: true }), { minLength: 12, maxLength: 12 });
    fc.assert(
      fc.property(factors, (all) => {
        const [plain, moved] = [beside(...all), beside(...all.map((factor) => factor * 1.07))];
        expect(moved.ratio / plain.ratio).toBeCloseTo(1.07, 9);
        expect(moved.low! / plain.low!).toBeCloseTo(1.07, 9);
        expect(moved.high! / plain.high!).toBeCloseTo(1.07, 9);
      }),
    );
  });

  test('leaves out a metric that some round lacks, and not the round', () => {
    const few = { ...slot(5, 100), response: slotTimes(999, 100) };
    const hidden = { ...slot(5, 100), response: slotTimes(1000, 100, 60) };
    const stuck = { ...slot(5, 0), response: slotTimes(1000, 100) };
    const [locked, free] = [mode('locked', 1, 2, 3, 4, 5, 6), mode('free', 1, 2, 3, 4, 5)];
    const seen = (last: SlotResult): readonly string[] =>
      metricsIn(compare([locked, { ...free, slots: [...free.slots, last] }], 'locked'));
    expect(seen(few)).toEqual(['throughput', 'p50', 'p95']);
    expect(seen(hidden)).toEqual(['throughput', 'p50']);
    expect(seen(stuck)).toEqual(['p50', 'p95', 'p99']);
  });

  test('leaves out a round in which a mode had not begun when it was interrupted', () => {
    const begun = mode('free', 300, 300);
    const cut = { ...begun, slots: [...begun.slots, slotWith({ round: 2 })] };
    const comparisons = compare([mode('locked', 100, 100, 100), cut], 'locked');
    expect(comparisons.map(({ metric, rounds }) => [metric, rounds])[0]).toEqual(['throughput', 2]);
  });

  test('says nothing where the control was not measured', () => {
    expect(compare([mode('free', 1)], 'locked')).toEqual([]);
  });
});

test('the median of an even number lies between the middle two', () => {
  expect([median([3, 1, 2]), median([4, 1, 3, 2]), median([])]).toEqual([2, 2.5, 0]);
});

test("Jain's index is 1 where all have the same and 1/n where one has all", () => {
  expect([jain([5, 5, 5, 5]), jain([8, 0, 0, 0]), jain([0, 0])]).toEqual([1, 0.25, null]);
});
