import type { Result } from '../../core/result/result.ts';
import type { Headline } from '../../core/result/verdict.ts';

/** What stands on top of a report. */
export interface Opening {
  readonly word: Headline;
  /** What made it so, the weightiest first, each with its full stop; texts in it come from outside and are not safe. */
  readonly reasons: readonly string[];
  /** What to do about a run that cannot be believed; empty where it can. */
  readonly hint: string;
  /** The mode to choose, in a sentence; empty where nothing can be said of it. */
  readonly conclusion: string;
}

/** The word, what made it so, and the conclusion: reasons come first where the run did not pass. */
export const openingOf = (result: Result): Opening => {
  const { invalid, conclusion, modes } = result;
  const word = result.headline ?? olderWord(result);
  const reasons = (result.reasons ?? olderReasons(result)).map(sentence);
  return {
    word,
    reasons,
    hint: invalid?.hint ?? '',
    conclusion: modes.length === 0 || word === 'INVALID' || reasons.includes(conclusion) ? '' : conclusion,
  };
};

/** Whether a run ended well, so that the conclusion comes before anything else. */
const isGood = ({ word }: Opening): boolean => word === 'PASS' || word === 'DONE';

/** What stands behind the word, in the order in which it is reported; texts in it come from outside and are not safe. */
export const sentencesOf = (opening: Opening): readonly string[] => {
  const { reasons, hint, conclusion } = opening;
  const all = isGood(opening) ? [conclusion, ...reasons] : [...reasons, hint, conclusion];
  return all.filter((text) => text !== '');
};

const sentence = (text: string): string => (/[.!?]$/u.test(text) ? text : `${text}.`);

/** Of a document that does not say the word. */
const olderWord = ({ invalid, verdict }: Result): Headline => {
  if (verdict.is === 'fail') return 'FAIL';
  if (invalid !== undefined) return 'INVALID';
  return verdict.is === 'pass' ? 'PASS' : 'UNDECIDED';
};

const olderReasons = ({ invalid, verdict, conclusion }: Result): readonly string[] => [
  ...(verdict.is === 'pass' || (invalid !== undefined && verdict.is !== 'fail') || conclusion.includes(verdict.because)
    ? []
    : [verdict.because]),
  ...(invalid === undefined ? [] : [invalid.message]),
];
