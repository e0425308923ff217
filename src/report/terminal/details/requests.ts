import type { Result } from '../../../core/result/result.ts';
import { requestColumns } from '../../sections/requests.ts';
import { span, type Line } from '../layout/line.ts';
import { columnOf, tables } from '../layout/table.ts';
import { names } from '../names.ts';

/** Every mode's requests: the number, the statuses and the bytes received. */
export const requests = (result: Result, width: number): Line[][] => {
  if (result.modes.length === 0) return [];
  return tables(
    { heading: 'mode', align: 'left', cells: names(result, width).map((name) => span(name)) },
    requestColumns(result).map((column) => columnOf(column, result.modes)),
    width,
  );
};
