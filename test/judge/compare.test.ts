import { describe, expect, test } from 'vitest';
import type { ModeResult, SlotResult } from '../../src/core/result.ts';
import { compare } from '../../src/judge/compare.ts';
import { median } from '../../src/judge/median.ts';
import { jain } from '../../src/judge/mode-result.ts';

const slot = (round: number, throughputPerSecond: number): SlotResult => ({
  round,
  position: 0,
  throughputPerSecond,
  p50Us: 100,
  p95Us: 200,
  p99Us: 0,
  errors: 0,
});
const mode = (name: string, ...throughputs: readonly number[]): ModeResult =>
  ({ name, slots: throughputs.map((throughput, round) => slot(round, throughput)) }) as unknown as ModeResult;

describe('compare', () => {
  test('takes ratios round by round, so that a slow round of the machine touches both', () => {
    const comparisons = compare([mode('locked', 100, 10, 50), mode('free', 200, 20, 100)], 'locked');
    expect(comparisons.find(({ metric }) => metric === 'throughput')).toEqual({
      mode: 'free',
      control: 'locked',
      metric: 'throughput',
      ratio: 2,
      rounds: 3,
    });
  });

  test('leaves out a round that has no ratio, and a metric that has none at all', () => {
    const comparisons = compare([mode('locked', 0, 100), mode('free', 50, 300)], 'locked');
    expect(comparisons.map(({ metric, ratio, rounds }) => [metric, ratio, rounds])).toEqual([
      ['throughput', 3, 1],
      ['p50', 1, 2],
      ['p95', 1, 2],
    ]);
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
