import type { History } from '../../../../core/history/history.ts';
import { doubles, during } from '../columns/scratch.ts';
import { at, indexes, sortBy, sortedBy } from '../columns/sorted.ts';
import { thingOf } from './grants.ts';
import type { Holds } from './held.ts';
import { wouldShow } from './would-show.ts';

/** The same as {@link wouldShow} if each acquire names a thing: only holds of that thing count. */
export const wouldShowOfEach: typeof wouldShow = (history, rows, held, waitedNs) =>
  areSeveral(history, rows)
    ? during(() => {
        const heldOf = heldOfEach(held);
        return sumOfThings(history, rows, (own, thing) => wouldShow(history, own, heldOf(thing), waitedNs));
      })
    : wouldShow(history, rows, held, waitedNs);

/** Whether these rows concern more than one thing. */
const areSeveral = (history: History, rows: Uint32Array): boolean => {
  const first = rows.length === 0 ? 0 : thingOf(history, rows[0]!);
  for (let i = 1; i < rows.length; i += 1) if (thingOf(history, rows[i]!) !== first) return true;
  return false;
};

/**
 * Adds up a count taken for each thing separately, in ascending order of names.
 *
 * @cost a sort of the rows by name, if there are several
 */
export const sumOfThings = (
  history: History,
  rows: Uint32Array,
  count: (rows: Uint32Array, thing: number) => number,
): number => {
  if (!areSeveral(history, rows)) return rows.length === 0 ? 0 : count(rows, thingOf(history, rows[0]!));
  return during(() => {
    const things = doubles(rows.length);
    for (let i = 0; i < rows.length; i += 1) things[i] = thingOf(history, rows[i]!);
    const order = sortedBy(indexes(rows.length), things);
    const sorted = order.map((place) => rows[place]!);
    let sum = 0;
    for (let from = 0, to = 0; from < sorted.length; from = to) {
      const thing = things[order[from]!]!;
      for (to = from + 1; to < sorted.length && things[order[to]!] === thing;) to += 1;
      sum += count(sorted.subarray(from, to), thing);
    }
    return sum;
  });
};

/** What was held of a thing, in the order of its grants. Ask for things in ascending order. */
const heldOfEach = (held: Holds): ((thing: number) => Holds) => {
  const order = indexes(held.row.length);
  during(() => sortBy(order, at(order, held.name)));
  const [start, end, name] = [at(order, held.start), at(order, held.end), at(order, held.name)];
  const row = order.map((place) => held.row[place]!);
  let from = 0;
  return (thing) => {
    while (from < name.length && name[from]! < thing) from += 1;
    let to = from;
    while (to < name.length && name[to] === thing) to += 1;
    const part = { ...held, row: row.subarray(from, to), start: start.subarray(from, to), end: end.subarray(from, to) };
    from = to;
    return { ...part, name: name.subarray(from, to) };
  };
};
