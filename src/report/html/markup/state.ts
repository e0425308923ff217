import type { ConsistencyVerdict } from '../../../core/result/finding.ts';
import type { GateResult } from '../../../core/result/result.ts';
import type { Headline } from '../../../core/result/verdict.ts';
import { markup, type Markup, type Part } from './markup.ts';

/**
 * How sure something is, and to whose joy. `pass` and `half` are the only ones that look well; `open`, `unknown` and
 * `untested` never do.
 */
export type State = 'pass' | 'half' | 'open' | 'unknown' | 'untested' | 'wrong' | 'allowed' | 'none';

const glyphs: { readonly [state in State]: string } = {
  pass: '●',
  half: '◐',
  open: '○',
  unknown: '?',
  untested: '○',
  wrong: '✕',
  allowed: '✕',
  none: '',
};

const classes: { readonly [state in State]: string } = {
  pass: 's-good',
  half: 's-half',
  open: 's-open',
  unknown: 's-unknown',
  untested: 's-untested',
  wrong: 's-bad',
  allowed: 's-allowed',
  none: 's-none',
};

/** A word with its glyph, so that nothing depends on a colour. */
export const state = (is: State, words: Part): Markup =>
  markup`<span class="${classes[is]}">${glyphs[is] === '' ? undefined : markup`<span aria-hidden="true">${glyphs[is]}</span> `}${words}</span>`;

/** The glyph of a state and the class that colours it, for a drawing. */
export const glyphOf = (is: State): { readonly glyph: string; readonly class: string } => ({
  glyph: glyphs[is],
  class: classes[is],
});

/** What a consistency verdict looks like. */
export const stateOfData = (verdict: ConsistencyVerdict, isAllowed: boolean): State => {
  const states: { readonly [verdict in ConsistencyVerdict]: State } = {
    'violated': isAllowed ? 'allowed' : 'wrong',
    'unknown': 'unknown',
    'not-exercised': 'untested',
    'no-violation-found': 'half',
    'consistent': 'pass',
  };
  return states[verdict];
};

/** What a gate's verdict looks like. */
export const stateOfGate: { readonly [verdict in GateResult['verdict']]: State } = {
  pass: 'pass',
  fail: 'wrong',
  undecided: 'open',
};

/** What the word at the top looks like: DONE judged nothing. */
export const stateOfHeadline: { readonly [word in Headline]: State } = {
  PASS: 'pass',
  FAIL: 'wrong',
  DONE: 'none',
  UNDECIDED: 'open',
  INVALID: 'unknown',
  INTERRUPTED: 'open',
};
