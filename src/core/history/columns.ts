import type { History } from './history.ts';

/** The columns of a {@link History} and what each is made of, in the order in which a file has them. */
export const columnTypes = {
  call: Float64Array,
  ret: Float64Array,
  value: Float64Array,
  operand: Float64Array,
  version: Float64Array,
  key: Uint32Array,
  session: Uint32Array,
  f: Uint8Array,
  status: Uint8Array,
} as const;

/** The name of a column. */
export type ColumnName = keyof typeof columnTypes;

/** The columns of some rows, without the texts that their numbers stand for; all equally long. */
export type Columns = Pick<History, ColumnName>;

/** The names of the columns, in the order in which a file has them. */
export const columnNames = Object.keys(columnTypes) as readonly ColumnName[];

/** Columns for that many rows, all 0. 50 bytes a row. */
export const emptyColumns = (length: number): Columns => columnsOf((name) => new columnTypes[name](length));

/** Those rows of the columns: views, no copy. */
export const sliceColumns = (columns: Columns, from: number, to: number): Columns =>
  columnsOf((name) => columns[name].subarray(from, to));

/**
 * One set of columns from many, which are empty afterwards: each column is let go as soon as it has been copied, so that
 * at no time everything is there twice.
 */
export const joinColumns = (parts: readonly Columns[]): Columns => {
  const length = parts.reduce((sum, part) => sum + part.key.length, 0);
  return columnsOf((name) => {
    const whole = new columnTypes[name](length);
    let at = 0;
    for (const part of parts as readonly { [name in ColumnName]: Columns[name] }[]) {
      whole.set(part[name], at);
      at += part[name].length;
      (part as { [name in ColumnName]: Float64Array | Uint32Array | Uint8Array })[name] = new columnTypes[name](0);
    }
    return whole;
  });
};

/** Columns, each of what the function gives for its name: an array of that column's type. */
export const columnsOf = (column: (name: ColumnName) => Float64Array | Uint32Array | Uint8Array): Columns =>
  Object.fromEntries(columnNames.map((name) => [name, column(name)])) as unknown as Columns;
