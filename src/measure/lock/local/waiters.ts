import { timerMs } from '../../../core/units.ts';
import type { GuardOptions, Hold } from '../lock.ts';

/** A queue for one lock, as seen by the guard that the lock belongs to. */
export interface WaitersQueue {
  readonly length: number;
  /** When the first in the queue will have waited too long; Infinity if the queue is empty. */
  readonly deadlineUs: number;
  /** Gives this to the user that has waited longest. */
  admit(hold: Hold): void;
  /** Called with the number of users that were sent away from the front. */
  sentAway(left: number): void;
}

const tooLate: Hold = { refused: 'too late', release: () => undefined };

/** The answer to a user that asks after the slot is over. */
export const aborted: Hold = { refused: 'aborted', release: () => undefined };

/**
 * All users of this thread that wait for a guard, whichever of its locks they wait for. A user that has waited too long is
 * sent away; when the slot is over all are, as `aborted`.
 *
 * @cost one timer and one listener for any number of locks in the guard, and nothing for each wait: the longest wait is the
 * same for all, so the first in a queue is the first of it to be late.
 */
export class Waiters {
  readonly #how: GuardOptions;
  readonly #queues: WaitersQueue[] = [];
  #timer: NodeJS.Timeout | undefined;

  constructor(how: GuardOptions) {
    this.#how = how;
    how.signal.addEventListener('abort', () => this.#sendAllAway(), { once: true });
  }

  get size(): number {
    return this.#queues.reduce((sum, { length }) => sum + length, 0);
  }

  /** Includes this queue from now on. */
  include(queue: WaitersQueue): void {
    this.#queues.push(queue);
  }

  /** A user starts to wait. @returns when that wait will be too long */
  begin(): number {
    if (this.#timer === undefined) this.#armTimer(this.#how.timeoutUs);
    return this.#how.clock.now() + this.#how.timeoutUs;
  }

  #armTimer(inUs: number): void {
    this.#timer = setTimeout(() => this.#sendLateAway(), timerMs(inUs)).unref();
  }

  #sendLateAway(): void {
    this.#timer = undefined;
    const nowUs = this.#how.clock.now();
    this.#sendAway(nowUs, tooLate);
    const nextUs = this.#queues.reduce((first, { deadlineUs }) => Math.min(first, deadlineUs), Infinity);
    if (nextUs < Infinity) this.#armTimer(nextUs - nowUs);
  }

  #sendAllAway(): void {
    clearTimeout(this.#timer);
    this.#sendAway(Number.MAX_VALUE, aborted);
  }

  /** All of a queue leave first, and only then is it notified: none of them may be let in because another one left. */
  #sendAway(untilUs: number, hold: Hold): void {
    for (const queue of this.#queues) {
      let left = 0;
      for (; queue.deadlineUs <= untilUs; left++) queue.admit(hold);
      if (left > 0) queue.sentAway(left);
    }
  }
}
