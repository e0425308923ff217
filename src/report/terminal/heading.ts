import type { Result } from '../../core/result/result.ts';
import type { Headline } from '../../core/result/verdict.ts';
import { titleFacts } from '../sections/first/title.ts';
import { openingOf } from '../sections/headline.ts';
import { many } from '../format.ts';
import { hanging, span, type Line, type Tone } from './layout/line.ts';
import { cut, plain, widthOf } from '../plain.ts';

/** Prose is wrapped at this width at the latest, because longer lines are hard to read. */
const widestProse = 100;

/** What was run: name, modes, rounds, load, how long it took and the seed. */
export const title = (result: Result, width: number): Line => titled(result.scenario.name, titleFacts(result), width);

/** A name followed by facts, the most important first; what does not fit is left out from the end. */
export const titled = (whole: string, facts: readonly string[], width: number): Line => {
  const name = plain(whole, 60);
  for (let kept = facts.length; ; kept--) {
    const rest = facts
      .slice(0, kept)
      .map((fact) => `   ${fact}`)
      .join('');
    if (kept === 0 || widthOf(rest) + Math.min(12, widthOf(name)) <= width)
      return [span(cut(name, Math.max(12, width - widthOf(rest))), 'strong'), span(rest)];
  }
};

/** How much of the reasons is reported. */
export interface Room {
  /** The most reasons. */
  readonly reasons: number;
  /** The most columns of a reason. */
  readonly longest: number;
}

/**
 * The headline with its reasons and the conclusion, which comes first only if the run ended well. In a run that failed, every
 * reason has the headline word before it.
 */
export const verdictLines = (result: Result, width: number, { reasons: most, longest }: Room): Line[] => {
  const { word, reasons, hint, conclusion } = openingOf(result);
  const told = reasons.slice(0, most).map((reason) => plain(reason, longest));
  const more = reasons.length - told.length;
  const isGood = word === 'PASS' || word === 'DONE';
  const texts = [
    ...(isGood && conclusion !== '' ? [conclusion] : []),
    ...told,
    ...(more > 0 ? [`And ${many(more, 'more reason')}: --details.`] : []),
    ...(hint === '' ? [] : [plain(hint, longest)]),
    ...(isGood || conclusion === '' ? [] : [conclusion]),
  ];
  return verdictTexts(word, texts, width, word === 'FAIL' ? Math.max(1, told.length) : 1);
};

/**
 * The headline word, and texts next to it under a hanging indent.
 *
 * @param worded how many of the first texts have the word before them
 */
export const verdictTexts = (word: Headline, texts: readonly string[], width: number, worded = 1): Line[] => {
  const label = span(`${word}  `, tones[word]);
  if (texts.length === 0) return [[span(word, tones[word])]];
  const under = span(' '.repeat(label.text.length));
  return texts.flatMap((text, at) =>
    hanging([at < worded ? label : under], plain(text, longestText), Math.min(width, widestProse)),
  );
};

const longestText = 2000;

const tones: { readonly [word in Headline]: Tone } = {
  PASS: 'good',
  DONE: 'good',
  FAIL: 'bad',
  UNDECIDED: 'doubt',
  INVALID: 'doubt',
  INTERRUPTED: 'doubt',
};
