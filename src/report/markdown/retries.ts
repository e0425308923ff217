import type { Result } from '../../core/result/result.ts';
import { retrying, retryColumns } from '../sections/retries.ts';
import { columnOf, safe, table } from './table.ts';

/** What conflicts cost each mode that had any, and what was sent again. */
export const retries = (result: Result): readonly string[] =>
  table(retrying(result), [
    ['mode', 'left', ({ name }) => safe(name, 60)],
    ...retryColumns(result).map((column) => columnOf(column)),
  ]);
