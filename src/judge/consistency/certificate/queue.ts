import { fail, info, nothing, ok, operations, type History } from '../../../core/history/history.ts';
import type { Contradiction } from '../engines/engine.ts';
import type { LogLists } from '../engines/lists/places.ts';

const [putOf, takeOf] = (['put', 'take'] as const).map((f) => operations.indexOf(f)) as [number, number];

/** Whether the value of a certificate was taken more often than it was there, too early, or is gone: counted from its rows alone. */
export const isQueueFinding = (
  history: History,
  { rule, operations: rows, atLeast, evidence }: Contradiction,
  { initial, final }: LogLists,
): boolean => {
  const { f, status, value, call, ret } = history;
  // Null is not a value, nor is one that was not told.
  const isValue = (one: number): boolean => one !== nothing && !Number.isNaN(one);
  const all = Array.from(f.keys());
  const putsOf = (one: number): readonly number[] =>
    all.filter((row) => f[row] === putOf && value[row] === one && status[row] !== fail);
  const takesOf = (one: number): readonly number[] =>
    all.filter((row) => f[row] === takeOf && value[row] === one && status[row] === ok);
  const inList = (list: Float64Array | undefined, one: number): number =>
    list === undefined ? 0 : list.filter((other) => other === one).length;
  const before = (one: number): number =>
    initial === undefined ? Number(putsOf(one).length === 0) : inList(initial, one);
  const [a, b] = rows;
  switch (rule) {
    case 'taken-twice':
    case 'taken-from-nothing':
      return a !== undefined && takesOf(value[a]!).length > putsOf(value[a]!).length + before(value[a]!);
    case 'taken-before-put': {
      if (a === undefined || b === undefined) return false;
      const until = ret[a]!;
      const takes = takesOf(value[a]!).filter((row) => ret[row]! <= until);
      const puts = putsOf(value[a]!).filter((row) => call[row]! <= until);
      return takes.length > puts.length + before(value[a]!);
    }
    case 'still-there':
      return (
        final !== undefined &&
        [...new Set(final)].some(
          (one) =>
            isValue(one) && inList(final, one) > Math.max(0, before(one) + putsOf(one).length - takesOf(one).length),
        )
      );
    case 'lost': {
      const empty = evidence === 'same-host' ? rows.at(-1) : undefined;
      if (final === undefined && (empty === undefined || value[empty] !== nothing)) return false;
      const isUntold = (row: number): boolean =>
        status[row] === info || (status[row] === ok && Number.isNaN(value[row]!));
      const isLate = (row: number): boolean => empty !== undefined && call[row]! > ret[empty]!;
      const done = all.filter((row) => status[row] === ok && row !== empty && value[row] !== nothing);
      if (empty !== undefined && done.some((row) => ret[row]! >= call[empty]!)) return false;
      const open = all.filter((row) => f[row] === takeOf && isUntold(row) && !isLate(row)).length;
      const put = new Set(all.filter((row) => f[row] === putOf && status[row] === ok).map((row) => value[row]!));
      const there = new Set([...put, ...(initial ?? [])].filter(isValue));
      let gone = 0;
      for (const one of there) {
        const surely = inList(initial, one) + putsOf(one).filter((row) => status[row] === ok).length;
        gone += Math.max(0, surely - takesOf(one).length - inList(final, one));
      }
      return gone - open >= atLeast;
    }
    default:
      return false;
  }
};
