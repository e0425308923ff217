import { type History, operations, wholeList } from './history.ts';

const [readOf, elementOf] = [operations.indexOf('read'), operations.indexOf('element')];

/** Whether a row is a read that saw a whole list. */
export const isWholeRead = ({ f, operand }: History, row: number): boolean =>
  f[row] === readOf && operand[row] === wholeList;

/** The read that an `element` belongs to. */
export const readOfElement = ({ f }: History, element: number): number => {
  let row = element - 1;
  while (f[row] === elementOf) row--;
  return row;
};

/**
 * The list that a read saw, as numbers of the history's columns: what its own rows say, and for the rest what lists before it
 * did; undefined: the row saw no whole list, or one that differs from those before it in too many positions to be told.
 *
 * @cost a look at every row before it, at worst
 */
export const listSeen = (history: History, read: number): readonly number[] | undefined => {
  if (!isWholeRead(history, read)) return undefined;
  const { f, key, value, operand, version } = history;
  const list = Array.from<number | undefined>({ length: version[read]! });
  const missing = new Set(list.keys());
  const tell = (row: number): void => {
    const at = version[row]! - 1;
    if (missing.delete(at)) list[at] = value[row]!;
  };
  for (let row = read + 1; f[row] === elementOf; row++) tell(row);
  for (let row = read - 1; row >= 0 && missing.size > 0; row--)
    if (f[row] === elementOf && operand[row] === wholeList && key[row] === key[read]) tell(row);
  const last = list.length - 1;
  return missing.size === 0 && (last < 0 || list[last] === value[read]) ? (list as number[]) : undefined;
};
