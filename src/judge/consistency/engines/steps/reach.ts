import { ok } from '../../../../core/history/history.ts';
import type { History } from '../../../../core/history/history.ts';
import type { BeyondCap, Seen, UnitSteps, UnitVerdict } from './steps.ts';
import { noWhy, whyAtLeast } from './why.ts';

/** Neither a row nor the final read. */
const none = -2;

/**
 * Steps that have surely been taken beyond the cap: those that are known to be, or more if a count that was seen says so, or if enough of
 * them followed a count that was seen.
 *
 * @param least how many steps without a told number were surely taken, by the clock
 */
export const beyondCapOf = (
  history: History,
  plainSteps: Uint32Array,
  seen: Seen,
  { cap, steps, told }: UnitSteps,
  least: number,
): BeyondCap | undefined => {
  const toldCount = steps.length - plainSteps.length;
  let known = toldCount;
  for (const row of plainSteps) if (history.status[row] === ok) known += 1;
  let highest = { count: 0, row: none };
  for (let i = 0; i < told.length; i += 1) if (told[i]! > highest.count) highest = { count: told[i]!, row: steps[i]! };
  for (let one = 0; one < seen.row.length; one += 1) {
    // A row that is wrong in itself has no count.
    if (Number.isNaN(seen.plain[one]) || (seen.side !== undefined && seen.side[one] !== 0)) continue;
    const count = Math.floor(seen.rank[one]! / 2);
    if (count > highest.count) highest = { count, row: seen.row[one]! };
  }
  if (known > cap && known >= highest.count) return { steps: known - cap, isClockFree: true, why: noWhy };
  if (highest.count > cap)
    return { steps: highest.count - cap, isClockFree: true, why: { ...noWhy, row: highest.row, count: highest.count } };
  const byClock = least + toldCount - cap;
  return byClock > 0 ? { steps: byClock, isClockFree: false, why: whyAtLeast(history, plainSteps, seen) } : undefined;
};

/** Two rows that saw counts further apart than there are steps, the lower count first. */
export const apartOf = ({ row, rank }: Seen, steps: number): UnitVerdict['apart'] => {
  let [low, high] = [0, 0];
  for (let one = 1; one < row.length; one += 1) {
    if (rank[one]! < rank[low]!) low = one;
    if (rank[one]! > rank[high]!) high = one;
  }
  if (row.length === 0) return undefined;
  return Math.floor(rank[high]! / 2) - Math.floor(rank[low]! / 2) > steps ? [row[low]!, row[high]!] : undefined;
};
