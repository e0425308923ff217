import { decodeBody, largestBodyBytes, type Undecoded } from '../decode.ts';

/**
 * The body of an answer, if it is read.
 *
 * @cost no copy if it comes whole: it is read before the next piece overwrites it
 */
export class KeptBody {
  /** Copies, while more is to come. */
  #pieces: Buffer[] = [];
  #bytes = 0;
  /** Where it lies, if it came whole. */
  #whole: Buffer | undefined;
  #from = 0;
  #to = 0;

  /** Prepares for the next body. */
  begin(): void {
    if (this.#whole !== undefined) this.#whole = undefined;
    if (this.#bytes === 0) return;
    this.#pieces = [];
    this.#bytes = 0;
  }

  /** Takes in some of it; @returns false if it is larger than allowed */
  add(bytes: Buffer, from: number, to: number): boolean {
    if (to === from) return true;
    this.#bytes += to - from;
    if (this.#bytes > largestBodyBytes) return false;
    this.#pieces.push(Buffer.from(bytes.subarray(from, to)));
    return true;
  }

  /** Takes in its end, as {@link add} does. */
  addLast(bytes: Buffer, from: number, to: number): boolean {
    if (this.#bytes > 0 || to - from > largestBodyBytes) return this.add(bytes, from, to);
    this.#whole = bytes;
    this.#from = from;
    this.#to = to;
    return true;
  }

  /** @cost copies it if it came in pieces */
  all(): Buffer {
    if (this.#whole !== undefined) return this.#whole.subarray(this.#from, this.#to);
    return this.#pieces.length === 1 ? this.#pieces[0]! : Buffer.concat(this.#pieces, this.#bytes);
  }

  /** Its text, with its codings undone. `encoding` is the header's value, empty for none. */
  text(encoding: string): string | Undecoded {
    return this.#whole !== undefined && encoding === ''
      ? this.#whole.toString('utf8', this.#from, this.#to)
      : decodeBody(this.all(), encoding, largestBodyBytes);
  }
}
