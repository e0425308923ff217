import { info } from '../../../../core/history/history.ts';
import type { History } from '../../../../core/history/history.ts';
import { misfitsOfSessions } from './by-session.ts';
import { debtBook } from './debts.ts';
import { apartOf, beyondCapOf } from './reach.ts';
import { callOf, retOf } from './steps.ts';
import type { Backwards, Misfit, Seen, UnitSteps, UnitVerdict, Why } from './steps.ts';
import { doubles, during, picked } from '../columns/scratch.ts';
import { at, indexes, sortBy, sortedBy, sortNumbers } from '../columns/sorted.ts';
import { seenOf } from './seen.ts';
import { noWhy, whyAtLeast, whyAtMost } from './why.ts';

/**
 * Whether some order of the steps, each within its own time, explains every count that was seen. Exact: every history that it rejects is
 * illegal, and every one that it accepts is legal.
 *
 * Two conditions are enough. The rows that saw a count must be in the order of these counts (as with versions). And the steps with unknown
 * numbers must fill the places in between: `at least` rises with every step that has ended, unless it was already counted for a read that
 * needed it; `at most` is the number of steps that have begun.
 */
export const judgeUnitSteps = (history: History, given: UnitSteps): UnitVerdict => {
  const twice = toldTwice(given);
  // If two steps were told the same number, it is unknown which is right: neither counts.
  const all = twice === undefined ? given : { ...given, told: withoutRepeated(given.told) };
  const { steps, told, cap, isRelative } = all;
  const seen = seenOf(all);
  const byClock = during(() => {
    const byRank = countPlain(seen);
    const [row, rank] = [(i: number) => seen.row[byRank[i]!]!, (i: number) => seen.rank[byRank[i]!]!];
    const { side } = seen;
    const ranked = side === undefined ? { row, rank } : { row, rank, side: (i: number) => side[byRank[i]!]! };
    return backwardsOf(history, byRank.length, ranked);
  });
  const plain = picked(steps, (_, i) => Number.isNaN(told[i]));
  const isAllTold = plain.length === 0 && seen.side === undefined && seen.plain.every((count) => count === 0);
  const swept: Swept = isRelative || isAllTold ? nothingSwept : sweep(history, plain, seen, all);
  const beyondCap = cap === Infinity ? undefined : beyondCapOf(history, plain, seen, all, swept.least);
  for (const [one, count] of swept.leftOut) seen.plain[one] = count;
  const { tooLow } = swept;
  const ofSessions =
    byClock === undefined && tooLow?.evidence !== 'same-host'
      ? undefined
      : misfitsOfSessions(history, plain, seen, isRelative ? -Infinity : 0);
  return {
    twice,
    backwards: ofSessions?.backwards ?? (byClock && { ...byClock, evidence: 'same-host' }),
    tooLow: tooLow?.evidence === 'clock-free' ? tooLow : (ofSessions?.tooLow ?? tooLow),
    tooHigh: swept.tooHigh ?? (beyondCap === undefined ? swept.hopeless : undefined),
    apart: isRelative ? apartOf(seen, steps.length) : undefined,
    beyondCap,
  };
};

const toldTwice = ({ steps, told }: UnitSteps): UnitVerdict['twice'] =>
  during(() => {
    const order = sortedBy(
      picked(indexes(told.length), (i) => !Number.isNaN(told[i])),
      told,
    );
    let found: readonly [number, number] | undefined;
    let extra = 0;
    for (let i = 1; i < order.length; i += 1) {
      if (told[order[i]!] !== told[order[i - 1]!]) continue;
      found ??= [steps[order[i - 1]!]!, steps[order[i]!]!];
      extra += 1;
    }
    return found === undefined ? undefined : { rows: found, extra };
  });

const withoutRepeated = (told: Float64Array): Float64Array => {
  const places = new Map<number, number>();
  for (const one of told) places.set(one, (places.get(one) ?? 0) + 1);
  return told.map((one) => (places.get(one)! > 1 ? NaN : one));
};

/** Neither a row nor the final read. */
const none = -2;

/** Fills in `plain`, and gives all places ordered by rank. */
const countPlain = ({ rank, plain }: Seen): Uint32Array => {
  const byRank = sortedBy(indexes(rank.length), rank);
  let places = 0;
  for (const one of byRank) {
    const count = Math.floor(rank[one]! / 2);
    if (rank[one] === 2 * count) places += 1;
    plain[one] = count - places;
  }
  return byRank;
};

/** What is checked against the clock, ordered by rank: rows, possibly ending with {@link finalRow}. */
interface Ranked {
  readonly row: (i: number) => number;
  readonly rank: (i: number) => number;
  /** 1 if its rank is at least this, −1 if at most, 0 or absent if exactly this. */
  readonly side?: (i: number) => number;
}

