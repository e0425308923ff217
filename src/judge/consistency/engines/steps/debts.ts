import { firstFrom } from '../columns/sorted.ts';

/** Room for so many debts at first. */
const fewDebts = 1024;

/**
 * Steps that a read needed before it was known which ones they were. A step that ends later and began by then is one of
 * them; it settles the oldest debt it can, because younger ones can be settled by more steps.
 */
export const debtBook = (): {
  /** At that time so many were needed. */
  readonly owe: (time: number, amount: number) => void;
  /** A step has ended that began then: whether it was one of those. */
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
