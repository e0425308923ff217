import type { User } from '../../user.ts';
import type { Cell } from './cell.ts';
import type { Line } from '../local/line.ts';
import type { Hold } from '../lock.ts';
import { Queue } from '../local/queue.ts';
import type { Waiters } from '../local/waiters.ts';

/** What a line that threads share is made of. */
export interface SharedLineParts {
  readonly cell: Cell;
  /** The users of this thread that wait. */
  readonly waiters: Waiters;
  readonly room: number;
  /** How many users of this thread may pass a waiting thread in a row. */
  readonly passesAtMost: number;
  /** Called whenever this thread has nothing to do with the lock any more. */
  readonly idle: () => void;
}

/** A line that can be moved to another lock while this thread has nothing to do with the current one. */
export interface SharedLine extends Line {
  /** Makes this the line of the lock whose words begin at `at`. */
  moveTo(at: number): void;
}

/** The users of this thread in the line for a lock that threads share, counted where all threads see it. */
export class SharedQueue {
  readonly #cell: Cell;
  readonly #queue: Queue;

  /** @param sentAway called when users at the front were sent away */
  constructor({ cell, waiters }: SharedLineParts, sentAway: () => void) {
    this.#cell = cell;
    this.#queue = new Queue(waiters, (left) => {
      this.#count(-left);
      sentAway();
    });
  }

  /** How much of the room the first in the queue wants; 0 if no user of this thread waits. */
  get wanted(): number {
    return this.#queue.wanted;
  }

  /** Waits at the end of the queue. */
  join(user: User, share: number): Promise<Hold> {
    const held = this.#queue.join(share);
    user.queue = this.#count(1) + 1;
    return held;
  }

  /** Gives this to the user that has waited longest. */
  admit(hold: Hold): void {
    this.#count(-1);
    this.#queue.admit(hold);
  }

  #count(by: number): number {
    return Atomics.add(this.#cell.words, this.#cell.waiting, by);
  }
}
