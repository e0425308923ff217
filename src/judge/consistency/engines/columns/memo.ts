/** Words in a piece of the arena: 1 MiB. Growing copies nothing but the first piece. */
const wordsInPiece = 2 ** 18;

/** The first piece starts at 4 KiB: most searches are short, and there may be one per key. */
const firstWords = 2 ** 10;

/** Returned when a set of configurations has run out of its bytes. */
export const full = -1;

/**
 * A set of lists of whole numbers, compared exactly and kept in typed arrays: the configurations that a search has been in.
 *
 * @cost `4 × (2 + length)` bytes a list and 8 to 16 bytes of table; adding one allocates nothing but pieces and tables
 */
export class Memo {
  readonly #mostBytes: number;
  /** Where each list begins, plus 1; 0 if the place is free. At least twice as many places as lists. */
  #table = new Int32Array(2 ** 10);
  #pieces: Int32Array[] = [];
  #used = 0;
  #count = 0;

  /** @param mostBytes for arena and table together, including the copy while the table grows */
  constructor(mostBytes: number) {
    this.#mostBytes = mostBytes;
  }

  /** The number of lists in it. */
  get size(): number {
    return this.#count;
  }

  /** The memory that it occupies. */
  get bytes(): number {
    const words = this.#pieces.length > 1 ? this.#pieces.length * wordsInPiece : (this.#pieces[0]?.length ?? 0);
    return this.#table.byteLength + words * 4;
  }

  /**
   * Adds a list.
   *
   * @param hash any 32 bits that equal lists share
   * @param length how many numbers of `list` count; fewer than 200,000
   * @returns 1 if it is new, 0 if it was there, {@link full} if there is no room for it
   */
  add(hash: number, list: Int32Array, length: number): number {
    if (this.#count * 2 >= this.#table.length && !this.#grow()) return full;
    const mask = this.#table.length - 1;
    let place = hash & mask;
    for (let found = this.#table[place]!; found !== 0; found = this.#table[place]!) {
      if (this.#isAt(found - 1, hash, list, length)) return 0;
      place = (place + 1) & mask;
    }
    const at = this.#keep(hash, list, length);
    if (at < 0) return full;
    this.#table[place] = at + 1;
    this.#count++;
    return 1;
  }

  #isAt(at: number, hash: number, list: Int32Array, length: number): boolean {
    const piece = this.#pieces[Math.floor(at / wordsInPiece)]!;
    const from = at % wordsInPiece;
    if (piece[from] !== hash || piece[from + 1] !== length) return false;
    for (let i = 0; i < length; i++) if (piece[from + 2 + i] !== list[i]) return false;
    return true;
  }

  #keep(hash: number, list: Int32Array, length: number): number {
    const piece = this.#pieceFor(length + 2);
    if (piece === undefined) return full;
    const from = this.#used;
    piece[from] = hash;
    piece[from + 1] = length;
    for (let i = 0; i < length; i++) piece[from + 2 + i] = list[i]!;
    this.#used += length + 2;
    return (this.#pieces.length - 1) * wordsInPiece + from;
  }

  /** The last piece if it has room for this many words, otherwise a new one; `undefined` if there is no room. */
  #pieceFor(words: number): Int32Array | undefined {
    const last = this.#pieces.at(-1);
    const used = this.#used;
    if (last !== undefined && used + words <= last.length) return last;
    if (words > wordsInPiece) return undefined;
    const isFirst = last === undefined || (last.length < wordsInPiece && used + words <= wordsInPiece);
    const length = isFirst
      ? Math.min(wordsInPiece, Math.max(firstWords, 2 ** Math.ceil(Math.log2(used + words))))
      : wordsInPiece;
    if (this.bytes + length * 4 > this.#mostBytes) return undefined;
    const piece = new Int32Array(length);
    if (isFirst && last !== undefined) {
      piece.set(last);
      this.#pieces[0] = piece;
    } else {
      this.#pieces.push(piece);
      this.#used = 0;
    }
    return piece;
  }

  #grow(): boolean {
    const before = this.#table;
    if (this.bytes + before.byteLength * 2 > this.#mostBytes) return false;
    const table = new Int32Array(before.length * 2);
    const mask = table.length - 1;
    for (const found of before) {
      if (found === 0) continue;
      const hash = this.#pieces[Math.floor((found - 1) / wordsInPiece)]![(found - 1) % wordsInPiece]!;
      let place = hash & mask;
      while (table[place] !== 0) place = (place + 1) & mask;
      table[place] = found;
    }
    this.#table = table;
    return true;
  }
}
