import type { History } from '../../../../core/history/history.ts';
import { at, firstFrom, indexes, justAbove, sortedBy } from '../columns/sorted.ts';
import { thingOf } from './grants.ts';
import type { Holds } from './held.ts';

/**
 * What was surely held of things that any session may give back: a release that may have ended another session's hold ends every hold of
 * that name that may have existed then.
 */
export const surelyHeld = (history: History, all: Holds): Holds => {
  if (all.loose.length === 0) return all;
  const byName = new Map<number, { readonly rets: number[]; readonly calls: number[] }>();
  // From the last on, so that `calls` is the earliest call among those that ended no earlier.
  for (const row of sortedBy(all.loose, history.ret).toReversed()) {
    const name = thingOf(history, row);
    const one = byName.get(name) ?? { rets: [], calls: [] };
    byName.set(name, one);
    one.rets.push(-history.ret[row]!);
    one.calls.push(Math.min(history.call[row]!, one.calls.at(-1) ?? Infinity));
  }
  const sorted = new Map(
    [...byName].map(([name, { rets, calls }]) => [name, { rets: Float64Array.from(rets), calls }]),
  );
  const end = all.end.map((until, i) => {
    const others = sorted.get(all.name[i]!);
    if (others === undefined) return until;
    const last = firstFrom(others.rets, justAbove(-history.call[all.row[i]!]!)) - 1;
    return last < 0 ? until : Math.min(until, others.calls[last]!);
  });
  const kept = indexes(end.length).filter((i) => all.start[i]! <= end[i]!);
  const pick = (column: Float64Array): Float64Array => at(kept, column);
  return { ...all, row: kept.map((i) => all.row[i]!), start: pick(all.start), end: pick(end), name: pick(all.name) };
};
