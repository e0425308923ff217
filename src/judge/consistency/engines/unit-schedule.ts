import { info } from '../../../core/history.ts';
import type { History } from '../../../core/history.ts';
import { finalRow } from './unit-steps.ts';
import type { Backwards, Misfit, Seen, UnitSteps, UnitVerdict } from './unit-steps.ts';
import { at, firstFrom, indexes, sortedBy } from './sorted.ts';
import { whyAtLeast, whyAtMost } from './unit-why.ts';

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
  const seen = seenOf(history, all);
  const plain = all.steps.filter((_, i) => Number.isNaN(all.told[i]));
  const order = { twice, backwards: backwardsOf(seen) };
  return all.isRelative
    ? { ...order, tooLow: undefined, tooHigh: undefined, beyondCap: 0 }
    : { ...order, ...sweep(history, plain, seen, all) };
};

const toldTwice = ({ steps, told }: UnitSteps): UnitVerdict['twice'] => {
  const said = indexes(told.length).filter((i) => !Number.isNaN(told[i]));
  const order = sortedBy(said, told);
  let first: readonly [number, number] | undefined;
  let extra = 0;
  for (let i = 1; i < order.length; i += 1) {
    if (told[order[i]!] !== told[order[i - 1]!]) continue;
    first ??= [steps[order[i - 1]!]!, steps[order[i]!]!];
    extra += 1;
  }
  return first === undefined ? undefined : { rows: first, extra };
};

const seenOf = (history: History, { steps, told, readings, counts, final }: UnitSteps): Seen => {
  const known = told.filter((number) => !Number.isNaN(number));
  // A result that was told twice is the place of one step: it moves nobody else's.
  const places = Float64Array.from(new Set(known)).sort();
  const length = readings.length + known.length + (Number.isNaN(final) ? 0 : 1);
  const [row, call, ret] = [new Int32Array(length), new Float64Array(length), new Float64Array(length)];
  const [rank, plain] = [new Float64Array(length), new Float64Array(length)];
  let n = 0;
  const add = (one: number, count: number, isStep: boolean): void => {
    row[n] = one;
    call[n] = one === finalRow ? Infinity : history.call[one]!;
    ret[n] = one === finalRow || history.status[one] === info ? Infinity : history.ret[one]!;
    rank[n] = 2 * count + (isStep ? 0 : 1);
    plain[n] = places.length === 0 ? count : count - firstFrom(places, count + 0.5);
    n += 1;
  };
  for (let i = 0; i < readings.length; i += 1) add(readings[i]!, counts[i]!, false);
  if (known.length > 0) {
    for (let i = 0; i < steps.length; i += 1) if (!Number.isNaN(told[i])) add(steps[i]!, told[i]!, true);
  }
  if (!Number.isNaN(final)) add(finalRow, final, false);
  return { row, call, ret, rank, plain };
};

/** The first that had ended when one of a lower rank began; ranks that are equal say nothing. n log n. */
export const backwardsOf = ({
  row,
  call,
  ret,
  rank,
}: Pick<Seen, 'row' | 'call' | 'ret' | 'rank'>): Backwards | undefined => {
  const order = sortedBy(indexes(row.length), rank);
  let found: { earlier: number; later: number } | undefined;
  let rows = 0;
  // The latest call among lower ranks, and among those of the same rank, which bind each other in no way.
  let [latest, below] = [-1, -1];
  for (let i = 0; i < order.length; i += 1) {
    const one = order[i]!;
    if (i > 0 && rank[one]! > rank[order[i - 1]!]!) below = latest;
    if (below >= 0 && ret[one]! < call[below]!) {
      found ??= { earlier: row[one]!, later: row[below]! };
      rows += 1;
    }
    if (latest < 0 || call[one]! > call[latest]!) latest = one;
  }
  return found === undefined ? undefined : { ...found, rows };
};

type Swept = Pick<UnitVerdict, 'tooLow' | 'tooHigh' | 'beyondCap'>;

const sweep = (history: History, plainSteps: Uint32Array, seen: Seen, { cap, told, steps }: UnitSteps): Swept => {
  const places = indexes(seen.row.length);
  const [byCall, byRet] = [sortedBy(places, seen.call), sortedBy(places, seen.ret)];
  const ended = sortedBy(
    plainSteps.filter((row) => history.status[row] !== info),
    history.ret,
  );
  const begun = at(sortedBy(plainSteps, history.call), history.call);
  const left = new Uint8Array(places.length);
  const debts = debtBook(places.length);
  let least = 0;
  let [tooLow, tooHigh]: [Misfit | undefined, Misfit | undefined] = [undefined, undefined];
  const misfit = (before: Misfit | undefined, one: number, bound: number, why: typeof whyAtLeast): Misfit => {
    left[one] = 1;
    if (before !== undefined) return { ...before, rows: before.rows + 1 };
    const count = Math.floor(seen.rank[one]! / 2);
    const toldBefore = count - seen.plain[one]!;
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
    const upperAt = a < byCall.length ? seen.call[byCall[a]!]! : NaN;
    const lowerAt = b < byRet.length ? seen.ret[byRet[b]!]! : NaN;
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
      if (left[one] === 0 && count > started) tooHigh = misfit(tooHigh, one, started, whyAtMost);
      else if (left[one] === 0 && count > least) {
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
  const highest = toldSteps === 0 ? 0 : told.reduce((most, number) => (number > most ? number : most), 0);
  return { tooLow, tooHigh, beyondCap: Math.max(0, least + toldSteps - cap, highest - cap) };
};

/**
 * Steps that a read needed before it was known which ones they were. A step that ends later and began by then is one of
 * them; it settles the oldest debt it can, because younger ones can be settled by more steps.
 */
const debtBook = (
  most: number,
): { readonly owe: (time: number, amount: number) => void; readonly pay: (begun: number) => boolean } => {
  const times = new Float64Array(most);
  const amounts = new Float64Array(most);
  // The next place that may still have a debt: union-find with halving of paths.
  const next = indexes(most + 1);
  let length = 0;
  const find = (place: number): number => {
    let one = place;
    while (next[one] !== one) {
      next[one] = next[next[one]!]!;
      one = next[one]!;
    }
    return one;
  };
  return {
    owe: (time, amount) => {
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
