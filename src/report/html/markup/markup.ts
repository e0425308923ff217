import { plain } from '../../plain.ts';

/** HTML or SVG that is safe as it is: only {@link markup} makes it, from literal text and from values that it escapes. */
export class Markup {
  readonly #text: string;

  private constructor(text: string) {
    this.#text = text;
  }

  /** Makes markup; only for {@link markup}. */
  static of(pieces: readonly string[], values: readonly Part[]): Markup {
    let text = pieces[0]!;
    values.forEach((value, at) => (text += textOf(value) + pieces[at + 1]!));
    return new Markup(text);
  }

  /** Makes markup of the program's own text, such as a style sheet: never of anything from a document. */
  static own(text: string): Markup {
    return new Markup(text);
  }

  toString(): string {
    return this.#text;
  }
}

/** What a template may contain: nothing, text, which is escaped, markup, or a list of these. */
export type Part = Markup | string | number | undefined | readonly Part[];

/**
 * HTML or SVG. Every value is escaped, for text and for attributes in double quotes; values may not be used anywhere else, nor as
 * the name of anything.
 */
export const markup = (pieces: TemplateStringsArray, ...values: readonly Part[]): Markup => Markup.of(pieces, values);

/** Text from outside, cut to `most` columns and isolated so that it cannot change the direction of the text around it. */
export const said = (text: string, most = longestText): Markup => markup`<bdi>${plain(text, most)}</bdi>`;

const longestText = 500;

/** No text of a page is longer. */
const longestOfAll = 20_000;

const textOf = (value: Part): string => {
  if (value === undefined) return '';
  if (typeof value === 'number') return String(value);
  if (typeof value === 'string') return escaped(value);
  return value instanceof Markup ? value.toString() : value.map(textOf).join('');
};

const escaped = (text: string): string =>
  (isPrintable.test(text) ? text : plain(text, longestOfAll)).replaceAll(meaningful, (one) => entities[one]!);

/** Most text needs only this check. */
const isPrintable = /^[ -~]{0,20000}$/u;

const meaningful = /[&<>"']/gu;

const entities: { readonly [character: string]: string } = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};
