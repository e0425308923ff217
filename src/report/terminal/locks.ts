import type { Result } from '../../core/result/result.ts';
import { hasLocks, holdColumns, locksIn, waitColumns } from '../sections/locks.ts';
import { conflicted, retryColumns } from '../sections/retries.ts';
import { span, type Line } from './line.ts';
import { nameOf, withinModes } from './modes.ts';
import { columnOf, tables, type Column } from './table.ts';

/** From this width on, waits and holds stand in one table. */
const roomy = 120;

/** Every lock of every mode: how often it was contended, the waits, the holds, and how evenly it was given out. */
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

/** What conflicts cost the modes that came into any. */
export const retries = (result: Result, width: number): Line[][] => {
  const rows = conflicted(result);
  if (rows.length === 0) return [];
  const first: Column = { heading: 'mode', align: 'left', cells: rows.map(({ name }) => span(nameOf(name, width))) };
  return tables(
    first,
    retryColumns.map((column) => columnOf(column, rows)),
    width,
  );
};
