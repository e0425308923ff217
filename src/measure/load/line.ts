/**
 * Arrivals that wait for a free user, first come first served.
 *
 * Takes sixteen bytes for each place, in memory that the system only provides once it is used.
 */
export class Line {
  readonly #dueUs: Float64Array;
  readonly #iterations: Float64Array;
  #first = 0;
  /** How many arrivals wait. */
  length = 0;

  /** @param room how many arrivals may wait at once */
  constructor(room: number) {
    this.#dueUs = new Float64Array(room);
    this.#iterations = new Float64Array(room);
  }

  /** Puts an arrival behind the others; there must be room. */
  push(dueUs: number, iteration: number): void {
    const at = (this.#first + this.length++) % this.#dueUs.length;
    this.#dueUs[at] = dueUs;
    this.#iterations[at] = iteration;
  }

  /** When the first one was due; there must be one. */
  get dueUs(): number {
    return this.#dueUs[this.#first]!;
  }

  /** Number of the first one's iteration; there must be one. */
  get iteration(): number {
    return this.#iterations[this.#first]!;
  }

  /** Takes the first one away; there must be one. */
  advance(): void {
    this.#first = (this.#first + 1) % this.#dueUs.length;
    this.length--;
  }
}
