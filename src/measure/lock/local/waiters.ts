import { timerMs } from '../../../core/units.ts';
import type { GuardOptions, Hold } from '../lock.ts';

/** A queue for one lock, as the guard that the lock is part of knows it. */
export interface WaitersQueue {
  readonly length: number;
  /** When the first in the queue will have waited too long; Infinity: nobody waits. */
  readonly deadlineUs: number;
  /** Gives this to whoever has waited longest. */
  admit(hold: Hold): void;
  /** Is told that so many in front were sent away. */
  sentAway(left: number): void;
}

const tooLate: Hold = { refused: 'too late', release: () => undefined };

/** What somebody gets who asks after the slot is over. */
export const aborted: Hold = { refused: 'aborted', release: () => undefined };

/**
 * All users of this thread who wait for a guard, whichever of its locks they wait for. Who has waited too long is sent
 * away; when the slot is over everybody is, as `aborted`.
 *
 * @cost one timer and one listener however many locks the guard has, and nothing for each wait: all waits are equally long
 * at most, so the first in a queue is the first of it to be late.
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

  /** Looks after this queue as well, from now on. */
  include(queue: WaitersQueue): void {
    this.#queues.push(queue);
  }

  /** Somebody comes. @returns when that wait will be too long */
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

  /** First all of a queue leave, and then it is notified: none of these may be let in by another's leaving. */
  #sendAway(untilUs: number, hold: Hold): void {
    for (const queue of this.#queues) {
      let left = 0;
      for (; queue.deadlineUs <= untilUs; left++) queue.admit(hold);
      if (left > 0) queue.sentAway(left);
    }
  }
}
