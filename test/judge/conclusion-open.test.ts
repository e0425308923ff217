import { describe, expect, test } from 'vitest';
import type { Comparison, ModeResult } from '../../src/core/result.ts';
import { conclude } from '../../src/judge/conclusion.ts';
import { iterations, lostWith, modeWith, times } from './mode.ts';

const offered = { arrival: 'even', perSecond: 2000, pacing: 'hybrid', late: 0 } as const;

/** A mode that completed so many a second of 2,000, each of that length, in one round of six seconds. */
const open = (name: string, perSecond: number, us: number, more: Partial<ModeResult> = {}): ModeResult => {
  const completed = perSecond * 6;
  return modeWith({
    name,
    offered,
    conflicts: 0,
    throughputPerSecond: perSecond,
    iterations: iterations({ completed, dropped: 12_000 - completed }),
    responseTimeUs: times(completed, us),
    slots: [{ round: 0, position: 0, throughputPerSecond: perSecond, p50Us: us / 2, p95Us: us, p99Us: us, errors: 0 }],
    ...lostWith(0, 0, 'no-violation-found'),
    ...more,
  });
};
const ratio = (mode: string, value: number, metric: Comparison['metric'] = 'p99'): Comparison => ({
  mode,
  control: 'locked',
  metric,
  ratio: value,
  rounds: 1,
});

describe('under an open load', () => {
  test('modes that kept up are told apart by their p99, and not by their throughput', () => {
    const modes = [open('locked', 2000, 12_000), open('two-locks', 1999, 3000)];
    expect(conclude(modes, [ratio('two-locks', 0.25), ratio('two-locks', 1, 'throughput')], 'locked')).toBe(
      'At 2,000/s on 20 keys all modes kept up. two-locks has the lowest p99 of the modes that stayed right: ' +
        'p99 3.0 ms, 0.25 × that of locked, no update lost. locked p99 12.0 ms, no update lost.',
    );
  });

  test('a mode that completed less than 99 % is said not to have kept up, and is not named the best', () => {
    const modes = [open('locked', 1650, 400), open('two-locks', 2000, 3000)];
    expect(conclude(modes, [ratio('two-locks', 7)], 'locked')).toBe(
      'At 2,000/s on 20 keys locked did not keep up. ' +
        'two-locks has the lowest p99 of the modes that kept up and stayed right: p99 3.0 ms, 7.00 × that of locked, no update lost. ' +
        'locked 1,650 of 2,000/s, 18 % dropped, no update lost.',
    );
  });

  test('what ends a little after the window is no falling behind', () => {
    const few = { ...offered, perSecond: 50 };
    const mode = open('locked', 49, 3000, { offered: few, iterations: iterations({ completed: 50 }) });
    expect(conclude([mode], [], 'locked')).toMatch(/^At 50\/s on 20 keys locked kept up\. It stayed right: p95/u);
  });

  test('a mode that lost updates is not named the best, and none is where the right ones did not keep up', () => {
    const lossy = open('free', 2000, 900, lostWith(10, 10, 'violated'));
    expect(conclude([open('locked', 1000, 9000), lossy], [ratio('free', 0.1)], 'locked')).toBe(
      'At 2,000/s on 20 keys locked did not keep up. No mode that stayed right kept up. ' +
        'locked 1,000 of 2,000/s, 50 % dropped, no update lost. free p99 0.9 ms, 0.10 × that of locked, and lost 1.0 % of the updates.'.replace(
          '0.9 ms',
          '900 µs',
        ),
    );
  });

  test('modes within a twentieth of the lowest are named together', () => {
    const modes = [open('locked', 2000, 3100), open('two-locks', 2000, 3000)];
    expect(conclude(modes, [ratio('two-locks', 0.97)], 'locked')).toContain(
      'two-locks and locked are level with the lowest p99 of the modes that stayed right: two-locks p99 3.0 ms',
    );
  });

  test('a p99 that failures may hide gives way to a percentile that they cannot', () => {
    const failing = { iterations: iterations({ completed: 11_700, failed: 300 }), responseTimeUs: times(11_700, 3000) };
    expect(conclude([open('locked', 1990, 3000, failing)], [], 'locked')).toContain('It stayed right: p95 3.0 ms');
  });

  test('nobody kept up, and nobody asked about the data', () => {
    const none = { lost: null, consistency: null };
    expect(conclude([open('a', 100, 10, none), open('b', 100, 10, none)], [], 'a')).toMatch(
      /^At 2,000\/s no mode kept up\. Whether the data stayed right is not known/u,
    );
  });

  test('a mode with a load of its own is told, and not compared', () => {
    const other = { differentWorkload: true, offered: { ...offered, perSecond: 100 } };
    const modes = [
      open('locked', 2000, 9000),
      open('small', 100, 10, { ...other, iterations: iterations({ completed: 600 }) }),
    ];
    expect(conclude(modes, [], 'locked')).toMatch(
      /^At 2,000\/s on 20 keys locked kept up\. locked has the lowest p99/u,
    );
  });
});
