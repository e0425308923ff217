import { type History, info, ok } from '../../../../core/history/history.ts';
import { doubles, during, picked, words } from '../columns/scratch.ts';
import { firstFrom, justAbove, sortNumbers } from '../columns/sorted.ts';
import { acquireOf } from './grants.ts';
import type { Holds } from './held.ts';

/**
 * How many acquires, granted or refused, fit into what another session surely held, each counted once: had one of them been granted
 * wrongly, two holders would have been seen. Holds too short for a whole request to be answered hide such mistakes.
 *
 * An acquire fits by its own time: from when it was asked for, or from the other's grant if that came meanwhile. If it was granted only
 * after others had given back, as by a lock that makes clients wait, that wait does not count as its own time; nor does its wait for the
 * lock of its critical section.
 *
 * @param held from the answer to an acquire to the sending of its release
 * @param waitedNs how much earlier a row would have been asked for without the lock of its critical section
 * @cost n log n, plus, for each acquire, the holds that began while it was under way, if any lasted as long as it took
 */
export const wouldShow = (
  { call, ret, f, status, session }: History,
  rows: Uint32Array,
  held: Holds,
  waitedNs: (row: number) => number,
): number =>
  during(() => {
    const answered = picked(rows, (row) => f[row] === acquireOf && status[row] !== info && ret[row]! < Infinity);
    if (answered.length === 0 || held.row.length === 0) return 0;
    const { row: holds, start: starts, end: ends } = held;
    const latestEnd = latestEnds(ends, (place) => session[holds[place]!]!);
    // Sorted only if an acquire had to wait for others.
    let released: Float64Array | undefined;
    let [quickest, longest] = [Infinity, 0];
    for (let i = 0; i < answered.length; i += 1)
      quickest = Math.min(quickest, ret[answered[i]!]! - call[answered[i]!]!);
    for (let i = 0; i < starts.length; i += 1) longest = Math.max(longest, ends[i]! - starts[i]!);

    let [count, begun, over] = [0, 0, 0];
    for (let i = 0; i < answered.length; i += 1) {
      const row = answered[i]!;
      const asked = call[row]! - waitedNs(row);
      const took = ret[row]! - call[row]!;
      begun = firstAbove(starts, asked, begun);
      const until = latestEnd(begun, session[row]!);
      if (asked + took <= until) {
        count += 1;
        continue;
      }
      // If it was granted after others had given back, only the time after the last of those counts.
      if (status[row] === ok && asked <= until) {
        released ??= sortNumbers(copyOf(ends));
        over = firstAbove(released, ret[row]!, over);
        if (over > 0 && asked + Math.max(quickest, ret[row]! - released[over - 1]!) <= until) {
          count += 1;
          continue;
        }
      }
      if (took <= longest && fitsLater(row, begun)) count += 1;
    }
    return count;

    /** Whether a hold from this place on began while the acquire was under way, and lasted as long as it took. */
    function fitsLater(row: number, from: number): boolean {
      const took = ret[row]! - call[row]!;
      for (let i = from; i < starts.length && starts[i]! <= ret[row]!; i += 1)
        if (ends[i]! - starts[i]! >= took && session[holds[i]!] !== session[row]) return true;
      return false;
    }
  });

/** The place of the first number above `limit` in a sorted column; near `from`, the previous place, it costs nothing. */
const firstAbove = (sorted: Float64Array, limit: number, from: number): number => {
  let place = from;
  for (let steps = 0; steps < nearby; steps += 1) {
    if (place < sorted.length && sorted[place]! <= limit) place += 1;
    else if (place > 0 && sorted[place - 1]! > limit) place -= 1;
    else return place;
  }
  return firstFrom(sorted, justAbove(limit));
};
const nearby = 16;

const copyOf = (numbers: Float64Array): Float64Array => {
  const copy = doubles(numbers.length);
  copy.set(numbers);
  return copy;
};

/** When the last of the first `count` holds ends, excluding those of one session; −Infinity if there is none. */
const latestEnds = (
  ends: Float64Array,
  holder: (place: number) => number,
): ((count: number, without: number) => number) => {
  const [latest, other, of] = [doubles(ends.length), doubles(ends.length), words(ends.length)];
  let [most, second, whose] = [-Infinity, -Infinity, -1];
  for (let i = 0; i < ends.length; i += 1) {
    const [end, by] = [ends[i]!, holder(i)];
    if (by !== whose && end > most) [second, most, whose] = [most, end, by];
    else if (by === whose) most = Math.max(most, end);
    else second = Math.max(second, end);
    [latest[i], other[i], of[i]] = [most, second, whose];
  }
  return (count, without) =>
    count === 0 ? -Infinity : of[count - 1] === without ? other[count - 1]! : latest[count - 1]!;
};
