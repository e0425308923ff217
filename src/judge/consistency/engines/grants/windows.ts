import { ok, operations } from '../../../../core/history/history.ts';
import type { Engine } from '../engine.ts';
import { doubles, during, picked } from '../columns/scratch.ts';
import { sortedBy } from '../columns/sorted.ts';
import { spanWord } from '../words.ts';
import type { Rate } from './sliding.ts';

const grantOf = operations.indexOf('grant');

/** Grants in the order of their calls, each with the latest moment at which it may have been made. */
interface Grants {
  readonly rows: Uint32Array;
  readonly call: Float64Array;
  readonly latest: Float64Array;
}

/**
 * Judges a limit on grants in windows of a given length whose positions are unknown: wrong if no windows that do not overlap, wherever each
 * begins, have room for all grants. This accepts a limiter whose windows follow one another, and also one whose next window begins with the
 * next request.
 *
 * Exact if requests were answered in the order they were sent. Otherwise an earlier one may have been granted as late as any before it.
 *
 * Rule: `over-limit`.
 *
 * @cost n log n
 */
export const fixedWindows =
  (rate: Rate): Engine =>
  (history, rows) => {
    const { limit, windowNs, perNs } = rate;
    const grants = grantsOf(
      sortedBy(
        picked(rows, (row) => history.f[row] === grantOf && history.status[row] === ok),
        history.call,
      ),
      history.call,
      history.ret,
    );
    const last = firstWithoutRoom(grants, 0, rate);
    if (last < 0) return [];
    const first = latestStart(grants, last, rate);
    const granted = last - first + 1;
    const span = grants.latest[last]! - grants.call[first]!;
    // One before the first whole window, and one after the last.
    const touching = Math.floor(span / windowNs) + 2;
    const of = Math.min(granted - 1, touching * limit);
    const lie =
      granted > touching * limit
        ? `At most ${touching} windows of ${spanWord(perNs)} reach into that time, wherever they begin, with ${limit} each.`
        : `Wherever windows of ${spanWord(perNs)} begin, one of them has more than ${limit}.`;
    return [
      {
        rule: 'over-limit',
        evidence: 'same-host',
        operations: granted === 1 ? [grants.rows[first]!] : [grants.rows[first]!, grants.rows[last]!],
        because: [
          `From the call of A to the answer to ${granted === 1 ? 'it' : 'B'} ${spanWord(span)} passed, and ${granted} requests were granted in that time.`,
          lie,
        ],
        atLeast: granted - of,
        atMost: null,
        sold: { granted, of },
      },
    ];
  };

const grantsOf = (rows: Uint32Array, calls: Float64Array, rets: Float64Array): Grants => {
  const [call, latest] = [doubles(rows.length), doubles(rows.length)];
  let until = -Infinity;
  for (let at = 0; at < rows.length; at++) {
    call[at] = calls[rows[at]!]!;
    until = Math.max(until, rets[rows[at]!]!);
    latest[at] = until;
  }
  return { rows, call, latest };
};

/**
 * The first grant up to which, counted from `from`, windows have no room for all; −1 if there is room.
 *
 * Each window takes the next few grants. It begins when the one before has ended or, if that is later, just in time to reach its last
 * grant, and no later than any of its grants may have been made; the earlier it ends, the better for all that follow. Of the grants that a
 * window may begin with, the first gives the earliest end.
 *
 * @cost looks at each grant twice
 */
const firstWithoutRoom = (
  { call, latest }: Grants,
  from: number,
  { limit, windowNs }: Rate,
  to = call.length,
): number => {
  // For each grant, the earliest end of the last window, if all grants before it had room.
  const ends = doubles(to - from + 1);
  ends[0] = -Infinity;
  let start = from;
  for (let at = from; at < to; at++) {
    const least = call[at]! - windowNs;
    const fits = (one: number): boolean =>
      one > at - limit && least <= latest[one]! && ends[one - from]! <= latest[one]!;
    while (start <= at && !fits(start)) start++;
    if (start > at) return at;
    ends[at + 1 - from] = Math.max(ends[start - from]!, least) + windowNs;
  }
  return -1;
};

/** The last grant from which there is no room up to this one. */
const latestStart = (grants: Grants, last: number, rate: Rate): number => {
  const isFull = (from: number): boolean => during(() => firstWithoutRoom(grants, from, rate, last + 1) >= 0);
  let step = 1;
  let full = Math.max(0, last - step);
  while (!isFull(full)) full = Math.max(0, last - (step *= 2));
  let room = last + 1 - Math.floor(step / 2);
  while (room - full > 1) {
    const middle = (full + room) >>> 1;
    if (isFull(middle)) full = middle;
    else room = middle;
  }
  return full;
};
