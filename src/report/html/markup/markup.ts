import { plain } from '../../plain.ts';

/** HTML or SVG that is safe as it stands: only {@link markup} makes it, out of its own text and of values that it escapes. */
export class Markup {
  readonly #text: string;

  private constructor(text: string) {
    this.#text = text;
  }

  /** Markup from {@link markup}, which alone may call this. */
  static of(pieces: readonly string[], values: readonly Part[]): Markup {
    let text = pieces[0]!;
    values.forEach((value, at) => (text += textOf(value) + pieces[at + 1]!));
    return new Markup(text);
  }

  /** Text of this program's own, as a style sheet is: never anything that comes from a document. */
  static own(text: string): Markup {
    return new Markup(text);
  }

  toString(): string {
    return this.#text;
  }
}

/** What may stand in a template: nothing, text that is escaped, markup, or some of these one after the other. */
export type Part = Markup | string | number | undefined | readonly Part[];

/**
 * HTML or SVG. Every value is escaped, for text and for attributes in double quotes; no value may stand anywhere else, nor
 * be the name of anything.
 */
export const markup = (pieces: TemplateStringsArray, ...values: readonly Part[]): Markup => Markup.of(pieces, values);

/** Text from outside, cut to so many columns and kept from turning the text around it. */
export const said = (text: string, most = longestText): Markup => markup`<bdi>${plain(text, most)}</bdi>`;

const longestText = 500;

/** Longer than this is no text of a page. */
const longestOfAll = 20_000;

const textOf = (value: Part): string => {
  if (value === undefined) return '';
  if (typeof value === 'number') return String(value);
  if (typeof value === 'string') return escaped(value);
  return value instanceof Markup ? value.toString() : value.map(textOf).join('');
};

const escaped = (text: string): string =>
  (isPrintable.test(text) ? text : plain(text, longestOfAll)).replaceAll(meaningful, (one) => entities[one]!);

/** Most text there is needs no more than a look. */
const isPrintable = /^[ -~]{0,20000}$/u;

const meaningful = /[&<>"']/gu;

const entities: { readonly [character: string]: string } = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};
