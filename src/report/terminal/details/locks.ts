import type { Result } from '../../../core/result/result.ts';
import { hasLocks, holdColumns, locksIn, waitColumns } from '../../sections/locks.ts';
import type { Line } from '../layout/line.ts';
import { withinModes } from '../names.ts';
import { columnOf, tables } from '../layout/table.ts';

/** From this width on, waits and holds share one table. */
const roomy = 120;

/** Every lock of every mode: how often it was contended, the waits, the holds, and how fair it was. */
export const locks = (result: Result, width: number): Line[][] => {
  if (!hasLocks(result)) return [];
  const rows = locksIn(result);
  const names = rows.map(({ lock }) => lock.name);
  const first = withinModes('lock', rows, names, width);
  const [waits, holds] = [waitColumns, holdColumns].map((columns) => columns.map((column) => columnOf(column, rows)));
  return width >= roomy
    ? tables(first, [...waits!, ...holds!], width)
    : [...tables(first, waits!, width), ...tables(first, holds!, width)];
};
