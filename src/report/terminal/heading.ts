import type { Result } from '../../core/result/result.ts';
import { headline, type Word } from '../sections/cells.ts';
import { commonFacts } from '../sections/facts.ts';
import { many } from '../format.ts';
import { hanging, span, type Line, type Tone } from './layout/line.ts';
import { cut, plain, widthOf } from '../plain.ts';

/** Prose is wrapped here at the latest: longer lines are hard to read. */
const widestProse = 100;

/** What was run: name, modes, rounds, load and seed. */
export const title = (result: Result, width: number): Line => {
  const { scenario, modes } = result;
  const facts = [
    ...(modes.length === 0 ? [] : [`${many(modes.length, 'mode')} × ${many(scenario.rounds, 'round')}`]),
    ...commonFacts(result).map((fact) => plain(fact, 20)),
    `seed ${scenario.seed}`,
  ];
  const rest = facts.map((fact) => `   ${fact}`).join('');
  const name = plain(scenario.name, 60);
  return [span(cut(name, Math.max(12, width - widthOf(rest))), 'strong'), span(rest)];
};

/** The verdict in a word and the conclusion in a sentence; for a run that cannot be believed, why and what to do. */
export const conclusion = (result: Result, width: number): Line[] => {
  const { word, sentences } = headline(result);
  return paragraphs(word, tones[word], sentences, Math.min(width, widestProse));
};

const tones: { readonly [word in Word]: Tone } = { PASS: 'good', FAIL: 'bad', UNDECIDED: 'doubt', INVALID: 'doubt' };

const paragraphs = (word: string, tone: Tone, texts: readonly string[], width: number): Line[] => {
  const label = `${word}  `;
  const said = texts.map((text) => plain(text, longestText)).filter((text) => text !== '');
  if (said.length === 0) return [[span(word, tone)]];
  return said.flatMap((text, at) =>
    hanging(at === 0 ? [span(label, tone)] : [span(' '.repeat(label.length))], text, width),
  );
};

const longestText = 2000;
