import { parseJson } from '../../core/exact/parse.ts';
import { writeJson } from '../../core/exact/write.ts';
import type { Json } from '../../core/json.ts';
import { TablePacker, type Table } from '../../core/table.ts';

/** Reads a JSON list in which each item is a row. @returns the table, or what is wrong with the file */
export const readJson = (text: string): Table | string => {
  let rows: unknown;
  try {
    rows = parseJson(text);
  } catch (error) {
    return (error as SyntaxError).message;
  }
  if (!Array.isArray(rows)) return 'it is not a list, whose items would be the rows';
  const collected = new Rows();
  for (const row of rows as readonly Json[]) collected.add(row, writeJson(row));
  return collected.table();
};

/** Reads JSON line by line, each line a row; empty lines do not count. @returns the table, or what is wrong with the file */
export const readNdjson = (text: string): Table | string => {
  const collected = new Rows();
  let number = 0;
  for (const line of text.split('\n')) {
    number++;
    if (line.trim() === '') continue;
    try {
      const row = parseJson(line) as Json;
      collected.add(row, writeJson(row));
    } catch (error) {
      return `line ${number}: ${(error as SyntaxError).message}`;
    }
  }
  return collected.table();
};

class Rows {
  readonly #packer = new TablePacker();
  /** `undefined` once a row was not a map. */
  #keys: Set<string> | undefined = new Set();
  #count = 0;

  add(row: Json, text: string): void {
    this.#count++;
    this.#packer.add(text);
    if (typeof row !== 'object' || row === null || Array.isArray(row)) this.#keys = undefined;
    else for (const key of Object.keys(row)) this.#keys?.add(key);
  }

  table(): Table | string {
    if (this.#count === 0) return 'it has no rows';
    return this.#packer.table(this.#keys === undefined ? {} : { keys: [...this.#keys] });
  }
}
