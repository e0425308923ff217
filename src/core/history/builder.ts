import { emptyColumns, joinColumns, sliceColumns } from './columns.ts';
import type { Columns } from './columns.ts';
import { absent, firstName, nothing, ok, operations, wholeList } from './history.ts';
import { canonicalJson } from '../exact/write.ts';
import type { History } from './history.ts';

/** Rows of the first chunk; each further one has twice as many as the one before, up to the most: 3.3 MB. */
const firstChunk = 64;
const longestChunk = 65_536;

const [readOf, elementOf] = [operations.indexOf('read'), operations.indexOf('element')];
/** Of one list and those before it. */
const mostDifferences = 16;

/** Rows and texts since the last time they were taken: what a block of a history file has. */
export interface HistoryBlock {
  readonly columns: Columns;
  /** Keys that no block before had; they go on where those ended. */
  readonly keys: readonly string[];
  /** The same of names. */
  readonly names: readonly string[];
}

/**
 * Makes a {@link History} row by row, in columns that grow by chunks of up to 65,536 rows.
 *
 * @cost of a row nine stores, and 3.3 MB for every 65,536th; of a key or a name one look-up
 */
export class HistoryBuilder {
  #full: Columns[] = [];
  #columns = emptyColumns(firstChunk);
  #at = 0;
  #fullRows = 0;
  #keysTaken = 0;
  #namesTaken = 0;
  readonly #keys: string[] = [];
  readonly #names: string[] = [];
  readonly #keyNumbers = new Map<string, number>();
  readonly #nameNumbers = new Map<string, number>();
  /** By key: what whole lists have told, each position by the first. */
  readonly #lists = new Map<number, unknown[]>();

  /** Rows appended and not taken. */
  get length(): number {
    return this.#fullRows + this.#at;
  }

  /** The key's place in `keys`; the same for the same text. */
  key(text: string): number {
    const known = this.#keyNumbers.get(text);
    if (known !== undefined) return known;
    this.#keyNumbers.set(text, this.#keys.length);
    return this.#keys.push(text) - 1;
  }

  /** The number that stands for a value; the same for the same value as JSON. `undefined`: not said; `null`: nothing there. */
  value(value: unknown): number {
    if (value === undefined) return absent;
    if (value === null) return nothing;
    return typeof value === 'number' && value > firstName && value < 2 ** 53
      ? value
      : this.#nameOf(canonicalJson(value));
  }

  /** Adds a row; what the numbers mean is at {@link History}, NaN is what was not said. */
  append(
    key: number,
    session: number,
    f: number,
    status: number,
    call: number,
    ret: number,
    value: number,
    operand: number,
    version: number,
  ): void {
    if (this.#at === this.#columns.key.length) {
      this.#full.push(this.#columns);
      this.#fullRows += this.#at;
      this.#columns = emptyColumns(Math.min(2 * this.#at, longestChunk));
      this.#at = 0;
    }
    const columns = this.#columns;
    const at = this.#at++;
    columns.key[at] = key;
    columns.session[at] = session;
    columns.f[at] = f;
    columns.status[at] = status;
    columns.call[at] = call;
    columns.ret[at] = ret;
    columns.value[at] = value;
    columns.operand[at] = operand;
    columns.version[at] = version;
  }

  /**
   * Adds a read of a whole list, as rows that say no more than what lists of the key before did not: see {@link wholeList}. Of
   * a list that differs from those in many positions, the first {@link mostDifferences}: it cannot be right anyway.
   *
   * @cost a comparison for each element
   */
  appendList(key: number, session: number, call: number, ret: number, list: readonly unknown[]): void {
    const last = list.length === 0 ? absent : this.value(list.at(-1));
    this.append(key, session, readOf, ok, call, ret, last, wholeList, list.length);
    let known = this.#lists.get(key);
    if (known === undefined) this.#lists.set(key, (known = []));
    let differences = 0;
    for (let at = 0; at < list.length && differences < mostDifferences; at++) {
      const element = list[at];
      const isFirst = at >= known.length;
      // Most are told apart, or not, by a look; only what is a list or a map itself has to be written out.
      if (!isFirst && (element === known[at] || this.value(element) === this.value(known[at]))) continue;
      if (isFirst) known.push(element);
      else differences++;
      this.append(key, session, elementOf, ok, call, ret, this.value(element), isFirst ? wholeList : 0, at + 1);
    }
  }

  /** The rows since the last time, which are forgotten, and the texts that came with them: what is written to disk meanwhile. */
  take(): HistoryBlock {
    const columns = joinColumns([...this.#full, sliceColumns(this.#columns, 0, this.#at)]);
    this.#full = [];
    this.#fullRows = 0;
    this.#at = 0;
    const keys = this.#keys.slice(this.#keysTaken);
    const names = this.#names.slice(this.#namesTaken);
    this.#keysTaken = this.#keys.length;
    this.#namesTaken = this.#names.length;
    return { columns, keys, names };
  }

  /** Every row since the last time, in columns of exactly that length, with all the texts; the builder then has no rows. */
  history(): History {
    const { columns } = this.take();
    return { ...columns, length: columns.key.length, keys: [...this.#keys], names: [...this.#names] };
  }

  #nameOf(text: string): number {
    const known = this.#nameNumbers.get(text);
    if (known !== undefined) return known;
    const number = firstName + 1 - this.#names.push(text);
    this.#nameNumbers.set(text, number);
    return number;
  }
}
