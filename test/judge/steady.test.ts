import { describe, expect, test } from 'vitest';
import type { Mode } from '../../src/core/plan/plan.ts';
import { steadinessOf } from '../../src/judge/steady.ts';
import { planOf } from '../scenario/reading.ts';
import { modeWith, slotWith } from './mode.ts';

const text = (load: string): string =>
  `target: http://127.0.0.1:1\nload: ${load}\nsteps:\n  - get: /\nmodes:\n  locked: mutex\n  free: none\n`;

const modesOf = (load: string): readonly Mode[] => planOf(text(load)).modes;

const closed = '{ users: 4, duration: 12s }';

/** A mode whose slots drifted by those factors, second half against first. */
const drifted = (name: string, drifts: readonly (number | null)[]) =>
  modeWith({ name, slots: drifts.map((drift, round) => slotWith({ round, drift, throughputPerSecond: 100 })) });

const rounds = (drift: number): readonly number[] =>
  Array.from({ length: 12 }, (_, at) => drift * (1 + (at - 5.5) / 1000));

describe('steadiness', () => {
  test('is told where the second halves of the slots were faster in every round', () => {
    const [warning, ...others] = steadinessOf(modesOf(closed), [
      drifted('locked', rounds(1.08)),
      drifted('free', rounds(1)),
    ]);
    expect(others).toEqual([]);
    expect(warning).toMatchObject({ code: 'NOT_STEADY' });
    expect(warning!.message).toContain('locked +8.0 %');
    expect(warning!.message).not.toContain('free');
  });

  test('is told of a mode that became slower, too', () => {
    expect(steadinessOf(modesOf(closed), [drifted('free', rounds(0.9))])[0]!.message).toContain('free −10.0 %');
  });

  test.each([
    ['a change of 1 % in every round, which is a trifle', rounds(1.01)],
    ['ups and downs', [1.2, 0.8, 1.1, 0.9, 1.3, 0.75, 1.05, 0.95, 1.15, 0.85, 1.2, 0.8]],
    ['seven rounds, too few to be sure in', rounds(1.5).slice(0, 7)],
    ['slots whose halves nobody knows', rounds(1).map(() => null)],
  ])('is not doubted for %s', (_, drifts) => {
    expect(steadinessOf(modesOf(closed), [drifted('locked', drifts)])).toEqual([]);
  });

  test.each([
    ['an open load, whose rate is what was asked for', '{ rate: 100/s, duration: 12s }'],
    ['users who pause', '{ users: 4, duration: 12s, think: 10ms }'],
    ['stages', '{ stages: [{ duration: 1s, users: 1..4 }] }'],
    ['a number of iterations', '{ users: 4, iterations: 1000 }'],
  ])('is not asked of %s', (_, load) => {
    expect(steadinessOf(modesOf(load), [drifted('locked', rounds(1.5))])).toEqual([]);
  });
});
