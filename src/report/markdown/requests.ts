import type { Result } from '../../core/result/result.ts';
import { requestColumns } from '../sections/requests.ts';
import { columnOf, safe, table } from './table.ts';

/** Every mode's requests: the number, the statuses and the bytes received. */
export const requests = (result: Result): readonly string[] =>
  table(result.modes, [
    ['mode', 'left', ({ name }) => safe(name, 60)],
    ...requestColumns(result).map((column) => columnOf(column)),
  ]);
