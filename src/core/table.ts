import { parseJson } from './exact/parse.ts';
import { numberIn } from './exact/whole.ts';
import type { Json } from './json.ts';

/** What the values of a column are. */
export type ColumnType = 'text' | 'number' | 'boolean';

/** A column of a table whose cells are texts at rest. */
export interface Column {
  readonly name: string;
  readonly type: ColumnType;
}

/** The rows of a file, packed into memory that all threads of a run share: it is handed on, never copied. */
export interface Table {
  readonly rows: number;
  /** Each row as JSON in UTF-8, one behind the other: a list of texts where there are `columns`, else the row itself. */
  readonly bytes: SharedArrayBuffer;
  /** Where each row ends, 32 bits each. */
  readonly ends: SharedArrayBuffer;
  readonly columns?: readonly Column[];
  /** Every key that a row has; absent where some row is no map. */
  readonly keys?: readonly string[];
}

/** The tables of a plan, by the name that its variables use. Beside the plan: they are no JSON, and may be large. */
export interface Tables {
  readonly [name: string]: Table;
}

/** Packs rows, one after the other. */
export class TablePacker {
  #bytes = Buffer.allocUnsafe(64 * 1024);
  #size = 0;
  readonly #ends: number[] = [];

  /** @param row as JSON */
  add(row: string): void {
    // A character of UTF-16 has at most 3 bytes in UTF-8.
    const most = this.#size + row.length * 3;
    if (most > this.#bytes.length) {
      const larger = Buffer.allocUnsafe(Math.max(most, this.#bytes.length * 2));
      this.#bytes.copy(larger, 0, 0, this.#size);
      this.#bytes = larger;
    }
    this.#size += this.#bytes.write(row, this.#size);
    this.#ends.push(this.#size);
  }

  /** What was added so far, as a table. */
  table(more: Pick<Table, 'columns' | 'keys'>): Table {
    const bytes = new SharedArrayBuffer(this.#size);
    new Uint8Array(bytes).set(this.#bytes.subarray(0, this.#size));
    const ends = new SharedArrayBuffer(this.#ends.length * Uint32Array.BYTES_PER_ELEMENT);
    new Uint32Array(ends).set(this.#ends);
    return { rows: this.#ends.length, bytes, ends, ...more };
  }
}

/** Rows that a reader keeps, so that those of a small file, and the hot ones of a large file, are made once. */
const keptRows = 4096;

/**
 * Reads a table's rows by number, from 0. A cell that is empty is there only where its column holds text. Nobody may change a
 * row: the next one who asks gets the same.
 *
 * @cost nothing for a row that is kept, of which there are up to 4096; another is parsed, 2 to 4 µs for a short one
 */
export const rowsOf = (table: Table): ((at: number) => Json) => {
  const parse = parserOf(table);
  const kept: Json[] = [];
  const numbers = new Int32Array(Math.min(table.rows, keptRows)).fill(-1);
  return (at) => {
    const place = at % keptRows;
    if (numbers[place] === at) return kept[place]!;
    const row = parse(at);
    numbers[place] = at;
    kept[place] = row;
    return row;
  };
};

const parserOf = ({ bytes, ends, columns }: Table): ((at: number) => Json) => {
  const text = Buffer.from(bytes);
  const endOf = new Uint32Array(ends);
  const rowAt = (at: number): Json => parseJson(text.toString('utf8', at === 0 ? 0 : endOf[at - 1], endOf[at])) as Json;
  if (columns === undefined) return rowAt;
  return (at) => {
    const cells = rowAt(at) as readonly string[];
    const row: { [column: string]: Json } = {};
    for (let column = 0; column < columns.length; column++) {
      const { name, type } = columns[column]!;
      const cell = cells[column]!;
      if (type === 'text') row[name] = cell;
      else if (cell !== '') row[name] = type === 'number' ? numberIn(cell) : cell === 'true';
    }
    return row;
  };
};
