import { defaultTableBytes, DynamicTable } from './dynamic-table.ts';
import { fieldOf, type Field } from './field.ts';
import { huffmanDecode, mostPerByte } from './huffman.ts';

/** Numbers in a block are always smaller. */
const largestNumber = 2 ** 28;

/**
 * Reads blocks of header fields, one after the other, as they come on a connection (RFC 7541).
 *
 * @cost a field in a table costs a look-up; one that is spelled out costs its two texts, and an object
 */
export class Decoder {
  /** Those of the last block are the first {@link count}. */
  readonly fields: Field[] = [];
  count = 0;
  /** Those of them that the table took in: the same block would insert them again. */
  readonly inserted: Field[] = [];
  /** The last block says the same, whatever came before it. */
  isSelfContained = false;
  /** What is wrong with the last block, which ends the connection. */
  error = '';
  readonly #table = new DynamicTable();
  #bytes: Buffer = empty;
  #at = 0;
  #to = 0;
  #scratch = empty;

  /**
   * Reads a block.
   *
   * @returns whether it is one; otherwise {@link error} says why not
   */
  decode(bytes: Buffer, from: number, to: number): boolean {
    this.#bytes = bytes;
    this.#at = from;
    this.#to = to;
    this.count = 0;
    this.inserted.length = 0;
    this.isSelfContained = true;
    this.error = '';
    while (this.#at < to && this.error === '') this.#next(bytes[this.#at]!);
    return this.error === '';
  }

  /** Inserts a field of a known block again. */
  insert(field: Field): void {
    this.#table.insert(field);
  }

  #next(first: number): void {
    if (first >= 0x80) return this.#indexed();
    if (first >= 0x40) return this.#literal(6, true);
    return first >= 0x20 ? this.#resize() : this.#literal(4, false);
  }

  #indexed(): void {
    const field = this.#fieldAt(this.#number(7));
    if (field !== undefined) this.#add(field);
  }

  #literal(prefix: number, isInserted: boolean): void {
    const index = this.#number(prefix);
    const name = index === 0 ? this.#text() : this.#fieldAt(index)?.name;
    if (name === undefined) return;
    const value = this.#text();
    if (value === undefined) return;
    const field = fieldOf(name, value);
    this.#add(field);
    if (!isInserted) return;
    this.#table.insert(field);
    this.inserted.push(field);
  }

  #resize(): void {
    const limit = this.#number(5);
    if (this.count > 0) this.#fail('a table is resized within a block');
    else if (limit > defaultTableBytes) this.#fail(`a table of ${limit} bytes, where ${defaultTableBytes} are allowed`);
    else this.#table.resize(limit);
    this.isSelfContained = false;
  }

  #add(field: Field): void {
    this.fields[this.count++] = field;
  }

  #fieldAt(index: number): Field | undefined {
    if (this.error !== '') return undefined;
    if (index >= firstDynamic) this.isSelfContained = false;
    const field = this.#table.at(index);
    if (field === undefined) this.#fail(`there is no field ${index}`);
    return field;
  }

  /** RFC 7541, 5.1. */
  #number(prefix: number): number {
    const most = (1 << prefix) - 1;
    let number = this.#bytes[this.#at++]! & most;
    if (number < most) return number;
    for (let factor = 1; ; factor *= 128) {
      if (this.#at >= this.#to) {
        this.#fail('it ends in the midst of a number');
        return 0;
      }
      const byte = this.#bytes[this.#at++]!;
      number += (byte & 127) * factor;
      if (number > largestNumber || factor > largestNumber) {
        this.#fail('a number that is too large');
        return 0;
      }
      if (byte < 128) return number;
    }
  }

  #text(): string | undefined {
    if (this.error !== '') return undefined;
    if (this.#at >= this.#to) return this.#fail('it ends in the midst of a field');
    const isCoded = this.#bytes[this.#at]! >= 0x80;
    const length = this.#number(7);
    const from = this.#at;
    const to = from + length;
    if (this.error !== '') return undefined;
    if (to > this.#to) return this.#fail('it ends in the midst of a text');
    this.#at = to;
    if (!isCoded) return this.#bytes.toString('latin1', from, to);
    const most = Math.ceil(length * mostPerByte);
    if (this.#scratch.length < most) this.#scratch = Buffer.allocUnsafeSlow(most * 2);
    const made = huffmanDecode(this.#bytes, from, to, this.#scratch);
    return made < 0 ? this.#fail('a text in invalid Huffman code') : this.#scratch.toString('latin1', 0, made);
  }

  #fail(why: string): undefined {
    if (this.error === '') this.error = why;
  }
}

const empty = Buffer.alloc(0);
/** Smaller indexes are in the static table. */
const firstDynamic = 62;
