import { defaultTableBytes, DynamicTable } from './dynamic-table.ts';
import { fieldOf } from './field.ts';
import { huffmanEncode, huffmanLength } from './huffman.ts';
import { staticIndex, staticNameIndex, staticTable } from './static-table.ts';

/** A field that every request of a kind has; one character per byte. */
export type ConstantField = readonly [name: string, value: string];

/**
 * Writes the constant parts in the heads of requests (RFC 7541): each field goes into the table once, as long as there is
 * room, and is a reference of a byte or two from then on. Nothing is removed from the table, unless the target makes it
 * smaller.
 */
export class Encoder {
  #table = new DynamicTable();
  /** The number of the insertion that added a field, by name and value with a NUL between. */
  readonly #inserted = new Map<string, number>();
  #insertions = 0;
  #limit = defaultTableBytes;
  /** The next block has to announce another limit. */
  isResized = false;
  /** Changes whenever fields that were encoded before have to be encoded again. */
  version = 0;

  /** The target accepts a table of this many bytes. */
  limit(bytes: number): void {
    const limit = Math.min(bytes, defaultTableBytes);
    if (limit === this.#limit) return;
    this.#limit = limit;
    this.isResized = true;
    // It starts over: fields that were references are sent in full once more.
    this.#inserted.clear();
    this.#table = new DynamicTable();
    this.#table.resize(limit);
    this.version++;
  }

  /** What the next block has to begin with if {@link isResized}; given once. */
  takeResize(): Buffer {
    this.isResized = false;
    // Emptied first, as nothing in it is referred to any more.
    return Buffer.concat([numberOf(0x20, 5, 0), ...(this.#limit > 0 ? [numberOf(0x20, 5, this.#limit)] : [])]);
  }

  /** Encodes fields; the bytes can be used again if {@link version} has not changed by it. */
  encode(fields: readonly ConstantField[]): Buffer {
    return Buffer.concat(fields.map(([name, value]) => this.#field(name, value)));
  }

  #field(name: string, value: string): Buffer {
    const known = staticIndex(name, value);
    if (known > 0) return numberOf(0x80, 7, known);
    const key = `${name}\0${value}`;
    const number = this.#inserted.get(key);
    if (number !== undefined) return numberOf(0x80, 7, staticTable.length + this.#insertions - number + 1);
    const field = fieldOf(name, value);
    const isTaken = this.#table.bytes + field.size <= this.#limit;
    if (isTaken) {
      this.#table.insert(field);
      this.#inserted.set(key, ++this.#insertions);
      this.version++;
    }
    const [mark, prefix] = isTaken ? ([0x40, 6] as const) : ([0, 4] as const);
    const index = staticNameIndex(name);
    return Buffer.concat([numberOf(mark, prefix, index), ...(index === 0 ? [textOf(name)] : []), textOf(value)]);
  }
}

/** The beginning of a field that no table takes in: its name; a value is to follow. */
export const literalName = (name: string): Buffer => {
  const index = staticNameIndex(name);
  return Buffer.concat([numberOf(0, 4, index), ...(index === 0 ? [textOf(name)] : [])]);
};

/** A number after the bits of a mark (RFC 7541, 5.1). */
export const numberOf = (mark: number, prefix: number, number: number): Buffer => {
  const most = (1 << prefix) - 1;
  if (number < most) return Buffer.of(mark | number);
  const bytes = [mark | most];
  let rest = number - most;
  for (; rest >= 128; rest = Math.floor(rest / 128)) bytes.push((rest % 128) | 128);
  return Buffer.of(...bytes, rest);
};

/** Huffman-coded if that is shorter. */
const textOf = (text: string): Buffer => {
  const bytes = Buffer.from(text, 'latin1');
  return huffmanLength(bytes) < bytes.length
    ? Buffer.concat([numberOf(0x80, 7, huffmanLength(bytes)), huffmanEncode(bytes)])
    : Buffer.concat([numberOf(0, 7, bytes.length), bytes]);
};
