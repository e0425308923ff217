import { describe, expect, test } from 'vitest';
import type { ConnectionCounts } from '../../src/core/recording/recording.ts';
import type { Slot } from '../../src/core/slot.ts';
import type { Warning } from '../../src/core/result/warning.ts';
import { closings } from '../../src/judge/closings.ts';
import { modeWith } from './mode.ts';

const counts = (more: Partial<ConnectionCounts>): ConnectionCounts => ({
  opened: 8,
  open: 8,
  answering: 8,
  starved: 0,
  closed: 0,
  closedAnswers: 0,
  closedLost: 0,
  unclosed: 0,
  ...more,
});

const told = (...slots: readonly (ConnectionCounts | undefined)[]): readonly Warning[] =>
  closings(
    modeWith({ name: 'free' }),
    slots.map((connections) => ({ recording: { connections } }) as unknown as Slot),
  );

describe('a target that closes connections without saying so', () => {
  test('is told once for a mode, with what it cost in all slots', () => {
    const warnings = told(
      counts({ closed: 4, closedAnswers: 4, closedLost: 2 }),
      counts({ closed: 6, closedAnswers: 6 }),
    );
    expect(warnings.map(({ code }) => code)).toEqual(['TARGET_CLOSES']);
    expect(warnings[0]!.message).toBe(
      'the target of free closes each connection after 1 answer and does not say so: 2 requests went to a closed one.',
    );
  });

  test('is told after how many answers, where they are alike, and that nothing was lost', () => {
    expect(told(counts({ closed: 4, closedAnswers: 20 }))[0]!.message).toBe(
      'the target of free closes each connection after 5 answers and does not say so: no request was lost to it.',
    );
    expect(told(counts({ closed: 9, closedLost: 5 }))[0]!.message).toBe(
      'the target of free closes connections and does not say so: 5 requests went to a closed one.',
    );
  });

  test('is none where one or two were closed, or nobody counted them', () => {
    expect(told(counts({ closed: 2, closedAnswers: 2, closedLost: 2 }), undefined)).toEqual([]);
  });
});

test('answers that may be cut off are told, with how many', () => {
  const [warning] = told(counts({ unclosed: 1200 }), counts({ unclosed: 1 }));
  expect(warning).toMatchObject({ code: 'MAYBE_CUT_OFF' });
  expect(warning!.message).toContain('1,201 of the answers to free may be cut off, and count as complete');
});
