/** pass, fail or undecided, with the reason in a sentence. Undecided is never shown as a pass. */
export interface Verdict {
  readonly is: 'pass' | 'fail' | 'undecided';
  readonly because: string;
}
