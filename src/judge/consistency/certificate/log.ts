import { fail, ok, operations } from '../../../core/history/history.ts';
import type { History } from '../../../core/history/history.ts';
import { listSeen } from '../../../core/history/whole-lists.ts';
import type { Contradiction, Known } from '../engines/engine.ts';
import type { LogLists } from '../engines/lists/places.ts';

const [appendOf, readOf, elementOf] = (['append', 'read', 'element'] as const).map((f) => operations.indexOf(f)) as [
  number,
  number,
  number,
];

/** An element at a position of a log, as a row or a list shows it. */
interface Shown {
  readonly element: number;
  readonly place: number;
  /** Shown by the answer of its own append: it was not there before, wherever it is. */
  readonly isOwn?: boolean;
}

/** Whether a log's elements are not as they must be, by the rows of the certificate and the lists before and after. */
export const isLogFinding = (
  history: History,
  known: Known,
  { rule, operations: rows }: Contradiction,
  lists: LogLists,
): boolean => {
  const { f, status, value } = history;
  const [inFinal, inInitial] = [lists.final, lists.initial].map((list) =>
    Array.from(list ?? [], (element, at): Shown => ({ element, place: at + 1 })),
  ) as [Shown[], Shown[]];
  const shown = rows.flatMap((row) => shownBy(history, row));
  const isLater = ({ place, isOwn }: Shown): boolean => isOwn === true || place > Math.max(0, known.initial || 0);
  const all = [...shown, ...inFinal];
  const appended = (element: number, outcome: (status: number) => boolean): boolean =>
    f.some((one, row) => one === appendOf && value[row] === element && outcome(status[row]!));
  // If the initial length is unknown, whatever stands before all appended elements may have been there already.
  const from = Number.isNaN(known.initial)
    ? firstAppended(history, inFinal, (element) => appended(element, (one) => one === ok))
    : 1;
  /** More appends of it were acknowledged than copies of it were added to the final list. */
  const isShort = (element: number): boolean => {
    const acknowledged = f.filter((one, row) => one === appendOf && value[row] === element && status[row] === ok);
    return acknowledged.length > inFinal.filter((one) => isLater(one) && one.element === element).length;
  };
  const pairs = (some: readonly Shown[], isWrong: (a: Shown, b: Shown) => boolean): boolean =>
    some.some((a) => all.some((b) => isWrong(a, b)));
  switch (rule) {
    case 'lost-element':
      return (
        lists.final !== undefined &&
        rows.some((row) => f[row] === appendOf && status[row] === ok && isShort(value[row]!))
      );
    case 'aborted-element':
      return rows.some(
        (row) =>
          f[row] === appendOf &&
          status[row] === fail &&
          all.some((one) => isLater(one) && one.place >= from && one.element === value[row]) &&
          !appended(value[row]!, (one) => one !== fail),
      );
    case 'phantom-element':
      return (shown.length > 0 ? shown : inFinal).some(
        (one) => isLater(one) && one.place >= from && !appended(one.element, () => true),
      );
    case 'element-twice':
      return pairs(all, (a, b) => a.element === b.element && a.place !== b.place && isLater(a) && isLater(b));
    case 'not-a-prefix':
      return pairs([...all, ...inInitial], (a, b) => a.place === b.place && a.element !== b.element);
    default:
      return false;
  }
};

/** What a row shows of the log: an append its element, a read the last element or all, as far as its answer has them. */
const shownBy = (history: History, row: number): readonly Shown[] => {
  const { f, status, value, version } = history;
  if (status[row] !== ok) return [];
  const own: number[] = [row];
  for (let next = row + 1; f[row] === readOf && f[next] === elementOf; next++) own.push(next);
  const told = own.flatMap((one): Shown[] =>
    Number.isNaN(value[one]!) || Number.isNaN(version[one]!)
      ? []
      : [{ element: value[one]!, place: version[one]!, ...(f[one] === appendOf && { isOwn: true }) }],
  );
  return listSeen(history, row)?.map((element, at) => ({ element, place: at + 1 })) ?? told;
};

/** The first position at which an appended element was seen. */
const firstAppended = (
  { f, status, value, version }: History,
  inFinal: readonly Shown[],
  isAppended: (element: number) => boolean,
): number => {
  let first = Infinity;
  const look = (element: number, place: number): void => {
    if (place < first && isAppended(element)) first = place;
  };
  for (const { element, place } of inFinal) look(element, place);
  for (const [row, one] of f.entries())
    if (one === elementOf || (status[row] === ok && (one === appendOf || one === readOf)))
      look(value[row]!, version[row]!);
  return first;
};
