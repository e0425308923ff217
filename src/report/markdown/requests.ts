import type { Result } from '../../core/result/result.ts';
import { requestColumns } from '../sections/requests.ts';
import { columnOf, safe, table } from './table.ts';

/** Every mode's requests: how many, with which statuses, and how many bytes came back. */
export const requests = (result: Result): readonly string[] =>
  table(result.modes, [
    ['mode', 'left', ({ name }) => safe(name, 60)],
    ...requestColumns(result).map((column) => columnOf(column)),
  ]);
