import { columnsOf, columnTypes, sliceColumns } from '../../../core/history/columns.ts';
import { type History, info, operations } from '../../../core/history/history.ts';
import { pickWidened, widenedFrom } from '../../../core/history/machines.ts';

const [readOf, sectionOf, elementOf] = (['read', 'section', 'element'] as const).map((f) => operations.indexOf(f)) as [
  number,
  number,
  number,
];

/** Whether a row is a change of unknown outcome. */
export const isOpenChange = ({ f, status }: History, row: number): boolean =>
  status[row] === info && f[row] !== readOf && f[row] !== sectionOf && f[row] !== elementOf;

/** These rows as a history of their own, in the same order and in memory of its own. Its texts are those of the whole history. */
export const pickRows = (history: History, rows: ArrayLike<number>): History => ({
  ...columnsOf((name) => {
    const column = new columnTypes[name](rows.length);
    for (let at = 0; at < rows.length; at++) column[at] = history[name][rows[at]!]!;
    return column;
  }),
  length: rows.length,
  keys: history.keys,
  names: history.names,
  ...pickWidened(history, rows),
});

/** The rows from this one on: views, no copy. */
export const rowsFrom = (history: History, first: number): History =>
  first === 0
    ? history
    : {
        ...sliceColumns(history, first, history.length),
        length: history.length - first,
        keys: history.keys,
        names: history.names,
        ...widenedFrom(history, first),
      };
