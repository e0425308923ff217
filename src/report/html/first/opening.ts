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

/** What was run, and how it ended: the verdict, the conclusion and the reasons. */
export const opening = (result: Result): Markup => {
  const told = openingOf(result);
  return markup`${headOf({ ...result, name: result.scenario.name, facts: titleFacts(result), word: told.word, sentences: sentencesOf(told) })}${[unfinished(result), disbelieved(result), lastWords(result)]}`;
};

/** What was measured and what was planned, if the run ended early. */
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

/** The last lines of output of the program that made the run invalid. */
export const lastWords = ({ invalid }: Pick<Result, 'invalid'>): Part => {
  const lines = invalid?.output ?? [];
  return lines.length === 0
    ? undefined
    : markup`<p>Its last output:</p><pre>${lines.map((one) => plain(one, longest)).flatMap((one, at) => (at === 0 ? [one] : [newline, one]))}</pre>`;
};
