import { staticTable } from './static-table.ts';
import type { Field } from './field.ts';

/** The initial size limit of a table, on either side (RFC 9113, 6.5.2). */
export const defaultTableBytes = 4096;

/** The most fields in it: each takes 32 bytes in addition to its text. */
const mostFields = defaultTableBytes / 32;

/**
 * The fields that both sides of a connection remember, the latest first, within {@link defaultTableBytes} (RFC 7541, 2.3.2).
 *
 * @cost an insertion writes one place of a ring, and forgets what there is no more room for
 */
export class DynamicTable {
  readonly #ring: (Field | undefined)[] = Array.from({ length: mostFields });
  /** Where the next one goes. */
  #next = 0;
  #limit = defaultTableBytes;
  /** The size of all fields in it. */
  bytes = 0;
  length = 0;

  get limit(): number {
    return this.#limit;
  }

  /** Inserts a field, and forgets the oldest ones until there is room; one that is larger than the table empties it. */
  insert(field: Field): void {
    this.#evict(this.#limit - field.size);
    if (field.size > this.#limit) return;
    this.#ring[this.#next] = field;
    this.#next = (this.#next + 1) % mostFields;
    this.length++;
    this.bytes += field.size;
  }

  /** @param limit at most {@link defaultTableBytes} */
  resize(limit: number): void {
    this.#limit = limit;
    this.#evict(limit);
  }

  /** The field of an index, those of the static table first; `undefined` if there is none. */
  at(index: number): Field | undefined {
    if (index <= staticTable.length) return staticTable[index - 1];
    const back = index - staticTable.length;
    return back > this.length ? undefined : this.#ring[(this.#next - back + mostFields) % mostFields];
  }

  #evict(bytes: number): void {
    while (this.length > 0 && this.bytes > bytes) {
      const oldest = (this.#next - this.length + mostFields) % mostFields;
      this.bytes -= this.#ring[oldest]!.size;
      this.#ring[oldest] = undefined;
      this.length--;
    }
  }
}
