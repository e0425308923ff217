import type { Result } from '../../core/result/result.ts';
import { anatomyOf, isTold, parts, shareOf, type AnatomyLine } from '../sections/anatomy.ts';
import { nothing } from '../format.ts';
import { safe, table, type Column } from './table.ts';

/** What the mean and the p99 of every mode were spent on, as shares; a part that is nowhere 1 % has no column. */
export const anatomy = ({ modes }: Result): readonly string[] => {
  const rows = modes.flatMap((mode) => anatomyOf(mode).map((line) => ({ name: mode.name, ...line })));
  const told = parts.filter((part) => rows.some((row) => isTold(part, row.anatomy)));
  return table(rows, [
    ['mode', 'left', ({ name }) => safe(name, 60)],
    ['', 'left', ({ which }) => which],
    ['response time', 'right', ({ time }) => time],
    ...told.map((part): Column<AnatomyLine> => [
      part.name,
      'right',
      (row) => (part.of(row.anatomy) === 0 ? nothing : safe(shareOf(part, row.anatomy))),
    ]),
  ]);
};
