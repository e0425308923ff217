import { timerMs } from '../../../core/units.ts';
import type { User } from '../../user.ts';
import type { GuardOptions, Hold, Refusal } from '../lock.ts';

/** The users that wait for one lease in this process, in the order in which they came. */
export type Line = Set<Waiter>;

/** A waiting user. */
export interface Waiter {
  readonly user: User;
  readonly line: Line;
  readonly deadlineUs: number;
  readonly settle: (hold: Hold) => void;
}

/** The answer to a user that is sent away. */
export const refusal = (refused: Refusal): Hold => ({ refused, release: () => undefined });

/** The answer to a user that still waits when the slot is over, or asks after that. */
export const over = refusal('aborted');

const tooLate = refusal('too late');

/**
 * All users in this process that wait for the leases of one lock, whatever the key: each in the line of its key, with one
 * timer and one listener for all. They may all wait equally long, so the first to come is the first to be late.
 */
export class Waiters {
  readonly #how: GuardOptions;
  readonly #emptied: (line: Line) => void;
  readonly #all = new Set<Waiter>();
  #timer: NodeJS.Timeout | undefined;

  /** @param emptied called with a line whose last user was sent away */
  constructor(how: GuardOptions, emptied: (line: Line) => void) {
    this.#how = how;
    this.#emptied = emptied;
    how.signal.addEventListener('abort', () => this.sendAway(this.#all, over), { once: true });
  }

  get size(): number {
    return this.#all.size;
  }

  /** Waits at the end of a line. */
  async join(line: Line, user: User): Promise<Hold> {
    return new Promise((settle) => {
      const waiter = { user, line, settle, deadlineUs: this.#how.clock.now() + this.#how.timeoutUs };
      line.add(waiter);
      this.#all.add(waiter);
      this.#timer ??= this.#lateIn(this.#how.timeoutUs);
    });
  }

  /** Lets in the user that has waited longest in a line; false if the line is empty. */
  admit(line: Line, hold: Hold): boolean {
    const [first] = line;
    if (first !== undefined) this.#end(first, hold);
    return first !== undefined;
  }

  /** Sends these users away. */
  sendAway(waiters: Iterable<Waiter>, why: Hold): void {
    for (const waiter of waiters) {
      this.#end(waiter, why);
      if (waiter.line.size === 0) this.#emptied(waiter.line);
    }
  }

  #end(waiter: Waiter, hold: Hold): void {
    waiter.line.delete(waiter);
    this.#all.delete(waiter);
    if (this.#all.size === 0) {
      clearTimeout(this.#timer);
      this.#timer = undefined;
    }
    waiter.settle(hold);
  }

  #lateIn(us: number): NodeJS.Timeout {
    return setTimeout(() => this.#sendLateAway(), timerMs(us)).unref();
  }

  #sendLateAway(): void {
    this.#timer = undefined;
    const nowUs = this.#how.clock.now();
    for (const waiter of this.#all) {
      if (waiter.deadlineUs > nowUs) {
        this.#timer = this.#lateIn(waiter.deadlineUs - nowUs);
        return;
      }
      this.sendAway([waiter], tooLate);
    }
  }
}
