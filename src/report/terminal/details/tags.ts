import type { Result } from '../../../core/result/result.ts';
import { tagColumns, tagsIn } from '../../sections/tags.ts';
import type { Line } from '../layout/line.ts';
import { withinModes } from '../names.ts';
import { columnOf, tables } from '../layout/table.ts';

/** Every tag of every mode, and the times of all requests with it. */
export const tags = (result: Result, width: number): Line[][] => {
  const rows = tagsIn(result);
  if (rows.length === 0) return [];
  const names = rows.map(({ tag }) => tag.name);
  return tables(
    withinModes('tag', rows, names, width),
    tagColumns.map((column) => columnOf(column, rows)),
    width,
  );
};
