const CR = 13;
const LF = 10;
const http = Buffer.from('HTTP/1.');

/**
 * What lies between two answers on a connection, and belongs to neither: empty lines, which some servers send behind a body
 * (RFC 9112, 2.2), and the body of an answer that has none.
 */
export class Between {
  /** A body that nobody was to send came all the same: what else comes on this connection nobody knows. */
  isSpoilt = false;
  /** An empty line was cut in two. */
  #isAfterCr = false;
  /** The length of the body that the answer before had none of: a HEAD and a 304 tell how long it would be. */
  #owed = 0;

  /** Whether an answer cannot begin just here. */
  get isInLine(): boolean {
    return this.#isAfterCr;
  }

  /** The answer that ends here has no body, and says that it would have so many bytes. They may come behind the next one's head. */
  owe(bytes: number): void {
    this.#owed += bytes;
  }

  /** An answer with a body begins. */
  settle(): void {
    this.#owed = 0;
  }

  /** Where the next answer begins, or `to`; -1: a carriage return alone lies there. */
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
