import { firstFrom } from '../columns/sorted.ts';

/** Initial room for debts. */
const fewDebts = 1024;

/**
 * Steps that a read needed before it was known which ones they were. A step that ends later and had begun by then is one of them; it
 * settles the oldest debt it can, because more steps can settle the younger ones.
 */
export const debtBook = (): {
  /** At this time, this many steps were needed. */
  readonly owe: (time: number, amount: number) => void;
  /** A step that began at this time has ended: gives whether it settled a debt. */
  readonly pay: (begun: number) => boolean;
} => {
  let [times, amounts] = [new Float64Array(fewDebts), new Float64Array(fewDebts)];
  // The next place that may still have a debt: union-find with path halving.
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
  /** Drops settled debts: about as many are open at one time as there are users. */
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
