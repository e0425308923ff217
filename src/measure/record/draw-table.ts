import { mergeDraws, type Draw, type DrawnIteration } from '../../core/recording/draw.ts';
import type { FailureClass } from '../../core/recording/failure.ts';
import { random32, stream } from '../../core/random.ts';
import type { End, User } from '../user.ts';

/** What is drawn from: the iterations of one shard of a slot. */
export interface DrawOptions {
  readonly size: number;
  readonly seed: number;
  readonly mode: string;
  readonly round: number;
  readonly worker: number;
}

/**
 * Keeps the `size` iterations with the smallest keys, in memory that is allocated once.
 *
 * A heap over the rows has the largest key on top: an iteration with a larger one is skipped, which in a long slot is nearly
 * all of them.
 *
 * @cost offer: a hash and a comparison; a few more for iterations that are kept, no allocation
 */
export class DrawTable {
  readonly #options: DrawOptions;
  readonly #stream: number;
  readonly #keys: Float64Array;
  readonly #iterations: Float64Array;
  readonly #numbers: Float64Array;
  readonly #ends: End[] = [];
  readonly #failures: FailureClass[] = [];
  /** The rows, as a heap. */
  readonly #heap: Uint32Array;
  #count = 0;

  constructor(options: DrawOptions) {
    this.#options = options;
    this.#stream = stream(`draw ${options.round} ${options.mode}`);
    this.#keys = new Float64Array(options.size);
    this.#iterations = new Float64Array(options.size);
    this.#numbers = new Float64Array(options.size * columns);
    this.#heap = new Uint32Array(options.size);
  }

  /** Offers an iteration that has ended. `startedUs`: when it was due, since the window opened; `isTimed`: it has a response time. */
  offer(
    user: User,
    startedUs: number,
    responseUs: number,
    queueWaitUs: number,
    sendLagUs: number,
    end: End,
    isTimed: boolean,
  ): void {
    const { iteration } = user;
    const key = random32(this.#options.seed, this.#stream, iteration);
    const isRoom = this.#count < this.#options.size;
    const row = isRoom ? this.#count : this.#heap[0]!;
    if (!isRoom) {
      const largest = this.#keys[row]!;
      if (key > largest || (key === largest && iteration > this.#iterations[row]!)) return;
    }
    this.#keys[row] = key;
    this.#iterations[row] = iteration;
    const { spent } = user;
    const at = row * columns;
    const numbers = this.#numbers;
    numbers[at] = user.index;
    numbers[at + 1] = startedUs;
    numbers[at + 2] = isTimed ? responseUs : -1;
    numbers[at + 3] = queueWaitUs;
    numbers[at + 4] = sendLagUs;
    numbers[at + 5] = spent.lockWaitUs;
    numbers[at + 6] = spent.serviceUs;
    numbers[at + 7] = spent.connectUs;
    numbers[at + 8] = spent.retriesUs;
    this.#ends[row] = end;
    this.#failures[row] = user.failure;
    if (isRoom) this.#rise(row);
    else this.#sink(row);
  }

  /** Gives what was drawn. */
  finish(): Draw {
    const rows = Array.from({ length: this.#count }, (_, row) => this.#row(row));
    return mergeDraws([{ size: this.#options.size, rows }]);
  }

  /** Moves a new row from the bottom of the heap to its place. */
  #rise(row: number): void {
    const heap = this.#heap;
    let at = this.#count++;
    while (at > 0) {
      const above = (at - 1) >> 1;
      if (!this.#isLarger(row, heap[above]!)) break;
      heap[at] = heap[above]!;
      at = above;
    }
    heap[at] = row;
  }

  /** Moves the top row, which now holds another iteration, down to its place. */
  #sink(row: number): void {
    const heap = this.#heap;
    let at = 0;
    for (let below = 1; below < this.#count; below = 2 * at + 1) {
      if (below + 1 < this.#count && this.#isLarger(heap[below + 1]!, heap[below]!)) below++;
      if (!this.#isLarger(heap[below]!, row)) break;
      heap[at] = heap[below]!;
      at = below;
    }
    heap[at] = row;
  }

  #isLarger(row: number, than: number): boolean {
    const difference = this.#keys[row]! - this.#keys[than]!;
    return difference > 0 || (difference === 0 && this.#iterations[row]! > this.#iterations[than]!);
  }

  #row(row: number): DrawnIteration {
    const at = row * columns;
    const number = (column: number): number => this.#numbers[at + column]!;
    const responseUs = number(2);
    const end = this.#ends[row]!;
    const outcome = end === 'completed' || end === 'interrupted' ? end : 'failed';
    return {
      key: this.#keys[row]!,
      round: this.#options.round,
      worker: this.#options.worker,
      user: number(0),
      iteration: this.#iterations[row]!,
      startedUs: number(1),
      outcome,
      ...(outcome === 'failed' ? { failure: this.#failures[row]! } : {}),
      ...(responseUs < 0 ? {} : { responseUs }),
      queueWaitUs: number(3),
      sendLagUs: number(4),
      lockWaitUs: number(5),
      serviceUs: number(6),
      connectUs: number(7),
      retriesUs: number(8),
    };
  }
}

/** The numbers in a row. */
const columns = 9;
