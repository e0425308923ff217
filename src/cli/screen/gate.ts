const closedAt = 0;
const writingAt = 1;

/** How long a write that has begun is waited for: it takes a terminal microseconds. */
const mostMs = 20;

/**
 * What stands between the thread that writes and one that wants the last word: once it is closed nothing is written any more,
 * nor is anything being written.
 */
export class Gate {
  readonly memory: SharedArrayBuffer;
  readonly #flags: Int32Array;

  constructor(memory = new SharedArrayBuffer(2 * Int32Array.BYTES_PER_ELEMENT)) {
    this.memory = memory;
    this.#flags = new Int32Array(memory);
  }

  /** Lets something be written, unless it is closed: then undefined. */
  through<Written>(write: () => Written): Written | undefined {
    Atomics.store(this.#flags, writingAt, 1);
    try {
      return Atomics.load(this.#flags, closedAt) === 0 ? write() : undefined;
    } finally {
      Atomics.store(this.#flags, writingAt, 0);
      Atomics.notify(this.#flags, writingAt);
    }
  }

  /** Closes it for good, and waits for what is being written. */
  close(): void {
    Atomics.store(this.#flags, closedAt, 1);
    Atomics.wait(this.#flags, writingAt, 1, mostMs);
  }
}
