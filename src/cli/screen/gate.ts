const closedAt = 0;
const writingAt = 1;

/** How long to wait for a write in progress, which takes a terminal microseconds. */
const mostMs = 20;

/**
 * A gate between the thread that writes and another that must have the last word: once it is closed, nothing more is written, and
 * no write is in progress.
 */
export class Gate {
  readonly memory: SharedArrayBuffer;
  readonly #flags: Int32Array;

  constructor(memory = new SharedArrayBuffer(2 * Int32Array.BYTES_PER_ELEMENT)) {
    this.memory = memory;
    this.#flags = new Int32Array(memory);
  }

  /** Writes something, unless the gate is closed: then `undefined`. */
  through<Written>(write: () => Written): Written | undefined {
    Atomics.store(this.#flags, writingAt, 1);
    try {
      return Atomics.load(this.#flags, closedAt) === 0 ? write() : undefined;
    } finally {
      Atomics.store(this.#flags, writingAt, 0);
      Atomics.notify(this.#flags, writingAt);
    }
  }

  /** Closes it for good, and waits for a write in progress. */
  close(): void {
    Atomics.store(this.#flags, closedAt, 1);
    Atomics.wait(this.#flags, writingAt, 1, mostMs);
  }
}
