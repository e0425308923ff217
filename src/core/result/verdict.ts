/** How a run ended, in a word. */
export type Headline = (typeof headlines)[number];

/**
 * PASS: something was asked and everything held. DONE: nothing was asked, or every mode was violated and allowed to be.
 * UNDECIDED: too little to judge by. INVALID: the run could not be finished or believed.
 */
export const headlines = ['PASS', 'FAIL', 'DONE', 'UNDECIDED', 'INVALID', 'INTERRUPTED'] as const;

/** pass, fail or undecided, with the reason in a sentence. Undecided is never shown as a pass. */
export interface Verdict {
  readonly is: 'pass' | 'fail' | 'undecided';
  readonly because: string;
}
