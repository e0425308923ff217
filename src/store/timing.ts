/** Where the server's time for one request went, as shown in `Server-Timing`. */
export class Timing {
  /** Waiting for a lock: the statement that asks for one, or a lock in the store's process. */
  lockMs = 0;
  /** All other statements, including any lock that one of them had to wait for. */
  queryMs = 0;
  /** Waiting for a connection of the pool. */
  poolMs = 0;
  /** How often the store retried by itself after a conflict. */
  retries = 0;
  readonly #nowMs: () => number;

  /** @param nowMs a monotonic clock, in ms */
  constructor(nowMs: () => number) {
    this.#nowMs = nowMs;
  }

  /** Runs something, and adds the time it took, even if it fails. */
  async take<T>(part: 'lockMs' | 'queryMs' | 'poolMs', run: () => Promise<T>): Promise<T> {
    const startedMs = this.#nowMs();
    try {
      return await run();
    } finally {
      this[part] += this.#nowMs() - startedMs;
    }
  }

  /** The header's value: `lock;dur=12.345, db;dur=1.2, pool;dur=0, retry;desc="2"`, times in ms. */
  header(): string {
    const { lockMs, queryMs, poolMs, retries } = this;
    return `lock;dur=${ms(lockMs)}, db;dur=${ms(queryMs)}, pool;dur=${ms(poolMs)}, retry;desc="${retries}"`;
  }
}

/** To the µs. */
const ms = (time: number): number => Math.round(time * 1000) / 1000;
