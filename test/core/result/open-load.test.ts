import { describe, expect, test } from 'vitest';
import { keptUp } from '../../../src/core/result/open-load.ts';
import type { ModeResult } from '../../../src/core/result/result.ts';
import { iterations, modeWith } from '../../judge/mode.ts';

/** A mode that so many arrivals were due of, in six slots of a second. */
const open = (due: number, backlog: { readonly atStart: number; readonly atEnd: number }, dropped = 0): ModeResult =>
  modeWith({
    offered: { arrival: 'even', perSecond: due / 6, pacing: 'hybrid', late: 0, backlog },
    iterations: iterations({ completed: due - dropped, dropped }),
  });

describe('a mode kept up', () => {
  test('where the backlog is as long at the end as it was at the start', () => {
    expect(keptUp(open(360, { atStart: 36, atEnd: 36 }))).toBe(true);
    expect(keptUp(open(360, { atStart: 36, atEnd: 0 }))).toBe(true);
  });

  test('where it grew by at most 1 % of what was due', () => {
    expect(keptUp(open(12_000, { atStart: 0, atEnd: 120 }))).toBe(true);
    expect(keptUp(open(12_000, { atStart: 0, atEnd: 121 }))).toBe(false);
  });

  test('where it grew by no more than what is in flight may differ by at two moments', () => {
    // 3 × √(2 × 50) is 30.
    expect(keptUp(open(600, { atStart: 50, atEnd: 80 }))).toBe(true);
    expect(keptUp(open(600, { atStart: 50, atEnd: 81 }))).toBe(false);
  });

  test('where at most 1 % of the arrivals were dropped', () => {
    expect(keptUp(open(1000, { atStart: 0, atEnd: 0 }, 10))).toBe(true);
    expect(keptUp(open(1000, { atStart: 0, atEnd: 0 }, 11))).toBe(false);
  });

  test('under a closed load, which offers no more than is taken', () => {
    expect(keptUp(modeWith({ offered: null }))).toBe(true);
  });
});
