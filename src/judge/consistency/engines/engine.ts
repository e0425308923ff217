import type { Contradiction as Finding } from '../../../core/result/finding.ts';
import type { History } from '../../../core/history/history.ts';

/** Two to five rows of the history that cannot all be right. */
export type Contradiction = Finding<number>;

/** What is known of one key apart from its operations. */
export interface Known {
  /** The value before the first operation; NaN if unknown. */
  readonly initial: number;
  /** The value read after everything had ended; NaN if unknown. */
  readonly final: number;
}

/**
 * Judges the operations on one key. Pure, and never throws for what is in a history.
 *
 * @param rows of the history, in any order; not changed
 * @returns the first contradiction of each rule, the worst first; empty if the rows are as the model allows
 */
export type Engine = (history: History, rows: Uint32Array, known: Known) => readonly Contradiction[];
