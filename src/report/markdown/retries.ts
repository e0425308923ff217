import type { Result } from '../../core/result/result.ts';
import { conflicted, retryColumns } from '../sections/retries.ts';
import { columnOf, safe, table } from './table.ts';

/** What conflicts cost the modes that came into any. */
export const retries = (result: Result): readonly string[] =>
  table(conflicted(result), [
    ['mode', 'left', ({ name }) => safe(name, 60)],
    ...retryColumns.map((column) => columnOf(column)),
  ]);
