import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Account, Recording } from '../../../src/core/recording.ts';
import type { Slot } from '../../../src/core/slot.ts';
import { judgeCounter } from '../../../src/judge/consistency/counter.ts';

/** A change to a key as the target saw it: what was acknowledged, and whether it stayed. */
interface Change {
  readonly delta: number;
  readonly told: 'acknowledged' | 'unknown';
  readonly applied: 0 | 1 | 2;
}

const accountOf = (changes: readonly Change[]): Account => {
  const sum = (those: readonly Change[]): number => those.reduce((total, { delta }) => total + delta, 0);
  const known = changes.filter(({ told }) => told === 'acknowledged');
  const unknown = changes.filter(({ told }) => told === 'unknown');
  return {
    acknowledged: sum(known),
    acknowledgedCount: known.length,
    unknownLess: sum(unknown.filter(({ delta }) => delta < 0)),
    unknownMore: sum(unknown.filter(({ delta }) => delta > 0)),
    unknownCount: unknown.length,
    least: Math.min(...changes.map(({ delta }) => delta)),
    most: Math.max(...changes.map(({ delta }) => delta)),
  };
};

const slotOf = (changes: readonly Change[], before = 1000, round = 0): Slot => {
  const after = before + changes.reduce((total, { delta, applied }) => total + delta * applied, 0);
  return {
    mode: 'm',
    round,
    position: 0,
    workers: 1,
    pacing: 'relaxed',
    finals: { a: [before, after] },
    recording: { accounts: changes.length === 0 ? {} : { a: accountOf(changes) } } as unknown as Recording,
  };
};

const acknowledged = (count: number, delta: number, applied: 0 | 1 | 2 = 1): Change[] =>
  Array.from({ length: count }, () => ({ delta, told: 'acknowledged', applied }));
const unknown = (count: number, delta: number, applied: 0 | 1): Change[] =>
  Array.from({ length: count }, () => ({ delta, told: 'unknown', applied }));

describe('judgeCounter', () => {
  test('finds nothing where every acknowledged change stayed', () => {
    expect(judgeCounter([slotOf(acknowledged(10, -1))])).toEqual({
      lost: { acknowledged: 10, atLeast: 0, atMost: 0 },
      consistency: {
        verdict: 'no-violation-found',
        model: 'counter',
        findings: [],
        coverage: { keys: 1, acknowledged: 10, unknown: 0 },
      },
    });
  });

  test('counts lost updates exactly where nothing is unknown', () => {
    const { lost, consistency } = judgeCounter([slotOf([...acknowledged(7, -1), ...acknowledged(3, -1, 0)])]);
    expect(lost).toEqual({ acknowledged: 10, atLeast: 3, atMost: 3 });
    expect(consistency.verdict).toBe('violated');
    expect(consistency.findings).toEqual([
      {
        rule: 'lost-update',
        round: 0,
        key: 'a',
        before: 1000,
        expected: [990, 990],
        after: 993,
        acknowledged: 10,
        atLeast: 3,
        atMost: 3,
      },
    ]);
  });

  test('a change of which nobody knows widens the bounds, and is no violation by itself', () => {
    for (const applied of [0, 1] as const) {
      const { lost, consistency } = judgeCounter([slotOf([...acknowledged(10, -1), ...unknown(2, -1, applied)])]);
      expect(consistency.verdict).toBe('no-violation-found');
      expect(lost.atLeast).toBe(0);
      expect(lost.atMost).toBeLessThanOrEqual(2);
    }
  });

  test('what was applied twice is found, and is not called lost', () => {
    const { lost, consistency } = judgeCounter([slotOf([...acknowledged(9, 5), ...acknowledged(1, 5, 2)])]);
    expect(lost).toEqual({ acknowledged: 10, atLeast: 0, atMost: 0 });
    expect(consistency.findings[0]).toMatchObject({ rule: 'more-than-acknowledged', atLeast: 1, atMost: 1 });
  });

  test('a key that changed though nobody changed it is found', () => {
    const slot: Slot = { ...slotOf([]), finals: { a: [10, 12] } };
    expect(judgeCounter([slot]).consistency.verdict).toBe('violated');
  });

  test('with nothing acknowledged there is nothing to judge', () => {
    expect(judgeCounter([slotOf([])]).consistency.verdict).toBe('not-exercised');
  });

  test('adds up rounds, the worst finding first', () => {
    const { lost, consistency } = judgeCounter([
      slotOf(acknowledged(5, -1), 1000, 0),
      slotOf(acknowledged(1, -1, 0), 1000, 1),
      slotOf(acknowledged(4, -1, 0), 1000, 2),
    ]);
    expect(lost).toEqual({ acknowledged: 10, atLeast: 5, atMost: 5 });
    expect(consistency.findings.map(({ round, atLeast }) => [round, atLeast])).toEqual([
      [2, 4],
      [1, 1],
    ]);
  });

  test('the true number of lost updates always lies within the bounds', () => {
    const change = (delta: fc.Arbitrary<number>): fc.Arbitrary<Change> =>
      fc.record({
        delta,
        told: fc.constantFrom('acknowledged' as const, 'unknown' as const),
        applied: fc.constantFrom(0 as const, 1 as const),
      });
    const oneWay = fc
      .oneof(fc.constant(-1), fc.constant(3))
      .chain((delta) => fc.array(change(fc.constant(delta)), { minLength: 1, maxLength: 30 }));
    const sizes = fc.array(change(fc.integer({ min: -4, max: -1 })), { minLength: 1, maxLength: 30 });
    const mixed = fc.array(change(fc.integer({ min: -3, max: 3 }).filter((delta) => delta !== 0)), {
      minLength: 1,
      maxLength: 30,
    });
    fc.assert(
      fc.property(fc.oneof(oneWay, sizes, mixed), (changes) => {
        const truth = changes.filter(({ told, applied }) => told === 'acknowledged' && applied === 0).length;
        const { lost } = judgeCounter([slotOf(changes)]);
        expect(lost.atLeast).toBeLessThanOrEqual(truth);
        expect(lost.atMost).toBeGreaterThanOrEqual(lost.atLeast);
        // Changes that cancel out hide a loss from any sum; one way, none can.
        if (
          Math.sign(Math.min(...changes.map(({ delta }) => delta))) ===
          Math.sign(Math.max(...changes.map(({ delta }) => delta)))
        ) {
          expect(lost.atMost).toBeGreaterThanOrEqual(truth);
        }
      }),
      { numRuns: 2000 },
    );
  });
});
