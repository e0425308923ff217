import { fail, ok, operations } from '../../../core/history/history.ts';
import type { History } from '../../../core/history/history.ts';
import type { Contradiction, Known } from '../engines/engine.ts';

const appendOf = operations.indexOf('append');

/** An element at a position of a log, as a row or the final list shows it. */
interface Shown {
  readonly element: number;
  readonly place: number;
}

/** Whether a log's elements are not as they must be, by the rows of the certificate and the final list. */
export const isLogFinding = (
  history: History,
  known: Known,
  { rule, operations: rows }: Contradiction,
  list: Float64Array | undefined,
): boolean => {
  const { f, status, value, version } = history;
  const inList: Shown[] = Array.from(list ?? [], (element, at) => ({ element, place: at + 1 }));
  const shown: Shown[] = rows
    .filter((row) => status[row] === ok && !Number.isNaN(value[row]!) && !Number.isNaN(version[row]!))
    .map((row) => ({ element: value[row]!, place: version[row]! }));
  const later = (one: Shown): boolean => one.place > Math.max(0, known.initial || 0);
  const all = [...shown, ...inList].filter(later);
  const appended = (element: number, outcome: (status: number) => boolean): boolean =>
    f.some((one, row) => one === appendOf && value[row] === element && outcome(status[row]!));
  const pairs = (isWrong: (a: Shown, b: Shown) => boolean): boolean =>
    shown.some((a) => all.some((b) => isWrong(a, b))) || inList.some((a) => inList.some((b) => isWrong(a, b)));
  switch (rule) {
    case 'lost-element':
      return (
        list !== undefined &&
        rows.some((row) => f[row] === appendOf && status[row] === ok && !list.includes(value[row]!))
      );
    case 'aborted-element':
      return rows.some(
        (row) =>
          f[row] === appendOf &&
          status[row] === fail &&
          all.some(({ element }) => element === value[row]) &&
          !appended(value[row]!, (one) => one !== fail),
      );
    case 'phantom-element':
      return (shown.length > 0 ? shown.filter(later) : all).some(({ element }) => !appended(element, () => true));
    case 'element-twice':
      return pairs((a, b) => a.element === b.element && a.place !== b.place);
    case 'not-a-prefix':
      return pairs((a, b) => a.place === b.place && a.element !== b.element);
    default:
      return false;
  }
};
