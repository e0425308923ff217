import { timerMs } from '../../core/units.ts';
import type { User } from '../iteration/user.ts';
import type { Guard, Hold, GuardOptions } from './lock.ts';

interface Waiter {
  readonly settle: (hold: Hold) => void;
  readonly deadlineUs: number;
  next: Waiter | undefined;
}

const tooLate: Hold = { failure: 'lock', release: () => undefined };
const aborted: Hold = { failure: 'aborted', release: () => undefined };

/**
 * A lock for one holder, handed over directly to whoever has waited longest: nobody can barge in between.
 *
 * @cost free: no allocation; contended: one promise and one waiter. All waits are equally long at most, so the first in
 * the queue is the first to be late and one timer is enough.
 */
export class FifoGuard implements Guard {
  readonly name: string;
  readonly #how: GuardOptions;
  readonly #inside: Hold = { release: () => this.#handOver() };
  #held = false;
  #waiting = 0;
  #first: Waiter | undefined;
  #last: Waiter | undefined;
  #timer: NodeJS.Timeout | undefined;

  constructor(name: string, how: GuardOptions) {
    this.name = name;
    this.#how = how;
    how.signal.addEventListener('abort', () => this.#sendAllAway(), { once: true });
  }

  get waiting(): number {
    return this.#waiting;
  }

  acquire(_user: User): Hold | Promise<Hold> {
    if (this.#how.signal.aborted) return aborted;
    if (!this.#held) {
      this.#held = true;
      return this.#inside;
    }
    return new Promise((settle) => {
      const waiter: Waiter = { settle, deadlineUs: this.#how.clock.now() + this.#how.timeoutUs, next: undefined };
      if (this.#last === undefined) this.#first = waiter;
      else this.#last.next = waiter;
      this.#last = waiter;
      this.#waiting++;
      if (this.#timer === undefined) this.#armTimer(this.#how.timeoutUs);
    });
  }

  #handOver(): void {
    const next = this.#takeFirst();
    if (next === undefined) this.#held = false;
    else next.settle(this.#inside);
  }

  #takeFirst(): Waiter | undefined {
    const first = this.#first;
    if (first === undefined) return undefined;
    this.#first = first.next;
    if (this.#first === undefined) this.#last = undefined;
    this.#waiting--;
    return first;
  }

  #armTimer(inUs: number): void {
    this.#timer = setTimeout(() => this.#sendLateAway(), timerMs(inUs)).unref();
  }

  #sendLateAway(): void {
    this.#timer = undefined;
    const nowUs = this.#how.clock.now();
    while (this.#first !== undefined && this.#first.deadlineUs <= nowUs) this.#takeFirst()?.settle(tooLate);
    if (this.#first !== undefined) this.#armTimer(this.#first.deadlineUs - nowUs);
  }

  #sendAllAway(): void {
    clearTimeout(this.#timer);
    for (let waiter = this.#takeFirst(); waiter !== undefined; waiter = this.#takeFirst()) waiter.settle(aborted);
  }
}
