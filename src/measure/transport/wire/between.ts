const CR = 13;
const LF = 10;
const http = Buffer.from('HTTP/1.');

/**
 * Bytes between two answers on a connection that belong to neither: empty lines, which some servers send after a body (RFC
 * 9112, 2.2), and the body of an answer that has none.
 */
export class Between {
  /** A body came where none was allowed: what else comes on this connection cannot be trusted. */
  isSpoilt = false;
  /** An empty line was cut in two. */
  #isAfterCr = false;
  /** The length of the body that the previous answer did not have: a HEAD and a 304 say how long it would be. */
  #owed = 0;

  /** Whether an answer cannot begin right here. */
  get isInLine(): boolean {
    return this.#isAfterCr;
  }

  /** The answer that ends here has no body, and says how many bytes it would have. They may come after the next one's head. */
  owe(bytes: number): void {
    this.#owed += bytes;
  }

  /** An answer with a body begins. */
  settle(): void {
    this.#owed = 0;
  }

  /** Where the next answer begins, or `to`; -1 if there is a lone carriage return. */
  end(bytes: Buffer, from: number, to: number): number {
    let at = this.blank(bytes, from, to);
    if (at < to && this.#isAfterCr) {
      this.#isAfterCr = false;
      return -1;
    }
    for (; at < to && this.#owed > 0 && !isHttp(bytes, at, to); at++) {
      this.isSpoilt = true;
      this.#owed--;
    }
    return at;
  }

  /** Where empty lines end. */
  blank(bytes: Buffer, from: number, to: number): number {
    let at = from;
    if (this.#isAfterCr && at < to) {
      if (bytes[at] !== LF) return at;
      this.#isAfterCr = false;
      at++;
    }
    for (; at < to && bytes[at] === CR; at += 2) {
      if (at + 1 === to) {
        this.#isAfterCr = true;
        return to;
      }
      if (bytes[at + 1] !== LF) return at;
    }
    return at;
  }
}

/** Whether bytes may be the beginning of an answer. */
const isHttp = (bytes: Buffer, from: number, to: number): boolean => {
  const known = Math.min(to - from, http.length);
  return bytes.compare(http, 0, known, from, from + known) === 0;
};
