import type { Evidence } from '../../../core/result/finding.ts';
import type { History } from '../../../core/history/history.ts';

/**
 * Two to five operations that cannot all be right, with the reasons. Enough for somebody to check by hand.
 *
 * `atLeast` … `atMost`: how much is wrong, in lost updates, pieces sold too many, or whatever the rule counts; `atMost`
 * null: nobody knows.
 */
export interface Contradiction {
  readonly rule: string;
  readonly evidence: Evidence;
  /** Rows of the history. */
  readonly operations: readonly number[];
  /** In sentences, each naming the operations by their place in `operations`: A, B, C … */
  readonly because: readonly string[];
  readonly atLeast: number;
  readonly atMost: number | null;
}

/** What is known of one key beside its operations. */
export interface Known {
  /** Before the first operation; NaN: nobody knows. */
  readonly initial: number;
  /** Read when everything had ended; NaN: nobody knows. */
  readonly final: number;
}

/**
 * Judges the operations on one key. Pure, and never throws for what is in a history.
 *
 * @param rows of the history, in any order; not changed
 * @returns the first contradiction found of each rule, the worst first; none: the rows are as the model allows
 */
export type Engine = (history: History, rows: Uint32Array, known: Known) => readonly Contradiction[];
