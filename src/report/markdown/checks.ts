import type { Result } from '../../core/result/result.ts';
import { checkColumns, checksIn, verdictOf } from '../sections/checks.ts';
import { columnOf, safe, table } from './table.ts';

/** What each model says of each mode, and how much there was to judge by. */
export const checks = (result: Result): readonly string[] =>
  table(checksIn(result), [
    ['mode', 'left', ({ mode }) => safe(mode.name, 60)],
    ['model', 'left', ({ check }) => safe(check.model, 60)],
    ['verdict', 'left', (row) => verdictOf(row)],
    ...checkColumns.map((column) => columnOf(column)),
  ]);
