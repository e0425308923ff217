import type { Result } from '../../core/result/result.ts';
import type { Headline } from '../../core/result/verdict.ts';

/** What the top of a report says. */
export interface Opening {
  readonly word: Headline;
  /** The reasons, the most important first, each with a full stop. They contain text from outside and are not safe. */
  readonly reasons: readonly string[];
  /** What to do about an invalid run; empty if it is valid. */
  readonly hint: string;
  /** The mode to choose, in a sentence; empty if nothing can be said. */
  readonly conclusion: string;
}

/** The headline, its reasons, and the conclusion. */
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

/** Whether a run ended well, so that the conclusion comes first. */
const isGood = ({ word }: Opening): boolean => word === 'PASS' || word === 'DONE';

/** The sentences after the headline, reasons first unless the run ended well. They contain text from outside and are not safe. */
export const sentencesOf = (opening: Opening): readonly string[] => {
  const { reasons, hint, conclusion } = opening;
  const all = isGood(opening) ? [conclusion, ...reasons] : [...reasons, hint, conclusion];
  return all.filter((text) => text !== '');
};

const sentence = (text: string): string => (/[.!?]$/u.test(text) ? text : `${text}.`);

/** The headline of an older document, which does not contain it. */
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
