import { Markup, markup, type Part } from './markup.ts';

/** A figure of the page, or a table that stands for one. */
export interface Figure {
  /** Its anchor in the page: an identifier of the program's own. */
  readonly id: string;
  readonly title: string;
  /** The question and its answer, each a sentence. */
  readonly question: string;
  readonly answer: Part;
  readonly body: Part;
  /** How to read it, in sentences; texts are only escaped, not made safe. */
  readonly reading?: readonly Part[];
}

/** A section with its heading, the figure with question and answer as its caption, and how to read it. */
export const section = ({ id, title, question, answer, body, reading = [] }: Figure): Markup =>
  markup`<section id="${id}" aria-labelledby="${id}-t"><h2 id="${id}-t">${title}</h2><figure aria-labelledby="${id}-c"><figcaption id="${id}-c"><b>${question}</b> ${together(answer)}</figcaption>${body}</figure>${reading.length === 0 ? undefined : markup`<p class="how">${reading.map((one, at) => (at === 0 ? one : markup` ${one}`))}</p>`}</section> `;

/** Keeps each number and its unit on one line. */
export const together = (answer: Part): Part =>
  Markup.own(String(markup`${answer}`).replaceAll(/(\d) (?=(?:%|×|µs|ms|s|min)(?![\p{L}\p{N}]))/gu, '$1\u00a0'));

/** Something that is folded away until it is opened. */
export const details = (summary: Part, body: Part): Markup =>
  markup`<details><summary>${summary}</summary>${body}</details>`;

/** Tables with more rows are folded away. */
const mostRows = 8;

/** The numbers under a figure: a table, folded away if it is long. */
export const numbers = (rows: number, body: Part): Part =>
  body === undefined || rows <= mostRows ? body : details('The numbers', body);
