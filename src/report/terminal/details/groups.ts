import type { Result } from '../../../core/result/result.ts';
import { groupColumns, groupsIn } from '../../sections/groups.ts';
import type { Line } from '../layout/line.ts';
import { withinModes } from '../names.ts';
import { columnOf, tables } from '../layout/table.ts';

/** Every named group of steps of every mode, and how long it took. */
export const groups = (result: Result, width: number): Line[][] => {
  const rows = groupsIn(result);
  if (rows.length === 0) return [];
  const names = rows.map(({ group }) => group.name);
  return tables(
    withinModes('group', rows, names, width),
    groupColumns.map((column) => columnOf(column, rows)),
    width,
  );
};
