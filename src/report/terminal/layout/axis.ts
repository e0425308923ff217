import { tickOf } from '../../axis.ts';
import { widthOf } from '../../plain.ts';

/** The labels of an axis, each beginning at its column; a label that would touch the one before it is left out. */
export const labelled = (
  ticks: readonly { readonly us: number; readonly column: number }[],
  columns: number,
): string => {
  let line = '';
  for (const { us, column } of ticks) {
    const text = tickOf(us);
    const start = Math.min(column, columns - widthOf(text));
    if (line === '' || start >= widthOf(line) + 2) line = line.padEnd(start) + text;
  }
  return line;
};
