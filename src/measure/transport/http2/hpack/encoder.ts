import { defaultTableBytes, DynamicTable } from './dynamic-table.ts';
import { fieldOf } from './field.ts';
import { huffmanEncode, huffmanLength } from './huffman.ts';
import { staticIndex, staticNameIndex, staticTable } from './static-table.ts';

/** A field that every request of a kind has; of each byte a character. */
export type ConstantField = readonly [name: string, value: string];

/**
 * Writes what stays the same in the heads of requests (RFC 7541): each field goes into the table once, as long as there is room, and
 * is a reference of a byte or two from then on. Nothing is put out of the table again, unless the target makes it smaller.
 */
export class Encoder {
  #table = new DynamicTable();
  /** The number of the insertion that brought a field, by name and value with a NUL between. */
  readonly #inserted = new Map<string, number>();
  #insertions = 0;
  #limit = defaultTableBytes;
  /** The next block has to tell of another limit. */
  isResized = false;
  /** Changes whenever fields that were encoded before are to be encoded anew. */
  version = 0;

  /** The target takes a table of so many bytes. */
  limit(bytes: number): void {
    const limit = Math.min(bytes, defaultTableBytes);
    if (limit === this.#limit) return;
    this.#limit = limit;
    this.isResized = true;
    // It begins anew: what was referred to is sent once more.
    this.#inserted.clear();
    this.#table = new DynamicTable();
    this.#table.resize(limit);
    this.version++;
  }

  /** What the next block has to begin with where {@link isResized}; told once. */
  takeResize(): Buffer {
    this.isResized = false;
    // Emptied first, since nothing of it is referred to any more.
    return Buffer.concat([numberOf(0x20, 5, 0), ...(this.#limit > 0 ? [numberOf(0x20, 5, this.#limit)] : [])]);
  }

  /** Encodes fields; the same bytes say the same once more if {@link version} has not changed by it. */
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

/** The beginning of a field that no table takes in: its name, and a value is to follow it. */
export const literalName = (name: string): Buffer => {
  const index = staticNameIndex(name);
  return Buffer.concat([numberOf(0, 4, index), ...(index === 0 ? [textOf(name)] : [])]);
};

/** A number behind the bits of a mark (RFC 7541, 5.1). */
export const numberOf = (mark: number, prefix: number, number: number): Buffer => {
  const most = (1 << prefix) - 1;
  if (number < most) return Buffer.of(mark | number);
  const bytes = [mark | most];
  let rest = number - most;
  for (; rest >= 128; rest = Math.floor(rest / 128)) bytes.push((rest % 128) | 128);
  return Buffer.of(...bytes, rest);
};

/** In Huffman's code where that is shorter. */
const textOf = (text: string): Buffer => {
  const bytes = Buffer.from(text, 'latin1');
  return huffmanLength(bytes) < bytes.length
    ? Buffer.concat([numberOf(0x80, 7, huffmanLength(bytes)), huffmanEncode(bytes)])
    : Buffer.concat([numberOf(0, 7, bytes.length), bytes]);
};
