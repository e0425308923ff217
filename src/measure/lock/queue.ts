import { timerMs } from '../../core/units.ts';
import type { GuardOptions, Hold } from './lock.ts';

interface Waiter {
  readonly settle: (hold: Hold) => void;
  readonly deadlineUs: number;
  next: Waiter | undefined;
}

const tooLate: Hold = { failure: 'lock', release: () => undefined };

/** What somebody gets who asks after the slot is over. */
export const aborted: Hold = { failure: 'aborted', release: () => undefined };

/**
 * The users of this thread who wait for a lock, first come first served. Who has waited too long is sent away as `lock`;
 * when the slot is over everybody is, as `aborted`.
 *
 * @cost one promise and one waiter each. All waits are equally long at most, so the first in the queue is the first to be
 * late and one timer is enough.
 */
export class Queue {
  readonly #how: GuardOptions;
  readonly #changed: (by: 1 | -1) => void;
  #first: Waiter | undefined;
  #last: Waiter | undefined;
  #timer: NodeJS.Timeout | undefined;

  /** @param changed told of everyone who comes, 1, and who leaves for whatever reason, -1 */
  constructor(how: GuardOptions, changed: (by: 1 | -1) => void) {
    this.#how = how;
    this.#changed = changed;
    how.signal.addEventListener('abort', () => this.#sendAllAway(), { once: true });
  }

  /** Nobody of this thread waits. */
  get isEmpty(): boolean {
    return this.#first === undefined;
  }

  /** Waits at the end of the queue. */
  join(): Promise<Hold> {
    return new Promise((settle) => {
      const waiter: Waiter = { settle, deadlineUs: this.#how.clock.now() + this.#how.timeoutUs, next: undefined };
      if (this.#last === undefined) this.#first = waiter;
      else this.#last.next = waiter;
      this.#last = waiter;
      this.#changed(1);
      if (this.#timer === undefined) this.#armTimer(this.#how.timeoutUs);
    });
  }

  /** Gives this to whoever has waited longest; false: nobody waits. */
  admit(hold: Hold): boolean {
    const first = this.#takeFirst();
    first?.settle(hold);
    return first !== undefined;
  }

  #takeFirst(): Waiter | undefined {
    const first = this.#first;
    if (first === undefined) return undefined;
    this.#first = first.next;
    if (this.#first === undefined) this.#last = undefined;
    this.#changed(-1);
    return first;
  }

  #armTimer(inUs: number): void {
    this.#timer = setTimeout(() => this.#sendLateAway(), timerMs(inUs)).unref();
  }

  #sendLateAway(): void {
    this.#timer = undefined;
    const nowUs = this.#how.clock.now();
    while (this.#first !== undefined && this.#first.deadlineUs <= nowUs) this.admit(tooLate);
    if (this.#first !== undefined) this.#armTimer(this.#first.deadlineUs - nowUs);
  }

  #sendAllAway(): void {
    clearTimeout(this.#timer);
    while (!this.isEmpty) this.admit(aborted);
  }
}
