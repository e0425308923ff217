import type { User } from '../../user.ts';
import type { Hold } from '../lock.ts';
import { SharedQueue, type SharedLine, type SharedLineParts } from './line.ts';
import { Turnstile } from './turnstile.ts';

/**
 * A lock for one holder among the users of several threads, handed over directly and never barged: the thread whose turn it
 * is at the turnstile is inside.
 *
 * Within a thread users are served in the order in which they came. While another thread waits, only a limited number of
 * them follow each other, so that no thread is passed over more often than allowed. A turn that no user wants any more is
 * passed on as soon as it comes, even after the slot is over.
 *
 * The count starts with the user that is inside when another thread is first seen to wait. That thread may have come after
 * the last look at who waits, and before the lock was handed over or before its new holder knew of it, so it has been passed
 * once.
 *
 * @cost free: four atomic operations, no allocation; handed over to a user of another thread: tens of µs
 */
export class SharedMutex implements SharedLine {
  readonly #parts: SharedLineParts;
  readonly #turnstile: Turnstile;
  readonly #queue: SharedQueue;
  readonly #inside: Hold = { release: () => this.#release() };
  /** How many users of this thread may have passed another one, including the one inside. */
  #passes = 0;

  constructor(parts: SharedLineParts) {
    this.#parts = parts;
    this.#turnstile = new Turnstile(parts.cell, () => this.#enter());
    this.#queue = new SharedQueue(parts, () => {
      // The turn has yet to come, or a user is inside: whoever is first by then is served.
    });
  }

  enter(user: User): Hold | Promise<Hold> {
    if (this.#turnstile.hasTicket) return this.#queue.join(user, 1);
    if (this.#turnstile.draw()) {
      this.#passes = 1;
      return this.#inside;
    }
    const held = this.#queue.join(user, 1);
    this.#turnstile.wait();
    return held;
  }

  moveTo(at: number): void {
    this.#parts.cell.moveTo(at);
  }

  #enter(): void {
    this.#passes = 1;
    if (this.#queue.wanted === 0) this.#leave();
    else this.#queue.admit(this.#inside);
  }

  #release(): void {
    if (this.#queue.wanted === 0) return this.#leave();
    if (this.#turnstile.isWanted && ++this.#passes > this.#parts.passesAtMost) return this.#turnstile.goRound();
    this.#queue.admit(this.#inside);
    return undefined;
  }

  #leave(): void {
    this.#turnstile.passOn();
    this.#parts.idle();
  }
}
