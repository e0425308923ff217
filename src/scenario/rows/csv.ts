import Papa from 'papaparse';
import { TablePacker, type Column, type ColumnType, type Table } from '../../core/table.ts';

/** How to read a CSV file. */
export interface CsvOptions {
  readonly delimiter?: string | undefined;
  /** The names of the columns, if no line of the file has them. */
  readonly header?: readonly string[] | undefined;
  /** The types of columns, if they are not what their values look like. */
  readonly columns?: { readonly [name: string]: ColumnType } | undefined;
}

const isNumber = /^-?(0|[1-9]\d*)(\.\d+)?([eE][+-]?\d+)?$/;
const forbidden = new Set(['__proto__', 'constructor', 'prototype']);

/** What a column's values look like so far. */
interface Look {
  isNumber: boolean;
  isBoolean: boolean;
}

/**
 * Reads CSV (RFC 4180). The first line has the names of the columns, unless they are given. A column in which all values are
 * numbers as JSON writes them holds numbers, one with only `true` and `false` holds booleans, and any other texts. Empty values do
 * not count.
 *
 * @returns the table, or what is wrong with the file
 */
export const readCsv = (text: string, { delimiter = ',', header, columns = {} }: CsvOptions): Table | string => {
  const packer = new TablePacker();
  let names = header;
  let looks: Look[] = looksOf(header ?? []);
  let row = 0;
  let wrong = header === undefined ? undefined : (wrongNames(header) ?? unknownColumn(header, columns));
  if (wrong !== undefined) return wrong;
  const first = header === undefined ? 'the first line' : '"header"';
  Papa.parse<string[]>(text, {
    delimiter,
    skipEmptyLines: true,
    step: ({ data: cells, errors: [error] }, parser) => {
      if (names === undefined) {
        names = cells;
        looks = looksOf(names);
        wrong = error?.message ?? wrongNames(names) ?? unknownColumn(names, columns);
      } else {
        row++;
        wrong = error === undefined ? wrongRow(row, cells, names, columns, first) : `row ${row}: ${error.message}`;
        cells.forEach((cell, at) => see(looks[at], cell));
        if (wrong === undefined) packer.add(JSON.stringify(cells));
      }
      if (wrong !== undefined) parser.abort();
    },
  });
  if (wrong !== undefined) return wrong;
  if (names === undefined || row === 0)
    return header === undefined ? 'it has no rows below its header' : 'it has no rows';
  const typed = names.map((name, at): Column => ({ name, type: columns[name] ?? typeOf(looks[at]!) }));
  return packer.table({ columns: typed, keys: names });
};

const looksOf = (names: readonly string[]): Look[] => names.map(() => ({ isNumber: true, isBoolean: true }));

const see = (look: Look | undefined, cell: string): void => {
  if (cell === '' || look === undefined) return;
  if (look.isNumber && !(isNumber.test(cell) && isExact(cell))) look.isNumber = false;
  if (look.isBoolean && cell !== 'true' && cell !== 'false') look.isBoolean = false;
};

/** A number with too many digits would come back as another: it is an identifier, not an amount. */
const isExact = (cell: string): boolean => !/^-?\d{16,}$/.test(cell) || Number.isSafeInteger(Number(cell));

const typeOf = ({ isNumber, isBoolean }: Look): ColumnType => {
  // Without a single value it could be anything.
  if (isNumber && isBoolean) return 'text';
  if (isNumber) return 'number';
  return isBoolean ? 'boolean' : 'text';
};

const wrongNames = (names: readonly string[]): string | undefined => {
  const empty = names.findIndex((name) => name.trim() === '');
  if (empty !== -1) return `column ${empty + 1} has no name in the first line`;
  const twice = names.find((name, at) => names.indexOf(name) !== at);
  if (twice !== undefined) return `two columns are called ${JSON.stringify(twice)}`;
  const bad = names.find((name) => forbidden.has(name));
  return bad === undefined ? undefined : `no column may be called "${bad}"`;
};

const unknownColumn = (names: readonly string[], columns: object): string | undefined => {
  const unknown = Object.keys(columns).find((name) => !names.includes(name));
  return unknown === undefined
    ? undefined
    : `it has no column ${JSON.stringify(unknown)}; its columns are ${names.slice(0, 12).join(', ')}`;
};

const wrongRow = (
  row: number,
  cells: readonly string[],
  names: readonly string[],
  columns: NonNullable<CsvOptions['columns']>,
  first: string,
): string | undefined => {
  if (cells.length !== names.length) return `row ${row} has ${cells.length} values, ${first} ${names.length}`;
  for (let at = 0; at < cells.length; at++) {
    const type = columns[names[at]!];
    const cell = cells[at]!;
    if (type === undefined || type === 'text' || cell === '') continue;
    const fits = type === 'number' ? isNumber.test(cell) : cell === 'true' || cell === 'false';
    if (!fits) return `row ${row}: ${JSON.stringify(cell.slice(0, 40))} in column "${names[at]!}" is not a ${type}`;
  }
  return undefined;
};
