import { isLongFraction, LongFraction } from './fraction.ts';
import { wholeOf } from './whole.ts';

/**
 * What a text of JSON says, as `JSON.parse` gives it, but that a whole number beyond 2^53 is a `bigint`, which is exact,
 * unless it is written with an exponent.
 *
 * @throws {SyntaxError} as `JSON.parse` throws it
 * @cost that of JSON.parse, and a look at every sixteenth character; twice as much where there is such a number
 */
export const parseJson = (text: string): unknown => (hasLong(text) ? parseLong(text, wholeIn) : JSON.parse(text));

/**
 * The same, but that every other number of more digits than a number keeps is a {@link LongFraction}: what is compared with others,
 * and not computed with, is to be told from what was rounded.
 */
export const parseDigits = (text: string): unknown =>
  hasLong(text) || hasManyDigits(text) ? parseLong(text, wholeOrFraction) : JSON.parse(text);

/** Whether some number of a text of JSON may have more digits than a number keeps, or be too large for one. */
export const hasManyDigits = (text: string): boolean => /[\d.]{18}|\d[eE]\+?\d{3}/u.test(text);

const [zero, nine, minus, quote, backslash] = [48, 57, 45, 34, 92] as const;

const isDigit = (code: number): boolean => code <= nine && code >= zero;

/** Of 2^53, the least of them, which has as many digits as any may have. */
const least = '9007199254740992';
const step = least.length;

/**
 * Whether some number of a text of JSON may be whole and beyond 2^53: so many digits, with nothing in front of them that no number
 * has there. None lies between two places that are sixteen apart.
 *
 * @cost a look at every sixteenth character, some 0.2 µs for 300 of them
 */
export const hasLong = (text: string): boolean => {
  const { length } = text;
  for (let at = step - 1; at < length; at += step) {
    const code = text.charCodeAt(at);
    if (code <= nine && code >= zero && isLong(text, at)) return true;
  }
  return false;
};

/** Whether such a number begins between the place before and this one, which has a digit. Most begin with none, or a quote. */
const isLong = (text: string, at: number): boolean => {
  let from = at;
  while (from > 0 && isDigit(text.charCodeAt(from - 1))) {
    // What goes on from the place before was looked at there.
    if (--from === at - step) return false;
  }
  if (from > 0 && !inFront.includes(text[from - 1]!)) return false;
  const end = from + step;
  for (let to = at + 1; to < end; to++) if (!isDigit(text.charCodeAt(to))) return false;
  if (isDigit(text.charCodeAt(end))) return true;
  for (let place = 0; place < step; place++) {
    const difference = text.charCodeAt(from + place) - least.charCodeAt(place);
    if (difference !== 0) return difference > 0;
  }
  return true;
};

const blanks = ' \n\r\t';
/** What may stand in front of a number. */
const inFront = `:,[-${blanks}`;

/**
 * Every such number is put in quotes behind a mark that is in no text, and taken out of them again in what was parsed. So it
 * is JSON.parse that says what is JSON, whatever there is of keys called `__proto__`, of keys that come twice and of depth.
 */
const parseLong = (text: string, longIn: LongIn): unknown => {
  const mark = markFor(text);
  const quoted = withQuotes(text, mark, longIn);
  let value: unknown;
  try {
    value = JSON.parse(quoted);
  } catch {
    // With the place in the text as it is.
    return JSON.parse(text);
  }
  return withoutQuotes(value, JSON.parse(`"${mark}"`) as string);
};

/** A control character, which JSON writes in one way only: as many in a row as are in no text yet. */
const markFor = (text: string): string => {
  let longest = 0;
  for (const [run] of text.matchAll(/(?:\\u0001)+/gu)) longest = Math.max(longest, run.length);
  return escape.repeat(longest / escape.length + 1);
};

const escape = String.raw`\u0001`;

const withQuotes = (text: string, mark: string, longIn: LongIn): string => {
  let quoted = '';
  let done = 0;
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === quote) at = endOfText(text, at);
    else if (isDigit(code) || code === minus) {
      const end = endOfNumber(text, at);
      const long = longIn(text.slice(at, end));
      // Where a key should be, JSON has no number, and none is to be made a text there.
      if (long !== undefined && !isKey(text, end)) {
        quoted += `${text.slice(done, at)}"${mark}${long}"`;
        done = end;
      }
      at = end - 1;
    }
  }
  return quoted + text.slice(done);
};

/** The place of the quote that ends the text which begins here. */
const endOfText = (text: string, begin: number): number => {
  for (let end = text.indexOf('"', begin + 1); end >= 0; end = text.indexOf('"', end + 1)) {
    let escapes = 0;
    while (text.charCodeAt(end - 1 - escapes) === backslash) escapes++;
    if (escapes % 2 === 0) return end;
  }
  return text.length;
};

/** What is kept of a literal, where a number does not keep it. */
type LongIn = (literal: string) => string | undefined;

/** What is written with an exponent was a number where it comes from, and is one. */
const wholeIn: LongIn = (literal) =>
  literal.length < step || /e/iu.test(literal) ? undefined : wholeOf(literal)?.toString();

const wholeOrFraction: LongIn = (literal) =>
  wholeIn(literal) ?? (isNumber.test(literal) && isLongFraction(literal) ? literal : undefined);

const isNumber = /^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?$/u;

const isKey = (text: string, end: number): boolean => {
  let at = end;
  while (at < text.length && blanks.includes(text[at]!)) at++;
  return text[at] === ':';
};

const endOfNumber = (text: string, begin: number): number => {
  let end = begin + 1;
  while (end < text.length && inNumbers.has(text[end]!)) end++;
  return end;
};

const inNumbers = new Set('0123456789.eE+-');

const longOf = (text: string): bigint | LongFraction => (/^-?\d+$/u.test(text) ? BigInt(text) : new LongFraction(text));

type Holder = { [key: string]: unknown };

/** Without recursion: a value may be deeper than the stack is. */
const withoutQuotes = (value: unknown, mark: string): unknown => {
  const root: Holder = { value };
  const open: Holder[] = [root];
  for (let holder = open.pop(); holder !== undefined; holder = open.pop()) {
    for (const key of Object.keys(holder)) {
      const inner = holder[key];
      // A key called `__proto__` is there already, as a key of its own, so that this sets no prototype.
      if (typeof inner === 'string') {
        if (inner.startsWith(mark)) holder[key] = longOf(inner.slice(mark.length));
      } else if (typeof inner === 'object' && inner !== null) open.push(inner as Holder);
    }
  }
  return root['value'];
};
