import type { Result } from '../../../core/result/result.ts';
import type { Headline } from '../../../core/result/verdict.ts';
import { many } from '../../format.ts';
import { details, together } from '../markup/figure.ts';
import { markup, said, type Markup, type Part } from '../markup/markup.ts';
import { state, stateOfHeadline } from '../markup/state.ts';

/** The number of sentences next to the verdict; the others are folded away. */
const mostSentences = 4;

const longest = 600;

/** The content of a page's top. */
export interface Head extends Pick<Result, 'startedAt' | 'tool'> {
  readonly name: string;
  /** The most important first. */
  readonly facts: readonly string[];
  readonly word: Headline;
  /** The conclusion first. */
  readonly sentences: readonly string[];
}

const sentence = (text: string): Part => together(said(text, longest));

/** The name with the facts, and the verdict with its sentences. */
export const headOf = ({ name, facts, startedAt, tool, word, sentences }: Head): Markup => {
  const [lead = '', ...others] = sentences.slice(0, mostSentences);
  const more = sentences.slice(mostSentences);
  return markup`<header><h1>${said(name, 80)}</h1><p class="facts">${[
    ...facts,
    startedAt.replace(/\.\d+Z$/u, 'Z'),
    `${tool.name} ${tool.version}`,
  ].map(
    (fact, at) => markup`${at === 0 ? undefined : markup` · `}<span>${said(fact, 60)}</span>`,
  )}</p></header><section id="verdict" aria-label="How it ended"><p class="word">${state(stateOfHeadline[word], word)}</p><div class="told"><p class="lead">${sentence(lead)}</p>${others.map((one) => markup`<p>${sentence(one)}</p>`)}${
    more.length === 0
      ? undefined
      : details(
          `And ${many(more.length, 'more reason')}`,
          markup`<ul>${more.map((one) => markup`<li>${sentence(one)}</li>`)}</ul>`,
        )
  }</div></section>`;
};
