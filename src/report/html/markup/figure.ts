import { Markup, markup, type Part } from './markup.ts';

/** A figure of the page, or a table that stands for one. */
export interface Figure {
  /** Its place in the page: a word of our own. */
  readonly id: string;
  readonly title: string;
  /** What it answers, and the answer: each a sentence. */
  readonly question: string;
  readonly answer: Part;
  readonly body: Part;
  /** How it is to be read, in sentences; texts in it are escaped and no more. */
  readonly reading?: readonly Part[];
}

/** A section with its heading, the figure with question and answer as its caption, and how it is to be read. */
export const section = ({ id, title, question, answer, body, reading = [] }: Figure): Markup =>
  markup`<section id="${id}" aria-labelledby="${id}-t"><h2 id="${id}-t">${title}</h2><figure aria-labelledby="${id}-c"><figcaption id="${id}-c"><b>${question}</b> ${together(answer)}</figcaption>${body}</figure>${reading.length === 0 ? undefined : markup`<p class="how">${reading.map((one, at) => (at === 0 ? one : markup` ${one}`))}</p>`}</section> `;

/** A number and its unit stay in one line. */
export const together = (answer: Part): Part =>
  Markup.own(String(markup`${answer}`).replaceAll(/(\d) (?=(?:%|×|µs|ms|s|min)(?![\p{L}\p{N}]))/gu, '$1\u00a0'));

/** Something that is opened where somebody wants it. */
export const details = (summary: Part, body: Part): Markup =>
  markup`<details><summary>${summary}</summary>${body}</details>`;

/** More rows than these are opened where they are wanted. */
const mostRows = 8;

/** The numbers under a figure: a table as it is, or behind a word where it is long. */
export const numbers = (rows: number, body: Part): Part =>
  body === undefined || rows <= mostRows ? body : details('The numbers', body);
