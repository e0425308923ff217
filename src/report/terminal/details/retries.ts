import type { Result } from '../../../core/result/result.ts';
import { retrying, retryColumns } from '../../sections/retries.ts';
import { span, type Line } from '../layout/line.ts';
import { columnOf, tables, type Column } from '../layout/table.ts';
import { nameOf } from '../names.ts';

/** What conflicts cost each mode that had any, and what was sent again. */
export const retries = (result: Result, width: number): Line[][] => {
  const rows = retrying(result);
  if (rows.length === 0) return [];
  const first: Column = { heading: 'mode', align: 'left', cells: rows.map(({ name }) => span(nameOf(name, width))) };
  return tables(
    first,
    retryColumns(result).map((column) => columnOf(column, rows)),
    width,
  );
};
