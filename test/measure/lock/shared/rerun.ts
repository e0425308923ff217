import type { Hold } from '../../../../src/measure/lock/lock.ts';
import { Cell, type CellShape, type SharedWords } from '../../../../src/measure/lock/shared/cell.ts';
import type { SharedLine, SharedLineParts } from '../../../../src/measure/lock/shared/line.ts';
import type { Waiters, WaitersQueue } from '../../../../src/measure/lock/local/waiters.ts';
import type { User } from '../../../../src/measure/user.ts';

/** What a thread is made to do. `hear 3`: its third wait for a word to change is over, counted from 0. */
export type Act = `ask ${number}` | 'go on' | 'leave' | 'send away' | `hear ${number}`;

/** What its users see of it. `drew`: it has taken a ticket; `idle`: it has nothing to do with the lock any more. */
export type Event =
  | { readonly kind: 'drew' | 'joined' | 'sent away' | 'idle' }
  | { readonly kind: 'given' | 'went on' | 'left'; readonly share: number };

/** What threads share. */
export interface Memory {
  readonly words: Int32Array;
  /** The thread sleeps from now on until it is notified of this word. */
  readonly sleep: (word: number) => void;
  readonly notify: (word: number) => void;
}

/** A lock as one thread has it. */
export interface LockOfThread {
  readonly shape: CellShape;
  readonly room: number;
  readonly passesAtMost: number;
  readonly newLine: (parts: SharedLineParts) => SharedLine;
}

/** How far a thread has come. */
export interface Progress {
  /** What it has begun; the last of them may not be over. */
  readonly acts: readonly Act[];
  /** What its atomic operations gave, in their order. */
  readonly gave: readonly number[];
}

/** Where one more operation took it. */
export interface Ran {
  readonly gave: readonly number[];
  /** All since its beginning. */
  readonly events: readonly Event[];
  /** The last act is not over. */
  readonly isBusy: boolean;
}

const brokenOff = new Error('broken off before an atomic operation');

/** The real ones, which stand aside while a thread is run. */
const real = { Atomics, Promise };

/**
 * Runs a thread's part of a lock, the code as it is, up to its next atomic operation; makes that one, on the memory; and goes on
 * until the one after it, or until its last act is over.
 *
 * Code cannot be held up in the middle of a call. So it is broken off, and begun anew for the next operation: what it does
 * follows from its acts and from what its operations gave, and it is given the same again.
 */
export const rerun = (lock: LockOfThread, { acts, gave }: Progress, memory: Memory): Ran => {
  const thread = new RunningThread(lock, gave, memory);
  globalThis.Atomics = thread.atomics as unknown as Atomics;
  globalThis.Promise = thread.promise as unknown as PromiseConstructor;
  try {
    for (const act of acts) thread.take(act);
    return thread.ran(false);
  } catch (error) {
    if (error !== brokenOff) throw error;
    return thread.ran(true);
  } finally {
    Object.assign(globalThis, real);
  }
};

interface Held {
  readonly hold: Hold;
  readonly share: number;
}

class RunningThread {
  readonly #gave: number[];
  readonly #made: number;
  readonly #memory: Memory;
  readonly #cell: Cell;
  readonly #line: SharedLine;
  readonly #events: Event[] = [];
  readonly #given: Held[] = [];
  readonly #inside: Held[] = [];
  readonly #awake: (() => void)[] = [];
  #queue: WaitersQueue | undefined;
  #asked = 0;
  #operations = 0;

  constructor({ shape, room, passesAtMost, newLine }: LockOfThread, gave: readonly number[], memory: Memory) {
    this.#gave = [...gave];
    this.#made = gave.length;
    this.#memory = memory;
    this.#cell = new Cell(memory.words as SharedWords, shape);
    const waiters = { include: (queue: WaitersQueue) => (this.#queue = queue), begin: () => 0 } as unknown as Waiters;
    const idle = (): void => this.#see({ kind: 'idle' });
    this.#line = newLine({ cell: this.#cell, waiters, room, passesAtMost, idle });
  }

  ran(isBusy: boolean): Ran {
    return { gave: this.#gave, events: this.#events, isBusy };
  }

  take(act: Act): void {
    const [what, number] = act.split(' ') as [string, string];
    if (what === 'ask') this.#ask(Number(number));
    else if (what === 'go') this.#goOn();
    else if (what === 'leave') this.#leave();
    else if (what === 'hear') this.#awake[Number(number)]!();
    else this.#sendAway();
  }

  #ask(share: number): void {
    this.#asked = share;
    const hold = this.#line.enter({} as User, share);
    if (!('release' in hold)) return;
    this.#give({ hold, share });
    this.#goOn();
  }

  #give(held: Held): void {
    this.#see({ kind: 'given', share: held.share });
    this.#given.push(held);
  }

  #goOn(): void {
    const held = this.#given.shift()!;
    this.#see({ kind: 'went on', share: held.share });
    this.#inside.push(held);
  }

  /** Who leaves has gone on, sooner or later. */
  #leave(): void {
    if (this.#inside.length === 0) this.#goOn();
    const { hold, share } = this.#inside.shift()!;
    this.#see({ kind: 'left', share });
    void hold.release();
  }

  /** As {@link Waiters} do. */
  #sendAway(): void {
    this.#queue!.admit({ refused: 'too late', release: () => undefined });
    this.#queue!.sentAway(1);
  }

  #see(event: Event): void {
    this.#events.push(event);
  }

  /** The one that a user waits for who joins the queue. */
  get promise() {
    const join = (executor: (settle: (hold: Hold) => void) => void): void => {
      const share = this.#asked;
      this.#see({ kind: 'joined' });
      executor((hold) => (hold.refused === undefined ? this.#give({ hold, share }) : this.#see({ kind: 'sent away' })));
    };
    return function Joined(executor: (settle: (hold: Hold) => void) => void): void {
      join(executor);
    };
  }

  get atomics() {
    const { words, sleep, notify } = this.#memory;
    return {
      load: (_: unknown, word: number) => this.#operation(() => words[word]!),
      store: (_: unknown, word: number, value: number) => this.#operation(() => (words[word] = value)),
      add: (_: unknown, word: number, by: number) => this.#add(word, by),
      sub: (_: unknown, word: number, by: number) => this.#add(word, -by),
      notify: (_: unknown, word: number) => this.#operation(() => (notify(word), 0)),
      waitAsync: (_: unknown, word: number, seen: number) => {
        const sleeps = this.#operation(() => (words[word] === seen ? (sleep(word), 1) : 0)) === 1;
        if (!sleeps) return { async: false, value: 'not-equal' };
        // oxlint-disable-next-line unicorn/no-thenable -- it stands for a promise
        return { async: true, value: { then: (wake: () => void) => void this.#awake.push(wake) } };
      },
    };
  }

  #add(word: number, by: number): number {
    const { words } = this.#memory;
    const before = this.#operation(() => {
      const was = words[word]!;
      words[word] = was + by;
      // Only told the user, so that where two differ in nothing else they are the same.
      return word === this.#cell.waiting ? 0 : was;
    });
    if (word === this.#cell.nextTicket) this.#see({ kind: 'drew' });
    return before;
  }

  #operation(make: () => number): number {
    const at = this.#operations++;
    if (at > this.#made) throw brokenOff;
    if (at === this.#made) this.#gave.push(make());
    return this.#gave[at]!;
  }
}
