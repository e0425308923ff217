/** How a run ended, in one word. */
export type Headline = (typeof headlines)[number];

/**
 * PASS: there were gates or consistency to judge, and all held. DONE: there was nothing to judge, or every mode was violated and allowed to be.
 * UNDECIDED: too little to judge. INVALID: the run could not be finished or believed.
 */
export const headlines = ['PASS', 'FAIL', 'DONE', 'UNDECIDED', 'INVALID', 'INTERRUPTED'] as const;

/** pass, fail or undecided, with the reason in a sentence. Undecided is never shown as a pass. */
export interface Verdict {
  readonly is: 'pass' | 'fail' | 'undecided';
  readonly because: string;
}
