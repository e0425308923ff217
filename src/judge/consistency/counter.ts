import type { Account } from '../../core/recording.ts';
import type { ConsistencyResult, Finding, Lost } from '../../core/result.ts';
import type { Slot } from '../../core/slot.ts';

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
      : judgeKey(round, key, before, after, account ?? nothing);
  });

const nothing: Account = {
  acknowledged: 0,
  acknowledgedCount: 0,
  unknownLess: 0,
  unknownMore: 0,
  unknownCount: 0,
  least: 0,
  most: 0,
};

const judgeKey = (round: number, key: string, before: number, after: number, account: Account): KeyVerdict => {
  const { acknowledgedCount, unknownCount } = account;
  const expected = [
    before + account.acknowledged + account.unknownLess,
    before + account.acknowledged + account.unknownMore,
  ] as const;
  const outside = after < expected[0] ? after - expected[0] : after > expected[1] ? after - expected[1] : 0;
  // All changes go one way: past the far end, more happened than was asked for; short of the near one, less.
  const oneWay = account.most <= 0 || account.least >= 0;
  const isTooMuch = outside !== 0 && oneWay && (account.most <= 0 ? outside < 0 : outside > 0);
  const lost = isTooMuch ? none : lostOf(after - before, outside, account, oneWay);
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
          ...(isTooMuch ? tooMuchOf(outside, account) : lost),
        };
  return { acknowledged: acknowledgedCount, unknown: unknownCount, ...lost, finding };
};

const none = { atLeast: 0, atMost: 0 };

/**
 * How many acknowledged changes are missing. With changes of one size, exact: what is missing of the sum, and at most
 * that and the unknown ones, should they have happened after all. With several sizes, bounds: the largest and the
 * smallest could each be the missing ones.
 */
const lostOf = (
  change: number,
  outside: number,
  account: Account,
  oneWay: boolean,
): { atLeast: number; atMost: number } => {
  const { acknowledged, acknowledgedCount, unknownLess, unknownMore, least, most } = account;
  const largest = Math.max(Math.abs(least), Math.abs(most));
  if (largest === 0) return none;
  const atLeast = Math.min(acknowledgedCount, Math.ceil(Math.abs(outside) / largest));
  if (!oneWay) return { atLeast, atMost: outside === 0 && account.unknownCount === 0 ? 0 : acknowledgedCount };
  const smallest = Math.min(Math.abs(least), Math.abs(most));
  const sign = most <= 0 ? -1 : 1;
  const missing = sign * (acknowledged - change) + unknownMore - unknownLess;
  const upTo = smallest === 0 ? acknowledgedCount : Math.floor(Math.max(0, missing) / smallest);
  return { atLeast, atMost: Math.max(atLeast, Math.min(acknowledgedCount, upTo)) };
};

/** How many changes happened that nobody asked for: some request was carried out more than once, or somebody else wrote. */
const tooMuchOf = (outside: number, { least, most }: Account): { atLeast: number; atMost: number } => {
  const sizes = [Math.abs(least), Math.abs(most)].filter((size) => size > 0);
  if (sizes.length === 0) return { atLeast: 1, atMost: Math.abs(outside) };
  return {
    atLeast: Math.ceil(Math.abs(outside) / Math.max(...sizes)),
    atMost: Math.ceil(Math.abs(outside) / Math.min(...sizes)),
  };
};
