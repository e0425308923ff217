import type { Hold } from '../lock.ts';
import type { Waiters, WaitersQueue } from './waiters.ts';

interface Waiter {
  readonly settle: (hold: Hold) => void;
  readonly deadlineUs: number;
  /** How much of the room it will take. */
  readonly share: number;
  next: Waiter | undefined;
}

/**
 * The users of this thread that wait for one lock, first come first served.
 *
 * @cost one promise and one waiter each
 */
export class Queue implements WaitersQueue {
  readonly #waiters: Waiters;
  readonly #sentAway: (left: number) => void;
  #first: Waiter | undefined;
  #last: Waiter | undefined;
  #length = 0;

  /**
   * @param waiters all users that wait for the guard that the lock belongs to
   * @param sentAway called with the number of users that were sent away from the front: it may now be the next one's turn
   */
  constructor(waiters: Waiters, sentAway: (left: number) => void) {
    this.#waiters = waiters;
    this.#sentAway = sentAway;
    waiters.include(this);
  }

  get length(): number {
    return this.#length;
  }

  get deadlineUs(): number {
    return this.#first === undefined ? Infinity : this.#first.deadlineUs;
  }

  /** How much of the room the first in the queue wants; 0 if the queue is empty. */
  get wanted(): number {
    return this.#first === undefined ? 0 : this.#first.share;
  }

  /** Waits at the end of the queue. */
  join(share: number): Promise<Hold> {
    return new Promise((settle) => {
      const waiter: Waiter = { settle, deadlineUs: this.#waiters.begin(), share, next: undefined };
      if (this.#last === undefined) this.#first = waiter;
      else this.#last.next = waiter;
      this.#last = waiter;
      this.#length++;
    });
  }

  admit(hold: Hold): void {
    const first = this.#first;
    if (first === undefined) return;
    this.#first = first.next;
    if (this.#first === undefined) this.#last = undefined;
    this.#length--;
    first.settle(hold);
  }

  sentAway(left: number): void {
    this.#sentAway(left);
  }
}
