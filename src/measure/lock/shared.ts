/// <reference lib="es2024.sharedmemory" />
import type { User } from '../iteration/user.ts';
import type { Guard, GuardOptions, Hold, MakeGuard } from './lock.ts';
import { aborted, Queue } from './queue.ts';

/** How often others who came later may get the lock before a thread that waits for it does. */
const passesAtMost = 16;

/** 64 bytes: what threads write to lies apart, so that none slows another down. */
const wordsPerLine = 16;

/** Where in a guard's region its words lie; turns follow, one to a line. */
const place = { nextTicket: 0, waiting: wordsPerLine, firstTurn: 2 * wordsPerLine };

/** A power of two, so that ticket numbers may wrap: one for each thread's ticket, and one for the next of who holds the lock. */
const turnsFor = (threads: number): number => 2 ** Math.ceil(Math.log2(threads + 1));

const wordsFor = (threads: number): number => place.firstTurn + turnsFor(threads) * wordsPerLine;

/** Memory for so many guards that so many threads share, every lock in it free. */
export const lockMemory = (guards: number, threads: number): SharedArrayBuffer =>
  new SharedArrayBuffer(guards * wordsFor(threads) * Int32Array.BYTES_PER_ELEMENT);

/** Makes guards that hold across threads. Each of these threads makes the same ones in the same order, over the same memory. */
export const sharedGuards = (memory: SharedArrayBuffer, threads: number, how: GuardOptions): MakeGuard => {
  const words = wordsFor(threads);
  let made = 0;
  return (name) =>
    new SharedGuard(name, how, new Int32Array(memory, made++ * words * Int32Array.BYTES_PER_ELEMENT, words), threads);
};

/**
 * A lock for one holder among the users of several threads, handed over directly and never barged.
 *
 * Among threads it is a queue of tickets (T. E. Anderson's array lock): a thread with users who want the lock draws one,
 * and has the lock when its own word says that number. Within the thread users are served in the order in which they
 * came; while another thread waits, only so many of them one after the other that no thread is passed over more than 16
 * times. A ticket that nobody wants any more is passed on as soon as it is its turn, also after the slot is over.
 *
 * Waiting holds no handle: something else must keep the thread alive.
 *
 * @cost free: four atomic operations, no allocation; handed over to a user of another thread: tens of µs
 */
class SharedGuard implements Guard {
  readonly name: string;
  readonly #signal: AbortSignal;
  readonly #words: Int32Array<SharedArrayBuffer>;
  readonly #turnMask: number;
  /** How many users of this thread may pass a waiting thread one after the other. */
  readonly #passesAtMost: number;
  readonly #queue: Queue;
  readonly #inside: Hold = { release: () => this.#release() };
  /** This thread has a ticket. A user is inside, or the thread waits for its turn. */
  #hasTicket = false;
  #ticket = 0;
  #passes = 0;

  /** @param words a region of its own, as every thread's guard of the same lock has it */
  constructor(name: string, how: GuardOptions, words: Int32Array<SharedArrayBuffer>, threads: number) {
    this.name = name;
    this.#signal = how.signal;
    this.#words = words;
    this.#turnMask = turnsFor(threads) - 1;
    this.#passesAtMost = Math.max(1, Math.floor(passesAtMost / (threads - 1)));
    this.#queue = new Queue(how, (by) => void Atomics.add(words, place.waiting, by));
  }

  /** In all threads. */
  get waiting(): number {
    return Atomics.load(this.#words, place.waiting);
  }

  acquire(_user: User): Hold | Promise<Hold> {
    if (this.#signal.aborted) return aborted;
    if (this.#hasTicket) return this.#queue.join();
    this.#drawTicket();
    if (this.#isOurTurn()) {
      this.#passes = 0;
      return this.#inside;
    }
    const held = this.#queue.join();
    this.#awaitTurn();
    return held;
  }

  #drawTicket(): void {
    this.#hasTicket = true;
    this.#ticket = Atomics.add(this.#words, place.nextTicket, 1);
  }

  #isOurTurn(): boolean {
    return Atomics.load(this.#words, this.#turnOf(this.#ticket)) === this.#ticket;
  }

  #turnOf(ticket: number): number {
    return place.firstTurn + (ticket & this.#turnMask) * wordsPerLine;
  }

  /** Looks again after every change, whatever woke it: it may have come between the look and the wait. */
  #awaitTurn(): void {
    const turn = this.#turnOf(this.#ticket);
    for (;;) {
      const seen = Atomics.load(this.#words, turn);
      if (seen === this.#ticket) return this.#enter();
      const change = Atomics.waitAsync(this.#words, turn, seen);
      if (!change.async) continue;
      void change.value.then(() => this.#awaitTurn());
      return undefined;
    }
  }

  #enter(): void {
    this.#passes = this.#isWanted() ? 1 : 0;
    if (!this.#queue.admit(this.#inside)) this.#leave();
  }

  #release(): void {
    if (this.#queue.isEmpty) return this.#leave();
    if (this.#isWanted() && ++this.#passes > this.#passesAtMost) {
      const ticket = this.#ticket;
      // First: a thread that is held up between the two would not be seen to wait.
      this.#drawTicket();
      this.#passOn(ticket);
      return this.#awaitTurn();
    }
    this.#queue.admit(this.#inside);
    return undefined;
  }

  #leave(): void {
    this.#hasTicket = false;
    this.#passOn(this.#ticket);
  }

  /** Another thread has drawn a ticket after ours. */
  #isWanted(): boolean {
    return Atomics.load(this.#words, place.nextTicket) !== ((this.#ticket + 1) | 0);
  }

  #passOn(ticket: number): void {
    const next = (ticket + 1) | 0;
    Atomics.store(this.#words, this.#turnOf(next), next);
    // Who draws that ticket after this look finds that it is its turn, and waits for nobody.
    if (Atomics.load(this.#words, place.nextTicket) !== next) Atomics.notify(this.#words, this.#turnOf(next));
  }
}
