/** Memory that threads share. */
export type SharedWords = Int32Array<SharedArrayBuffer>;

/** The words of a cell before its turns: next ticket, waiting, taken, needed. */
const wordsBeforeTurns = 4;

/** How the cells of a guard lie in memory. */
export interface CellShape {
  /** How far a cell's words lie apart: 16 are 64 bytes, so that one thread's writes do not slow the others down. */
  readonly stride: number;
  /** Words in which threads wait for their turn; a power of two, so that ticket numbers may wrap. */
  readonly turns: number;
}

/** How many words a cell of this shape takes. */
export const wordsOfCell = ({ stride, turns }: CellShape): number => (wordsBeforeTurns + turns) * stride;

/** Where the words of one lock lie in shared memory. Zeroed, it is a free lock. */
export class Cell {
  readonly words: SharedWords;
  readonly #stride: number;
  readonly #turnMask: number;
  #at = 0;

  constructor(words: SharedWords, { stride, turns }: CellShape) {
    this.words = words;
    this.#stride = stride;
    this.#turnMask = turns - 1;
  }

  /** Makes this the cell that begins at that word. */
  moveTo(at: number): void {
    this.#at = at;
  }

  /** The number of the next ticket to be drawn. */
  get nextTicket(): number {
    return this.#at;
  }

  /** How many users of all threads wait. */
  get waiting(): number {
    return this.#at + this.#stride;
  }

  /** How much of the room is taken. */
  get taken(): number {
    return this.#at + 2 * this.#stride;
  }

  /** How much room the thread whose turn it is waits for; 0 if it does not wait. */
  get needed(): number {
    return this.#at + 3 * this.#stride;
  }

  /** The word that says when it is this ticket's turn. */
  turnOf(ticket: number): number {
    return this.#at + (wordsBeforeTurns + (ticket & this.#turnMask)) * this.#stride;
  }
}
