import { info } from '../../../../core/history/history.ts';
import type { History } from '../../../../core/history/history.ts';
import { picked } from '../columns/scratch.ts';
import { at, firstFrom, justAbove, sortedBy } from '../columns/sorted.ts';
import { callOf, retOf, type Seen, type Why } from './steps.ts';

/** No reason that depends on the clock. */
export const noWhy: Why = { row: undefined, count: 0, steps: 0, sample: [] };

/**
 * Why there were at least this many steps when `one`, which saw a count, began, or at the end if it is not given: the count that an earlier
 * row saw, or the start, and the steps that both began after it and had ended. n log n; for the first misfit only.
 */
export const whyAtLeast = (history: History, plainSteps: Uint32Array, seen: Seen, one?: number): Why => {
  const time = one === undefined ? Infinity : callOf(history, seen.row[one]!);
  const ended = sortedBy(
    picked(plainSteps, (row) => history.status[row] !== info && history.ret[row]! < time),
    history.call,
  );
  const calls = at(ended, history.call);
  // Seen from the start, all of them count.
  let best = { place: -1, from: 0, least: ended.length };
  for (let place = 0; place < seen.row.length; place += 1) {
    const until = retOf(history, seen.row[place]!);
    if (!(until < time) || seen.side?.[place] === -1) continue;
    const from = firstFrom(calls, justAbove(until));
    const least = seen.plain[place]! + calls.length - from;
    if (least > best.least) best = { place, from, least };
  }
  return whyOf(seen, best.place, ended.subarray(best.from));
};

/** Why there were at most this many steps when `one`, which saw a count, ended: no more had begun. */
export const whyAtMost = (history: History, plainSteps: Uint32Array, seen: Seen, one: number): Why => {
  const until = retOf(history, seen.row[one]!);
  return whyOf(
    seen,
    -1,
    sortedBy(
      picked(plainSteps, (row) => history.call[row]! <= until),
      history.call,
    ),
  );
};

const whyOf = (seen: Seen, place: number, steps: Uint32Array): Why => ({
  row: place < 0 ? undefined : seen.row[place]!,
  count: place < 0 ? 0 : Math.floor(seen.rank[place]! / 2),
  steps: steps.length,
  sample: steps.length <= 3 ? [...steps] : [...steps.subarray(0, 2), steps.at(-1)!],
});