/** The first that had ended when one of a lower rank began; equal ranks say nothing. */
export const backwardsOf = (history: History, length: number, { row, rank, side }: Ranked): Backwards | undefined => {
  let found: { earlier: number; later: number } | undefined;
  let rows = 0;
  // The row called last among lower ranks; and the same including the current rank, whose rows do not constrain each other.
  let [latest, below] = [none, none];
  let before = NaN;
  for (let i = 0; i < length; i += 1) {
    const [one, its] = [row(i), rank(i)];
    if (its > before) below = latest;
    before = its;
    const sideways = side === undefined ? 0 : side(i);
    if (sideways >= 0 && below !== none && retOf(history, one) < callOf(history, below)) {
      found ??= { earlier: one, later: below };
      rows += 1;
    }
    if (sideways <= 0 && (latest === none || callOf(history, one) > callOf(history, latest))) latest = one;
  }
  return found === undefined ? undefined : { ...found, rows };
};

/** What a sweep through time finds. `least` is how many of the steps with unknown numbers were surely taken. */
interface Swept extends Pick<UnitVerdict, 'tooLow' | 'tooHigh'> {
  /** A row that saw more than there may ever be: wrong, unless there were more. */
  readonly hopeless: Misfit | undefined;
  readonly least: number;
  /** What is wrong in itself: its place among what was seen, and the count that was removed there. */
  readonly leftOut: readonly (readonly [one: number, count: number])[];
}

const nothingSwept: Swept = { tooLow: undefined, tooHigh: undefined, hopeless: undefined, least: 0, leftOut: [] };

const sweep = (history: History, plainSteps: Uint32Array, seen: Seen, { cap }: UnitSteps): Swept => {
  const sortedPlaces = (time: typeof callOf): Uint32Array => {
    const places = indexes(seen.row.length);
    during(() => {
      const times = doubles(places.length);
      for (let i = 0; i < times.length; i += 1) times[i] = time(history, seen.row[i]!);
      sortBy(places, times);
    });
    return places;
  };
  const [byCall, byRet] = [sortedPlaces(callOf), sortedPlaces(retOf)];
  const ended = picked(plainSteps, (row) => history.status[row] !== info);
  during(() => sortBy(ended, at(ended, history.ret)));
  const begun = sortNumbers(at(plainSteps, history.call));
  const debts = debtBook();
  const side = seen.side ?? new Int8Array();
  let least = 0;
  const leftOut: (readonly [number, number])[] = [];
  let [tooLow, tooHigh, hopeless]: (Misfit | undefined)[] = [];
  const misfit = (
    before: Misfit | undefined,
    one: number,
    bound: number,
    why?: (history: History, plainSteps: Uint32Array, seen: Seen, one: number) => Why,
  ): Misfit => {
    const plain = seen.plain[one]!;
    // Left out of all that follows: NaN compares neither above nor below.
    seen.plain[one] = NaN;
    leftOut.push([one, plain]);
    if (before !== undefined) return { ...before, rows: before.rows + 1 };
    const count = Math.floor(seen.rank[one]! / 2);
    const toldBefore = count - plain;
    return {
      row: seen.row[one]!,
      count,
      bound: bound + toldBefore,
      rows: 1,
      why: why?.(history, plainSteps, seen, one) ?? noWhy,
      evidence: why === undefined ? 'clock-free' : 'same-host',
    };
  };
  // What all steps together do not explain needs no clock, and is shown first.
  for (let one = 0; one < seen.plain.length; one += 1) {
    const count = seen.plain[one]!;
    if (count < 0 && side[one] !== 1) tooLow = misfit(tooLow, one, 0);
    else if (count > plainSteps.length && side[one] !== -1) tooHigh = misfit(tooHigh, one, plainSteps.length);
  }
  let [a, b, c, started] = [0, 0, 0, 0];
  while (a < byCall.length || b < byRet.length || c < ended.length) {
    const upperAt = a < byCall.length ? callOf(history, seen.row[byCall[a]!]!) : NaN;
    const lowerAt = b < byRet.length ? retOf(history, seen.row[byRet[b]!]!) : NaN;
    const endAt = c < ended.length ? history.ret[ended[c]!]! : NaN;
    // At equal times: first upper bounds, then lower bounds, then steps that have ended.
    if (!(upperAt > lowerAt) && !(upperAt > endAt) && a < byCall.length) {
      const one = byCall[a]!;
      if (least > seen.plain[one]! && side[one] !== 1) tooLow = misfit(tooLow, one, least, whyAtLeast);
      a += 1;
    } else if (b < byRet.length && !(lowerAt > endAt)) {
      const one = byRet[b]!;
      while (started < begun.length && begun[started]! <= lowerAt) started += 1;
      const count = seen.plain[one]!;
      if (side[one] === -1) {
        // An upper bound needs no check when its row ends.
      } else if (count > started) tooHigh = misfit(tooHigh, one, started, whyAtMost);
      else if (side[one] === 1 && seen.rank[one]! > 2 * cap + 1)
        hopeless = misfit(hopeless, one, cap - (Math.floor(seen.rank[one]! / 2) - count));
      else if (count > least) {
        debts.owe(lowerAt, count - least);
        least = count;
      }
      b += 1;
    } else {
      if (!debts.pay(history.call[ended[c]!]!)) least += 1;
      c += 1;
    }
  }
  return { tooLow, tooHigh, hopeless, least, leftOut };
};
