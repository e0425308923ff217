/// <reference lib="es2024.sharedmemory" />
import type { Cell } from './cell.ts';

/**
 * Lets one thread through at a time, in the order in which they came: a queue of tickets (T. E. Anderson's array lock, The
 * performance of spin lock alternatives, 1990), in which a thread waits for its number without blocking.
 *
 * Waiting holds no handle: something else must keep the thread alive.
 */
export class Turnstile {
  readonly #cell: Cell;
  readonly #onTurn: () => void;
  #hasTicket = false;
  #ticket = 0;

  /** @param onTurn called when it is the turn of a thread that had to wait for it */
  constructor(cell: Cell, onTurn: () => void) {
    this.#cell = cell;
    this.#onTurn = onTurn;
  }

  /** This thread waits for its turn, or has it. */
  get hasTicket(): boolean {
    return this.#hasTicket;
  }

  /** Another thread has drawn a ticket after ours. */
  get isWanted(): boolean {
    return Atomics.load(this.#cell.words, this.#cell.nextTicket) !== ((this.#ticket + 1) | 0);
  }

  /** Draws a ticket; true if its turn comes at once. */
  draw(): boolean {
    this.#hasTicket = true;
    this.#ticket = Atomics.add(this.#cell.words, this.#cell.nextTicket, 1);
    return Atomics.load(this.#cell.words, this.#cell.turnOf(this.#ticket)) === this.#ticket;
  }

  /** Checks again after every change, whatever woke it: the turn may have come between the check and the wait. */
  wait(): void {
    const { words } = this.#cell;
    const turn = this.#cell.turnOf(this.#ticket);
    for (;;) {
      const seen = Atomics.load(words, turn);
      if (seen === this.#ticket) return this.#onTurn();
      const change = Atomics.waitAsync(words, turn, seen);
      if (!change.async) continue;
      void change.value.then(() => this.wait());
      return undefined;
    }
  }

  /** Lets the next thread through. */
  passOn(): void {
    this.#hasTicket = false;
    this.#letThrough(this.#ticket);
  }

  /** Lets the next thread through and stands behind all others. */
  goRound(): void {
    const ticket = this.#ticket;
    // First, because a thread that is held up between the two would not be seen to wait.
    this.draw();
    this.#letThrough(ticket);
    this.wait();
  }

  #letThrough(ticket: number): void {
    const { words } = this.#cell;
    const next = (ticket + 1) | 0;
    const turn = this.#cell.turnOf(next);
    Atomics.store(words, turn, next);
    // A thread that draws that ticket after this check finds that it is its turn, and does not wait.
    if (Atomics.load(words, this.#cell.nextTicket) !== next) Atomics.notify(words, turn);
  }
}
