import type { Result } from '../../../core/result/result.ts';
import { openingOf, sentencesOf } from '../../sections/headline.ts';
import { roundsBegun, titleFacts } from '../../sections/first/title.ts';
import { count, many } from '../../format.ts';
import { plain } from '../../plain.ts';
import { Markup, markup, type Part } from '../markup/markup.ts';
import { state } from '../markup/state.ts';
import { headOf } from './head.ts';

const longest = 600;

const newline = Markup.own('\n');

/** What was run, and how it ended: the word, the sentence that people come for, and what made it so. */
export const opening = (result: Result): Markup => {
  const told = openingOf(result);
  return markup`${headOf({ ...result, name: result.scenario.name, facts: titleFacts(result), word: told.word, sentences: sentencesOf(told) })}${[unfinished(result), disbelieved(result), lastWords(result)]}`;
};

/** Of a run that ended early: what there is, and what was planned. */
const unfinished = (result: Result): Part => {
  const begun = roundsBegun(result);
  const { rounds } = result.scenario;
  return begun === 0 || begun >= rounds
    ? undefined
    : markup`<p class="banner">${state('open', `${count(begun)} of ${many(rounds, 'round')} measured: what is not told apart yet is undecided.`)}</p>`;
};

const disbelieved = ({ invalid, modes }: Result): Part =>
  invalid === undefined || modes.length === 0
    ? undefined
    : markup`<p class="banner">${state('unknown', 'The run is invalid: what follows was measured, but cannot be trusted.')}</p>`;

/** The last lines of the program that made it invalid. */
export const lastWords = ({ invalid }: Pick<Result, 'invalid'>): Part => {
  const lines = invalid?.output ?? [];
  return lines.length === 0
    ? undefined
    : markup`<p>The last that it wrote:</p><pre>${lines.map((one) => plain(one, longest)).flatMap((one, at) => (at === 0 ? [one] : [newline, one]))}</pre>`;
};
