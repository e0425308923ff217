import type { Account } from '../../core/recording.ts';
import type { ConsistencyResult, Finding, Lost } from '../../core/result.ts';
import type { Slot } from '../../core/slot.ts';
import { balanceOf, noChanges } from './engines/balance.ts';

/** What the counter model says of one mode. */
export interface CounterVerdict {
  readonly lost: Lost;
  readonly consistency: ConsistencyResult;
}

/**
 * Holds what the target acknowledged against what became of it: after = before + Σ acknowledged, give or take the changes
 * of which nobody knows whether they happened. Needs no clock.
 *
 * That the sums agree is necessary, not sufficient: the verdict is then `no-violation-found`.
 */
export const judgeCounter = (slots: readonly Slot[]): CounterVerdict => {
  const judged = slots.flatMap(judgeSlot);
  const sum = (number: (key: KeyVerdict) => number): number => judged.reduce((total, key) => total + number(key), 0);
  const findings = judged.flatMap(({ finding }) => (finding === undefined ? [] : [finding]));
  const acknowledged = sum((key) => key.acknowledged);
  const unread = slots.some(({ finals }) => Object.values(finals).some((values) => values.includes(null)));
  return {
    lost: { acknowledged, atLeast: sum((key) => key.atLeast), atMost: sum((key) => key.atMost) },
    consistency: {
      verdict:
        findings.length > 0
          ? 'violated'
          : unread
            ? 'unknown'
            : acknowledged === 0
              ? 'not-exercised'
              : 'no-violation-found',
      model: 'counter',
      findings: findings.toSorted((a, b) => b.atLeast - a.atLeast),
      coverage: {
        keys: new Set(slots.flatMap((slot) => Object.keys(slot.recording.accounts))).size,
        acknowledged,
        unknown: sum((key) => key.unknown),
      },
    },
  };
};

interface KeyVerdict {
  readonly acknowledged: number;
  readonly unknown: number;
  readonly atLeast: number;
  readonly atMost: number;
  readonly finding: Finding | undefined;
}

const judgeSlot = ({ round, recording, finals }: Slot): readonly KeyVerdict[] =>
  Object.entries(finals).map(([key, [before, after]]) => {
    const account = recording.accounts[key];
    return before === null || after === null
      ? { acknowledged: 0, unknown: account?.unknownCount ?? 0, atLeast: 0, atMost: 0, finding: undefined }
      : judgeKey(round, key, before, after, account ?? noChanges);
  });

const judgeKey = (round: number, key: string, before: number, after: number, account: Account): KeyVerdict => {
  const { acknowledgedCount, unknownCount } = account;
  const { expected, outside, isTooMuch, lost, extra } = balanceOf(account, before, after);
  const finding: Finding | undefined =
    outside === 0
      ? undefined
      : {
          rule: isTooMuch ? 'more-than-acknowledged' : 'lost-update',
          round,
          key,
          before,
          expected,
          after,
          acknowledged: acknowledgedCount,
          ...(isTooMuch ? extra : lost),
        };
  return { acknowledged: acknowledgedCount, unknown: unknownCount, ...lost, finding };
};
