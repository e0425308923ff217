import type { History } from '../../../core/history/history.ts';
import type { Contradiction } from '../engines/engine.ts';
import type { Amounts } from './amounts.ts';
import { isRefusal, wantedBy } from './seer.ts';

/**
 * Whether more was granted than there was, and by as many pieces as claimed: by the sums, or by a level that was seen; or, where times are
 * evidence, by the sums at some moment, or by what was granted after a level was seen.
 */
export const isOversold = (
  history: History,
  amounts: Amounts,
  { evidence, operations: rows, atLeast, sold }: Contradiction,
): boolean => {
  if (amounts.floor === -Infinity || (sold !== undefined && sold.granted - sold.of !== atLeast)) return false;
  const there = Math.max(0, amounts.initial);
  const back = amounts.changes.reduce((sum, { amount }) => sum + Math.max(0, amount), 0);
  const taken = amounts.changes.reduce((sum, { amount, isSure }) => (isSure ? sum + Math.max(0, -amount) : sum), 0);
  let lowest = amounts.final < amounts.floor ? amounts.final : 0;
  for (let row = 0; row < history.length; row++) {
    const level = amounts.levelOf(row);
    if (level < amounts.floor && level < lowest) lowest = level;
  }
  const bySums = Math.max(taken - there - back, -lowest);
  if (evidence !== 'same-host') return atLeast >= 1 && atLeast <= bySums;
  return atLeast >= 1 && atLeast <= Math.max(bySums, byTimes(history, amounts, rows));
};

/** How many pieces too many, by the clock. */
const byTimes = (history: History, amounts: Amounts, rows: readonly number[]): number => {
  const { initial, changes, step } = amounts;
  const until = Math.max(...rows.map((row) => history.ret[row]!));
  const left = changes.reduce(
    (sum, { amount, call, ret, isSure }) =>
      (amount > 0 ? call <= until : isSure && ret <= until) ? sum + amount : sum,
    Math.max(0, initial),
  );
  if (!(step < 0)) return -left;
  // The level that was seen, less what was taken after that, by the times or by the numbers told.
  const untold = changes.filter(({ isSure, told }) => isSure && Number.isNaN(told));
  const calls = Float64Array.from(untold, ({ call }) => call).sort();
  const told = Float64Array.from(changes, (change) => change.told)
    .filter((one) => !Number.isNaN(one))
    .sort();
  let most = -left;
  for (let row = 0; row < history.length; row++) {
    // A refused take saw less than it asked for, rounded to what takes of one size can leave.
    const level = isRefusal(history, row)
      ? initial + step * Math.ceil((wantedBy(history, row) - 1 - initial) / step)
      : amounts.levelOf(row);
    if (Number.isNaN(level)) continue;
    const ret = history.ret[row]!;
    const taken = calls.length - countWhile(calls, (call) => call <= ret) + countWhile(told, (one) => one < level);
    most = Math.max(most, -(level + step * taken));
  }
  return most;
};

/** How many numbers of a sorted column pass a test that holds up to some place. */
const countWhile = (sorted: Float64Array, holds: (number: number) => boolean): number => {
  let [low, high] = [0, sorted.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (holds(sorted[middle]!)) low = middle + 1;
    else high = middle;
  }
  return low;
};
