import { type History, info, ok, operations } from '../../../../core/history/history.ts';
import { doubles, during, picked, words } from '../columns/scratch.ts';
import { at, firstFrom, justAbove, sortBy, sortNumbers } from '../columns/sorted.ts';
import type { Holds } from './holds.ts';

const acquireOf = operations.indexOf('acquire');

/**
 * How many acquires, granted or refused, fit into what another session surely held, each counted once: had one of them been
 * granted wrongly, two holders would have been seen. Holds that end before a whole request can be answered hide them.
 *
 * An acquire fits by the time it took itself: from when it was asked for, or from the grant of the other where that came
 * meanwhile. Where it was granted only once others had given back, as by a lock that lets wait, its wait for them is not its own
 * time; nor is its wait for the lock of its critical section.
 *
 * @param held from the answer to an acquire to the sending of its release
 * @param waitedNs how much earlier a row would have been asked for without the lock of its critical section
 * @cost n log n, and of each acquire the holds that began while it was under way, where any lasted as long as it took
 */
export const wouldShow = (
  { call, ret, f, status, session }: History,
  rows: Uint32Array,
  held: Holds,
  waitedNs: (row: number) => number,
): number =>
  during(() => {
    const answered = picked(rows, (row) => f[row] === acquireOf && status[row] !== info && ret[row]! < Infinity);
    const order = inOrderOfGrants(answered, ret, held);
    const [starts, ends] = [at(order.rows, ret), order.ends];
    const holder = (place: number): number => session[order.rows[place]!]!;
    const latestEnd = latestEnds(ends, holder);
    const released = doubles(ends.length);
    released.set(ends);
    sortNumbers(released);
    let [quickest, longest] = [Infinity, 0];
    for (const row of answered) quickest = Math.min(quickest, ret[row]! - call[row]!);
    for (let i = 0; i < starts.length; i += 1) longest = Math.max(longest, ends[i]! - starts[i]!);

    let [count, begun, over] = [0, 0, 0];
    for (const row of answered) {
      const asked = call[row]! - waitedNs(row);
      const took = ret[row]! - call[row]!;
      begun = firstAbove(starts, asked, begun);
      const until = latestEnd(begun, session[row]!);
      if (asked + took <= until) {
        count += 1;
        continue;
      }
      // Of one that was granted once others had given back, only what came after the last of them.
      if (status[row] === ok && asked <= until) {
        over = firstAbove(released, ret[row]!, over);
        if (over > 0 && asked + Math.max(quickest, ret[row]! - released[over - 1]!) <= until) {
          count += 1;
          continue;
        }
      }
      if (took <= longest && fitsLater(row, begun)) count += 1;
    }
    return count;

    /** Whether a hold from this place on began while it was under way, and lasted as long as it took. */
    function fitsLater(row: number, from: number): boolean {
      const took = ret[row]! - call[row]!;
      for (let i = from; i < starts.length && starts[i]! <= ret[row]!; i += 1)
        if (ends[i]! - starts[i]! >= took && holder(i) !== session[row]) return true;
      return false;
    }
  });

/** What is held by when it was granted: by the rows of a history, which come in about that order. */
const inOrderOfGrants = (
  answered: Uint32Array,
  ret: Float64Array,
  held: Holds,
): { readonly rows: Uint32Array; readonly ends: Float64Array } => {
  const endOf = doubles(ret.length).fill(NaN);
  for (let i = 0; i < held.row.length; i += 1) endOf[held.row[i]!] = held.end[i]!;
  const rows = picked(answered, (row) => !Number.isNaN(endOf[row]!));
  during(() => sortBy(rows, at(rows, ret)));
  return { rows, ends: at(rows, endOf) };
};

/** The place of the first number above `limit` in a sorted column; near `from`, where it was the last time, at no cost. */
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

/** When the last of the first so many holds ends, those of one session left out; −Infinity where there is none. */
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

/**
 * How long each acquire of these rows waited for the lock of its critical section, in ns; 0 where none of them did.
 *
 * @param sections passes through critical sections, by the rows of their own history
 */
export const waitsOf = (
  history: History,
  rows: Uint32Array,
  passes: History,
  sections: Uint32Array,
): ((row: number) => number) => {
  const waited = picked(sections, (section) => passes.operand[section]! > 0);
  if (waited.length === 0) return () => 0;
  const acquires = picked(rows, (row) => history.f[row] === acquireOf);
  inOrder(acquires, history);
  inOrder(waited, passes);
  const waits = doubles(history.length);
  let next = 0;
  for (const row of acquires) {
    const [who, call] = [history.session[row]!, history.call[row]!];
    const isOver = (section: number): boolean =>
      passes.session[section]! < who || (passes.session[section] === who && passes.ret[section]! < call);
    while (next < waited.length && isOver(waited[next]!)) next += 1;
    const section = waited[next];
    if (section === undefined || passes.session[section] !== who || passes.call[section]! > call) continue;
    waits[row] = Math.min(passes.operand[section]!, call - passes.call[section]!);
  }
  return (row) => waits[row]!;
};

/** By session, and within each by time. */
const inOrder = (rows: Uint32Array, { call, session }: History): void => {
  sortBy(rows, at(rows, call));
  const who = doubles(rows.length);
  for (let i = 0; i < rows.length; i += 1) who[i] = session[rows[i]!]!;
  sortBy(rows, who);
};
