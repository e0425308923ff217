import { describe, expect, test } from 'vitest';
import type { ModeResult } from '../../../src/core/result/result.ts';
import { compare } from '../../../src/judge/compare/compare.ts';
import { conclude } from '../../../src/judge/conclusion/conclusion.ts';
import { iterations, lostWith, modeWith, slotTimes, slotWith, times } from '../mode.ts';

const offered = { arrival: 'even', perSecond: 2000, pacing: 'hybrid', late: 0 } as const;

/** A mode that completed so many a second of 2,000, each of that length give or take a percent, in 12 rounds. */
const open = (name: string, perSecond: number, us: number, more: Partial<ModeResult> = {}, count = 12): ModeResult => {
  const completed = perSecond * count;
  return modeWith({
    name,
    offered,
    conflicts: 0,
    throughputPerSecond: perSecond,
    iterations: iterations({ completed, dropped: 2000 * count - completed }),
    responseTimeUs: times(completed, us),
    slots: Array.from({ length: count }, (_, round) => {
      const factor = 1 + 0.01 * [0, -1, 1, -0.5, 0.5][round % 5]!;
      return slotWith({ round, throughputPerSecond: perSecond, response: slotTimes(perSecond, us * factor) });
    }),
    ...lostWith(0, 0, 'no-violation-found'),
    ...more,
  });
};
const concluded = (...modes: readonly ModeResult[]): string =>
  conclude(modes, compare(modes, modes[0]!.name), modes[0]!.name).sentence;

describe('under an open load', () => {
  test('modes that kept up are told apart by their p99, and not by their throughput', () => {
    expect(concluded(open('locked', 2000, 12_000), open('two-locks', 1999, 3000))).toBe(
      'At 2,000/s all modes kept up. two-locks has the lowest p99 of the modes that kept the data right: ' +
        'p99 3.0 ms, 0.25 × the p99 of locked (95 % interval 0.25 to 0.25).',
    );
  });

  test('a mode that completed less than 99 % is said not to have kept up, and is not named the best', () => {
    expect(concluded(open('locked', 1650, 400), open('two-locks', 2000, 3000))).toBe(
      'At 2,000/s locked did not keep up (1,650/s, 18 % dropped). ' +
        'two-locks is the only mode that kept up and kept the data right: p99 3.0 ms, 7.50 × the p99 of locked (95 % interval 7.50 to 7.50).',
    );
  });

  test('what ends a little after the window is no falling behind', () => {
    const few = { ...offered, perSecond: 50 };
    const mode = open('locked', 49, 3000, { offered: few, iterations: iterations({ completed: 50 }) });
    expect(conclude([mode], [], 'locked').sentence).toMatch(/^At 50\/s locked kept up\. The data stayed right: p50/u);
  });

  test('a mode that lost updates is not named the best, and none is where the right ones did not keep up', () => {
    const lossy = open('free', 2000, 900, lostWith(10, 10, 'violated'));
    expect(concluded(open('locked', 1000, 9000), lossy)).toBe(
      'At 2,000/s locked did not keep up (1,000/s, 50 % dropped). No mode that kept the data right kept up.',
    );
    expect(concluded({ ...lossy, name: 'a' }, { ...lossy, name: 'b' })).toContain('No mode kept the data right.');
  });

  test('modes that are shown to be level are named together', () => {
    expect(concluded(open('locked', 2000, 3000), open('two-locks', 2000, 3000))).toMatch(
      /kept up\. locked and two-locks are level with the lowest p99 of the modes that kept the data right\.$/u,
    );
  });

  test('none is named where the rounds are too few, or do not tell the best two apart', () => {
    expect(concluded(open('locked', 2000, 9000, {}, 1), open('two-locks', 2000, 3000, {}, 1))).toMatch(
      /kept up\. Which of two-locks and locked has the lowest p99 of the modes that kept the data right cannot be told: it takes 6 rounds, and there is 1\.$/u,
    );
    const wild = open('wild', 2000, 3000);
    const slots = wild.slots.map((slot, at) => ({ ...slot, response: slotTimes(2000, 3000 * (at % 2 ? 1.4 : 0.7)) }));
    expect(concluded(open('locked', 2000, 3000), { ...wild, slots })).toMatch(
      /cannot be told: 12 rounds do not tell (locked and wild|wild and locked) apart\.$/u,
    );
  });

  test('a percentile that some round has too few samples for gives way to one that all have', () => {
    const few = (name: string, us: number): ModeResult =>
      open(name, 500, us, { offered: { ...offered, perSecond: 500 } });
    expect(concluded(few('locked', 9000), few('two-locks', 3000))).toContain('two-locks has the lowest p95');
  });

  test('a p99 that failures may hide gives way to a percentile that they cannot', () => {
    const failing = open('locked', 1990, 3000, { iterations: iterations({ completed: 23_400, failed: 600 }) });
    const slots = failing.slots.map((slot) => ({ ...slot, response: slotTimes(1950, 3000, 50) }));
    expect(concluded({ ...failing, slots })).toContain('The data stayed right: p95 3.0 ms');
  });

  test('nobody kept up, and nobody asked about the data', () => {
    const none = { lost: null, consistency: null };
    expect(conclude([open('a', 100, 10, none), open('b', 100, 10, none)], [], 'a').sentence).toBe(
      'At 2,000/s a did not keep up (100/s, 95 % dropped) and b did not keep up (100/s, 95 % dropped).',
    );
  });

  test('a mode with a load of its own is told, and not compared', () => {
    const other = { differentWorkload: true, offered: { ...offered, perSecond: 100 } };
    const modes = [
      open('locked', 2000, 9000),
      open('small', 100, 10, { ...other, iterations: iterations({ completed: 600 }) }),
    ];
    expect(conclude(modes, [], 'locked').sentence).toMatch(
      /^At 2,000\/s locked kept up\. locked is the only mode of this workload that kept the data right: p99 9\.0 ms/u,
    );
  });
});
