import type { ConsistencyVerdict } from '../../../core/result/finding.ts';
import type { GateResult } from '../../../core/result/result.ts';
import type { Headline } from '../../../core/result/verdict.ts';
import { markup, type Markup, type Part } from './markup.ts';

/**
 * How certain something is, and whether it is good or bad. Only `pass` and `half` look good; `open`, `unknown` and `untested`
 * never do.
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

/** Words with a glyph, so that nothing depends on colour. */
export const state = (is: State, words: Part): Markup =>
  markup`<span class="${classes[is]}">${glyphs[is] === '' ? undefined : markup`<span aria-hidden="true">${glyphs[is]}</span> `}${words}</span>`;

/** The glyph of a state and the class that colours it, for a drawing. */
export const glyphOf = (is: State): { readonly glyph: string; readonly class: string } => ({
  glyph: glyphs[is],
  class: classes[is],
});

/** The state that a consistency verdict is shown as. */
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

/** The state that a gate's verdict is shown as. */
export const stateOfGate: { readonly [verdict in GateResult['verdict']]: State } = {
  pass: 'pass',
  fail: 'wrong',
  undecided: 'open',
};

/** The state that the headline is shown as: DONE judged nothing. */
export const stateOfHeadline: { readonly [word in Headline]: State } = {
  PASS: 'pass',
  FAIL: 'wrong',
  DONE: 'none',
  UNDECIDED: 'open',
  INVALID: 'unknown',
  INTERRUPTED: 'open',
};
