import { secondBucketOf, secondBuckets } from './seconds.ts';

/** Before the rows: what is told to all threads. */
const header = 1;
const failedAt = 0;
const bucketsAt = 1;
const cells = bucketsAt + secondBuckets;

/**
 * What is counted of a slot while it runs, in memory that threads share: a row for each thread, which alone writes there, and
 * whoever looks adds them up. A look may miss what is being counted at that moment, and is right in the next one.
 */
export class Live {
  readonly memory: SharedArrayBuffer;
  readonly #cells: Uint32Array;
  readonly #at: number;

  /**
   * @param row where this one counts
   * @param memory as {@link memoryFor} makes it
   */
  constructor(memory: SharedArrayBuffer = Live.memoryFor(1), row = 0) {
    this.memory = memory;
    this.#cells = new Uint32Array(memory);
    this.#at = header + row * cells;
  }

  /** For so many threads, zeroed. */
  static memoryFor(threads: number): SharedArrayBuffer {
    return new SharedArrayBuffer((header + threads * cells) * Uint32Array.BYTES_PER_ELEMENT);
  }

  /** An iteration completed in so many µs. @cost one addition in memory, no allocation */
  completedIn(us: number): void {
    this.#cells[this.#at + bucketsAt + secondBucketOf(us)]!++;
  }

  /** An iteration failed. */
  failedOnce(): void {
    this.#cells[this.#at + failedAt]!++;
  }

  /** So many failed and completed so far, as they were counted elsewhere. */
  replace(failed: number, histogram: readonly number[]): void {
    this.#cells[this.#at + failedAt] = failed;
    this.#cells.set(histogram.slice(0, secondBuckets), this.#at + bucketsAt);
  }

  /** How many users are to be at work, all threads together, where they are changed by hand; 0: as many as planned. */
  get users(): number {
    return this.#cells[0]!;
  }

  set users(users: number) {
    this.#cells[0] = users;
  }

  /** Iterations completed in the slot, warm-up included. */
  get completed(): number {
    return this.histogram().reduce((sum, count) => sum + count, 0);
  }

  /** Iterations failed in the slot, warm-up included. */
  get failed(): number {
    return this.#sum(failedAt);
  }

  /** Response times of completed iterations, in the buckets of `seconds.ts`. */
  histogram(): Float64Array {
    return Float64Array.from({ length: secondBuckets }, (_, bucket) => this.#sum(bucketsAt + bucket));
  }

  /** For the next slot. Nobody counts meanwhile. */
  clear(): void {
    this.#cells.fill(0, header);
  }

  #sum(cell: number): number {
    let sum = 0;
    for (let at = header + cell; at < this.#cells.length; at += cells) sum += this.#cells[at]!;
    return sum;
  }
}
