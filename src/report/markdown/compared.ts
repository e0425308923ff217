import type { Result } from '../../core/result/result.ts';
import { comparedColumns, readingOf, toldIn } from '../sections/compared.ts';
import { columnOf, safe, table } from './table.ts';

/** Every mode compared with the control: for each metric the ratio, its interval and what it shows; then how to read it. */
export const compared = (result: Result): readonly string[] => {
  const rows = table(toldIn(result), [
    ['mode', 'left', ({ mode }) => safe(mode, 60)],
    ['metric', 'left', ({ metric }) => safe(metric, 20)],
    ...comparedColumns(result).map((column) => columnOf(column)),
  ]);
  return rows.length === 0 ? [] : [...rows, '', safe(readingOf(result).join(' '))];
};
