import { rowsOf } from '../../core/table.ts';
import type { MakeItems } from './contract.ts';

/** The rows of a file that was read before anything was sent. */
export const file: MakeItems = (options, tables) => {
  const { table } = options as { readonly table: string };
  const rows = tables[table];
  if (rows === undefined) throw new Error(`the table ${table} was not read`);
  return { size: rows.rows, at: rowsOf(rows) };
};
