import type { User } from '../iteration/user.ts';
import type { Guard, GuardOptions, Hold } from './lock.ts';
import { aborted, Queue } from './queue.ts';

/**
 * A lock for one holder among the users of one thread, handed over directly to whoever has waited longest: nobody can
 * barge in between.
 *
 * @cost free: no allocation; contended: one promise and one waiter
 */
export class FifoGuard implements Guard {
  readonly name: string;
  readonly #signal: AbortSignal;
  readonly #queue: Queue;
  readonly #inside: Hold = { release: () => this.#handOver() };
  #held = false;
  #waiting = 0;

  constructor(name: string, how: GuardOptions) {
    this.name = name;
    this.#signal = how.signal;
    this.#queue = new Queue(how, (by) => {
      this.#waiting += by;
    });
  }

  get waiting(): number {
    return this.#waiting;
  }

  acquire(_user: User): Hold | Promise<Hold> {
    if (this.#signal.aborted) return aborted;
    if (this.#held) return this.#queue.join();
    this.#held = true;
    return this.#inside;
  }

  #handOver(): void {
    this.#held = this.#queue.admit(this.#inside);
  }
}
