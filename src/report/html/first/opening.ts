import type { Result } from '../../../core/result/result.ts';
import { openingOf, sentencesOf } from '../../sections/headline.ts';
import { roundsBegun, titleFacts } from '../../sections/first/title.ts';
import { count, many } from '../../format.ts';
import { plain } from '../../plain.ts';
import { details } from '../markup/figure.ts';
import { Markup, markup, said, type Part } from '../markup/markup.ts';
import { state, stateOfHeadline } from '../markup/state.ts';

/** So many sentences stand beside the word; the others are opened where they are wanted. */
const mostSentences = 4;

const longest = 600;

const newline = Markup.own('\n');

/** What was run, and how it ended: the word, the sentence that people come for, and what made it so. */
export const opening = (result: Result): Markup => {
  const { scenario, startedAt, tool } = result;
  const told = openingOf(result);
  const sentences = sentencesOf(told);
  const [lead = '', ...others] = sentences.slice(0, mostSentences);
  const more = sentences.slice(mostSentences);
  return markup`<header><h1>${said(scenario.name, 80)}</h1><p class="facts">${[
    ...titleFacts(result),
    startedAt.replace(/\.\d+Z$/u, 'Z'),
    `${tool.name} ${tool.version}`,
  ].map(
    (fact, at) => markup`${at === 0 ? undefined : markup` · `}<span>${said(fact, 60)}</span>`,
  )}</p></header><section id="verdict" aria-label="How it ended"><p class="word">${state(stateOfHeadline[told.word], told.word)}</p><div class="told"><p class="lead">${said(lead, longest)}</p>${others.map((one) => markup`<p>${said(one, longest)}</p>`)}${
    more.length === 0
      ? undefined
      : details(
          `And ${many(more.length, 'more reason')}`,
          markup`<ul>${more.map((one) => markup`<li>${said(one, longest)}</li>`)}</ul>`,
        )
  }</div></section>${[unfinished(result), disbelieved(result), lastWords(result)]}`;
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
    : markup`<p class="banner">${state('unknown', 'The run is invalid: what follows was measured, and is not to be believed.')}</p>`;

/** The last lines of the program that made the run invalid. */
const lastWords = ({ invalid }: Result): Part => {
  const lines = invalid?.output ?? [];
  return lines.length === 0
    ? undefined
    : markup`<p>The last that it wrote:</p><pre>${lines.map((one) => plain(one, longest)).flatMap((one, at) => (at === 0 ? [one] : [newline, one]))}</pre>`;
};
