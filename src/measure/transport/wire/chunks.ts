import { nameBytes, valueBytes } from './head.ts';

const CR = 13;
const LF = 10;
const COLON = 58;
const SEMICOLON = 59;
const SPACE = 32;
const TAB = 9;
const QUOTE = 34;
const BACKSLASH = 92;

/** Extensions and trailers, which are not read, may not go on forever. */
const largestOverheadBytes = 64 * 1024;

type Phase =
  | 'size'
  | 'blank'
  | 'extension begin'
  | 'extension'
  | 'quoted'
  | 'escaped'
  | 'size end'
  | 'data'
  | 'data CR'
  | 'data LF'
  | 'trailer'
  | 'name'
  | 'value'
  | 'trailer end'
  | 'last LF';

/** Value of each hexadecimal digit; 16 for every other byte. */
const hex = Uint8Array.from({ length: 256 }, (_, code) => {
  const digit = Number.parseInt(String.fromCharCode(code), 16);
  return Number.isNaN(digit) ? 16 : digit;
});

/** Reads a chunked body (RFC 9112, 7.1), in pieces of any size. */
export class ChunkedBody {
  /** The body has ended, trailers included. */
  isOver = false;
  /** Where the data that {@link next} has passed lies; empty if both are the same. */
  dataStart = 0;
  dataEnd = 0;
  error = '';
  #phase: Phase = 'size';
  #size = 0;
  #digits = 0;
  #overheadBytes = 0;

  /** Prepares for the next body. */
  begin(): void {
    this.isOver = false;
    this.error = '';
    this.#phase = 'size';
    this.#size = 0;
    this.#digits = 0;
    this.#overheadBytes = 0;
  }

  /**
   * Reads on at `from`, up to the end of a piece of data, of the body, or of the bytes.
   *
   * @returns how far it has come; -1 if this is not a chunked body, and `error` says why
   */
  next(bytes: Buffer, from: number, to: number): number {
    this.dataStart = 0;
    this.dataEnd = 0;
    for (let at = from; at < to; at++) {
      if (this.#phase === 'data') return this.#data(at, to);
      this.#phase = this.#after(bytes[at]!);
      if (this.error !== '') return -1;
      if (this.isOver) return at + 1;
    }
    return to;
  }

  #data(from: number, to: number): number {
    const end = Math.min(to, from + this.#size);
    this.#size -= end - from;
    this.dataStart = from;
    this.dataEnd = end;
    if (this.#size === 0) this.#phase = 'data CR';
    return end;
  }

  #after(byte: number): Phase {
    switch (this.#phase) {
      case 'size':
        return this.#sizeDigit(byte);
      case 'blank':
        if (byte === CR) return 'size end';
        if (byte === SEMICOLON) return 'extension begin';
        // Some servers pad sizes with blanks, which RFC 9112 only allows before an extension.
        return byte === SPACE || byte === TAB
          ? this.#overhead(true, 'blank')
          : this.#wrong('a chunk size that is not a hexadecimal number');
      case 'extension begin':
        if (byte === SPACE || byte === TAB) return this.#overhead(true, 'extension begin');
        return this.#overhead(nameBytes[byte] === 1, 'extension');
      case 'extension':
        if (byte === CR) return 'size end';
        if (byte === SEMICOLON) return 'extension begin';
        return this.#overhead(valueBytes[byte] === 1, byte === QUOTE ? 'quoted' : 'extension');
      case 'quoted':
        if (byte === BACKSLASH) return this.#overhead(true, 'escaped');
        return this.#overhead(valueBytes[byte] === 1, byte === QUOTE ? 'extension' : 'quoted');
      case 'escaped':
        return this.#overhead(valueBytes[byte] === 1, 'quoted');
      case 'size end':
        if (byte !== LF) return this.#wrong('a chunk size that does not end in CR LF');
        return this.#size === 0 ? 'trailer' : 'data';
      case 'data CR':
        return byte === CR ? 'data LF' : this.#wrong('a chunk longer than its size');
      case 'data LF':
        this.#digits = 0;
        return byte === LF ? 'size' : this.#wrong('a chunk longer than its size');
      case 'trailer':
        if (byte === CR) return 'last LF';
        return this.#overhead(nameBytes[byte] === 1, 'name');
      case 'name':
        if (byte === COLON) return 'value';
        return this.#overhead(nameBytes[byte] === 1, 'name');
      case 'value':
        if (byte === CR) return 'trailer end';
        return this.#overhead(valueBytes[byte] === 1, 'value');
      case 'trailer end':
        return byte === LF ? 'trailer' : this.#wrong('a trailer that does not end in CR LF');
      case 'last LF':
        this.isOver = byte === LF;
        return this.isOver ? 'size' : this.#wrong('a trailer that does not end in CR LF');
      default:
        // Data is not read byte by byte.
        return this.#phase;
    }
  }

  /** Fifteen hexadecimal digits could exceed 2^53: thirteen are enough for any size. */
  #sizeDigit(byte: number): Phase {
    const digit = hex[byte]!;
    if (digit < 16) {
      this.#size = this.#size * 16 + digit;
      return ++this.#digits > 13 ? this.#wrong('a chunk size that is too large') : 'size';
    }
    if (this.#digits === 0) {
      const isMissing = byte === CR || byte === SEMICOLON;
      return this.#wrong(isMissing ? 'a chunk without a size' : 'a chunk size that is not a hexadecimal number');
    }
    if (byte === CR) return 'size end';
    if (byte === SEMICOLON) return 'extension begin';
    return byte === SPACE || byte === TAB ? 'blank' : this.#wrong('a chunk size that is not a hexadecimal number');
  }

  #overhead(isRight: boolean, phase: Phase): Phase {
    if (!isRight) return this.#wrong('a chunk extension or trailer with characters that it must not have');
    return ++this.#overheadBytes > largestOverheadBytes
      ? this.#wrong('chunk extensions and trailers larger than 64 KiB')
      : phase;
  }

  #wrong(error: string): Phase {
    this.error = error;
    return this.#phase;
  }
}
