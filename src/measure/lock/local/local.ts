import type { User } from '../../user.ts';
import { LinePerKey, OneLine, roomOf, type Line } from './line.ts';
import type { GuardOptions, Hold, MakeGuard } from '../lock.ts';
import { Queue } from './queue.ts';
import { Waiters } from './waiters.ts';

/** Makes guards for the users of one thread. */
export const localGuards =
  (how: GuardOptions): MakeGuard =>
  (spec) => {
    const waiters = new Waiters(how);
    const room = roomOf(spec);
    const parts = { spec, signal: how.signal, waiting: () => waiters.size };
    const { key: keyOf } = spec;
    if (keyOf === undefined) return new OneLine(parts, new LocalLine(waiters, room));
    const newLine = (idle: () => void): LocalLine => new LocalLine(waiters, room, idle);
    return new LinePerKey(parts, { keyOf, newLine, give: () => undefined });
  };

/**
 * A lock among the users of one thread, handed over directly to the user that has waited longest. No other can barge in, not
 * even where there is room for those behind it, so readers do not pass a writer.
 *
 * @cost free: no allocation; contended: one promise and one waiter
 */
class LocalLine implements Line {
  readonly #room: number;
  readonly #idle: (() => void) | undefined;
  readonly #queue: Queue;
  readonly #part: Hold = { release: () => this.#leave(1) };
  readonly #whole: Hold = { release: () => this.#leave(this.#room) };
  #taken = 0;

  /** @param idle called whenever no user is inside or waiting any more */
  constructor(waiters: Waiters, room: number, idle?: () => void) {
    this.#room = room;
    this.#idle = idle;
    this.#queue = new Queue(waiters, () => this.#admit());
  }

  enter(user: User, share: number): Hold | Promise<Hold> {
    if (this.#taken + share <= this.#room && this.#queue.length === 0) return this.#take(share);
    const held = this.#queue.join(share);
    user.queue = this.#queue.length;
    return held;
  }

  #take(share: number): Hold {
    this.#taken += share;
    return share === 1 ? this.#part : this.#whole;
  }

  #leave(share: number): void {
    this.#taken -= share;
    if (this.#queue.length > 0) this.#admit();
    else if (this.#taken === 0) this.#idle?.();
  }

  #admit(): void {
    while (this.#taken < this.#room) {
      const { wanted } = this.#queue;
      if (wanted === 0 || this.#taken + wanted > this.#room) return;
      this.#queue.admit(this.#take(wanted));
    }
  }
}
