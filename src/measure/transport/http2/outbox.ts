/** Enough for most turns of a connection. */
const usualBytes = 4096;
/** How many are kept for the next turn. */
const mostKept = 64;

/** A connection that has written something in this turn of the event loop. */
export interface Writer {
  flush(): void;
}

/**
 * Makes connections write once per turn of the event loop, everything that the turn has brought: a call into the kernel
 * costs more than a request. Also hands out the buffers that they write into.
 */
export class Outbox {
  #due: Writer[] = [];
  readonly #kept: Buffer[] = [];

  /** Flushes the writer at the end of the turn; to be called once per turn. */
  add(writer: Writer): void {
    if (this.#due.push(writer) === 1) setImmediate(this.#flush);
  }

  take(): Buffer {
    return this.#kept.pop() ?? Buffer.allocUnsafeSlow(usualBytes);
  }

  /** Takes back a buffer that was written. */
  giveBack(buffer: Buffer): void {
    if (this.#kept.length < mostKept) this.#kept.push(buffer);
  }

  readonly #flush = (): void => {
    const due = this.#due;
    this.#due = [];
    for (const writer of due) writer.flush();
  };
}
