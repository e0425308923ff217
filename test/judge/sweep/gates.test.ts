import { describe, expect, test } from 'vitest';
import type { CapacityResult, ScalingResult } from '../../../src/core/result/sweep.ts';
import type { SweepGate } from '../../../src/core/sweep/plan.ts';
import { judgeSweepGates } from '../../../src/judge/sweep/gates.ts';

const law: ScalingResult['law'] = {
  verdict: 'too few points',
  p: null,
  worst: null,
  gamma: null,
  sigma: null,
  kappa: null,
  peak: null,
};

const scalingOf = (from: number, to: number, falls: boolean): ScalingResult => ({
  mode: 'a',
  peak: { best: from, from, to, falls },
  law,
  ceilingPerSecond: null,
});

const capacityOf = (mode: string, keeps: number | null, fails: number | null): CapacityResult => ({
  mode,
  gates: [],
  keeps,
  fails,
  undecided: [],
  endedBy: 'width',
  limit: 'target',
  exercised: null,
  probes: [],
});

const verdictOf = (
  gate: Omit<SweepGate, 'text'>,
  facts: { readonly scaling?: readonly ScalingResult[]; readonly capacity?: readonly CapacityResult[] },
  doubt?: string,
): string =>
  judgeSweepGates([{ text: 'gate', ...gate }], { scaling: [], capacity: [], points: 8, ...facts }, doubt)[0]!.verdict;

describe('peak(a) >= 16', () => {
  const gate = { metric: 'peak', mode: 'a', atLeast: 16 } as const;

  test.each([
    [16, 32, true, 'pass'],
    [32, 64, false, 'pass'],
    [4, 8, true, 'fail'],
    [4, 8, false, 'undecided'],
    [8, 16, true, 'undecided'],
    [1, 64, false, 'undecided'],
  ])('of a plateau from %i to %i, a fall shown: %s, is a %s', (from, to, falls, verdict) => {
    expect(verdictOf(gate, { scaling: [scalingOf(from, to, falls)] })).toBe(verdict);
  });

  test('of a mode of which nothing is known is undecided, and so is any gate while the sweep goes on', () => {
    expect(verdictOf(gate, {})).toBe('undecided');
    expect(verdictOf(gate, { scaling: [scalingOf(16, 32, true)] }, 'the sweep is not over')).toBe('undecided');
  });
});

describe('capacity(a) >= 2 * capacity(b)', () => {
  const gate = { metric: 'capacity', mode: 'a', atLeast: { mode: 'b', times: 2 } } as const;

  test.each([
    [210, 220, 100, 105, 'pass'],
    [209, 220, 100, 105, 'undecided'],
    [180, 199, 100, 105, 'fail'],
    [180, 200, 100, 105, 'undecided'],
    [null, 150, 100, 105, 'fail'],
    [250, null, 100, 105, 'pass'],
    [250, null, 100, null, 'undecided'],
    [null, null, null, null, 'undecided'],
  ])('keeps %s, fails %s, beside %s and %s: %s', (keeps, fails, otherKeeps, otherFails, verdict) => {
    const capacity = [capacityOf('a', keeps, fails), capacityOf('b', otherKeeps, otherFails)];
    expect(verdictOf(gate, { capacity })).toBe(verdict);
  });

  test('beside a mode that was not searched is undecided', () => {
    expect(verdictOf(gate, { capacity: [capacityOf('a', 100, 110)] })).toBe('undecided');
  });
});

test.each([
  [200, 210, 'pass'],
  [190, 200, 'fail'],
  [190, 210, 'undecided'],
])('capacity(a) >= 200 of one that keeps %i and fails at %i: %s', (keeps, fails, verdict) => {
  const gate = { metric: 'capacity', mode: 'a', atLeast: 200 } as const;
  expect(verdictOf(gate, { capacity: [capacityOf('a', keeps, fails)] })).toBe(verdict);
});
