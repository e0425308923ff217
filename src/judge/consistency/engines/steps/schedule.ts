import { info } from '../../../../core/history/history.ts';
import type { History } from '../../../../core/history/history.ts';
import { callOf, finalRow, retOf } from './steps.ts';
import type { Backwards, Misfit, Seen, UnitSteps, UnitVerdict } from './steps.ts';
import { doubles, during, integers, picked } from '../columns/scratch.ts';
import { at, firstFrom, indexes, sortBy, sortedBy, sortNumbers } from '../columns/sorted.ts';
import { whyAtLeast, whyAtMost } from './why.ts';

/**
 * Whether some order of the steps, each within its own time, explains every count that was seen. Exact: every history that
 * it rejects is illegal, every one that it accepts is legal.
 *
 * Two conditions are enough. What saw a count must be in the order of these counts (as with versions). And the steps whose
 * number nobody knows must fill the places in between: `at least` rises with every step that has ended, unless it was
 * already counted by a read that needed it; `at most` is the number of steps that have begun.
 */
export const judgeUnitSteps = (history: History, all: UnitSteps): UnitVerdict => {
  const twice = toldTwice(all);
  const seen = seenOf(all);
  const backwards = during(() => {
    const byRank = countPlain(seen);
    const [row, rank] = [(i: number) => seen.row[byRank[i]!]!, (i: number) => seen.rank[byRank[i]!]!];
    return backwardsOf(history, byRank.length, { row, rank });
  });
  const order = { twice, backwards };
  if (all.isRelative) return { ...order, tooLow: undefined, tooHigh: undefined, beyondCap: 0 };
  const plain = picked(all.steps, (_, i) => Number.isNaN(all.told[i]));
  const isAllTold = plain.length === 0 && seen.plain.every((count) => count === 0);
  return { ...order, ...(isAllTold ? ofTold(all) : sweep(history, plain, seen, all)) };
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

/** No row, nor the final read. */
const none = -2;

/** All that saw a count, as they were recorded; `plain` is not yet known. */
const seenOf = ({ steps, told, readings, counts, final }: UnitSteps): Seen => {
  const saidFrom = (step: number): number => {
    let next = step;
    while (next < steps.length && Number.isNaN(told[next])) next += 1;
    return next;
  };
  let said = 0;
  for (let step = saidFrom(0); step < steps.length; step = saidFrom(step + 1)) said += 1;
  const length = readings.length + said + (Number.isNaN(final) ? 0 : 1);
  const [row, rank, plain] = [integers(length), doubles(length), doubles(length)];
  let n = 0;
  const add = (one: number, count: number, isStep: boolean): void => {
    row[n] = one;
    rank[n] = 2 * count + (isStep ? 0 : 1);
    n += 1;
  };
  // In the order of the rows, which is nearly that of the counts.
  for (let i = 0, step = saidFrom(0); i < readings.length || step < steps.length;) {
    if (step === steps.length || (i < readings.length && readings[i]! < steps[step]!)) {
      add(readings[i]!, counts[i]!, false);
      i += 1;
    } else {
      add(steps[step]!, told[step]!, true);
      step = saidFrom(step + 1);
    }
  }
  if (!Number.isNaN(final)) add(finalRow, final, false);
  return { row, rank, plain };
};

/** Fills in `plain`, and gives the places of all by rank. */
const countPlain = ({ rank, plain }: Seen): Uint32Array => {
  const byRank = sortedBy(indexes(rank.length), rank);
  // A result that was told twice is the place of one step: it moves nobody else's.
  let [places, latest] = [0, NaN];
  for (const one of byRank) {
    const count = Math.floor(rank[one]! / 2);
    const isStep = rank[one] === 2 * count;
    if (isStep && count !== latest) {
      latest = count;
      places += 1;
    }
    plain[one] = count - places;
  }
  return byRank;
};

/** What is held against the clock, in the order of its ranks: rows, the last of them perhaps {@link finalRow}. */
interface Ranked {
  readonly row: (i: number) => number;
  readonly rank: (i: number) => number;
}

/** The first that had ended when one of a lower rank began; ranks that are equal say nothing. */
export const backwardsOf = (history: History, length: number, { row, rank }: Ranked): Backwards | undefined => {
  let found: { earlier: number; later: number } | undefined;
  let rows = 0;
  // The row called latest among lower ranks, and among those of the same rank, which bind each other in no way.
  let [latest, below] = [none, none];
  let before = NaN;
  for (let i = 0; i < length; i += 1) {
    const [one, its] = [row(i), rank(i)];
    if (its > before) below = latest;
    before = its;
    if (below !== none && retOf(history, one) < callOf(history, below)) {
      found ??= { earlier: one, later: below };
      rows += 1;
    }
    if (latest === none || callOf(history, one) > callOf(history, latest)) latest = one;
  }
  return found === undefined ? undefined : { ...found, rows };
};

type Swept = Pick<UnitVerdict, 'tooLow' | 'tooHigh' | 'beyondCap'>;

/** Where every step was told its number, and what was seen agrees with that, there is nothing left to fill in. */
const ofTold = ({ cap, told, steps }: UnitSteps): Swept => ({
  tooLow: undefined,
  tooHigh: undefined,
  beyondCap: Math.max(0, steps.length - cap, highestOf(told) - cap),
});

const highestOf = (told: Float64Array): number => told.reduce((most, number) => (number > most ? number : most), 0);

const sweep = (history: History, plainSteps: Uint32Array, seen: Seen, { cap, told, steps }: UnitSteps): Swept => {
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
  let least = 0;
  let [tooLow, tooHigh]: [Misfit | undefined, Misfit | undefined] = [undefined, undefined];
  const misfit = (before: Misfit | undefined, one: number, bound: number, why: typeof whyAtLeast): Misfit => {
    const plain = seen.plain[one]!;
    // Left out of all that follows: no number is above it, nor below.
    seen.plain[one] = NaN;
    if (before !== undefined) return { ...before, rows: before.rows + 1 };
    const count = Math.floor(seen.rank[one]! / 2);
    const toldBefore = count - plain;
    return {
      row: seen.row[one]!,
      count,
      bound: bound + toldBefore,
      rows: 1,
      why: why(history, plainSteps, seen, one),
    };
  };
  let [a, b, c, started] = [0, 0, 0, 0];
  while (a < byCall.length || b < byRet.length || c < ended.length) {
    const upperAt = a < byCall.length ? callOf(history, seen.row[byCall[a]!]!) : NaN;
    const lowerAt = b < byRet.length ? retOf(history, seen.row[byRet[b]!]!) : NaN;
    const endAt = c < ended.length ? history.ret[ended[c]!]! : NaN;
    // At equal times: what is seen at most, then at least, then what has ended.
    if (!(upperAt > lowerAt) && !(upperAt > endAt) && a < byCall.length) {
      const one = byCall[a]!;
      if (least > seen.plain[one]!) tooLow = misfit(tooLow, one, least, whyAtLeast);
      a += 1;
    } else if (b < byRet.length && !(lowerAt > endAt)) {
      const one = byRet[b]!;
      while (started < begun.length && begun[started]! <= lowerAt) started += 1;
      const count = seen.plain[one]!;
      if (count > started) tooHigh = misfit(tooHigh, one, started, whyAtMost);
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
  const toldSteps = steps.length - plainSteps.length;
  const highest = toldSteps === 0 ? 0 : highestOf(told);
  return { tooLow, tooHigh, beyondCap: Math.max(0, least + toldSteps - cap, highest - cap) };
};

/** Room for so many debts at first. */
const fewDebts = 1024;

/**
 * Steps that a read needed before it was known which ones they were. A step that ends later and began by then is one of
 * them; it settles the oldest debt it can, because younger ones can be settled by more steps.
 */
const debtBook = (): {
  readonly owe: (time: number, amount: number) => void;
  readonly pay: (begun: number) => boolean;
} => {
  let [times, amounts] = [new Float64Array(fewDebts), new Float64Array(fewDebts)];
  // The next place that may still have a debt: union-find with halving of paths.
  let next = new Uint32Array(fewDebts + 1).map((_, place) => place);
  let length = 0;
  const find = (place: number): number => {
    let one = place;
    while (next[one] !== one) {
      next[one] = next[next[one]!]!;
      one = next[one]!;
    }
    return one;
  };
  /** Forgets what was settled: open at one time are about as many as there are users. */
  const tidy = (): void => {
    const open: number[] = [];
    for (let place = find(0); place < length; place = find(place + 1)) open.push(place);
    const room = Math.max(fewDebts, 2 * open.length);
    times = Float64Array.from({ length: room }, (_, i) => times[open[i]!] ?? 0);
    amounts = Float64Array.from({ length: room }, (_, i) => amounts[open[i]!] ?? 0);
    next = new Uint32Array(room + 1).map((_, place) => place);
    length = open.length;
  };
  return {
    owe: (time, amount) => {
      if (length === times.length) tidy();
      times[length] = time;
      amounts[length] = amount;
      length += 1;
    },
    pay: (begun) => {
      const place = find(firstFrom(times, begun, length));
      if (place >= length) return false;
      amounts[place]! -= 1;
      if (amounts[place] === 0) next[place] = place + 1;
      return true;
    },
  };
};
