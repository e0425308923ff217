/** What most turns of a connection fit in. */
const usualBytes = 4096;
/** So many are kept for the next turn. */
const mostKept = 64;

/** What has written something in this turn of the event loop. */
export interface Writer {
  flush(): void;
}

/**
 * Has connections write once in a turn of the event loop, all that the turn has brought: a call into the kernel costs more than a
 * request. Hands out what they write into.
 */
export class Outbox {
  #due: Writer[] = [];
  readonly #kept: Buffer[] = [];

  /** Has that one flushed at the end of the turn; to be said once in a turn. */
  add(writer: Writer): void {
    if (this.#due.push(writer) === 1) setImmediate(this.#flush);
  }

  take(): Buffer {
    return this.#kept.pop() ?? Buffer.allocUnsafeSlow(usualBytes);
  }

  /** Takes one back that is written. */
  giveBack(buffer: Buffer): void {
    if (this.#kept.length < mostKept) this.#kept.push(buffer);
  }

  readonly #flush = (): void => {
    const due = this.#due;
    this.#due = [];
    for (const writer of due) writer.flush();
  };
}
