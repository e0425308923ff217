import { timerMs } from '../../../core/units.ts';
import type { User } from '../../user.ts';
import type { GuardOptions, Hold, Refusal } from '../lock.ts';

/** Those who wait for one lease in this process, in the order in which they came. */
export type Line = Set<Waiter>;

/** Somebody who waits. */
export interface Waiter {
  readonly user: User;
  readonly line: Line;
  readonly deadlineUs: number;
  readonly settle: (hold: Hold) => void;
}

/** Being sent away. */
export const refusal = (refused: Refusal): Hold => ({ refused, release: () => undefined });

/** What somebody gets who waits when the slot is over, or asks after that. */
export const over = refusal('aborted');

const tooLate = refusal('too late');

/**
 * All who wait for the leases of one lock in this process, whatever the key: each in the line of its key, with one timer and
 * one listener for all. They have the same patience, so whoever came first is the first to be late.
 */
export class Waiters {
  readonly #how: GuardOptions;
  readonly #emptied: (line: Line) => void;
  readonly #all = new Set<Waiter>();
  #timer: NodeJS.Timeout | undefined;

  /** @param emptied told of a line whose last one was sent away */
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

  /** Lets in whoever has waited longest in a line; false: nobody waits there. */
  admit(line: Line, hold: Hold): boolean {
    const [first] = line;
    if (first !== undefined) this.#end(first, hold);
    return first !== undefined;
  }

  /** Sends these away. */
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
