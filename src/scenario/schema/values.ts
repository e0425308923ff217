import { z } from 'zod';
import { withPort } from '../../core/plan/serve.ts';
import { durationPattern, longestUs, parseDuration, parseDurations } from '../../core/duration.ts';
import { parseRange } from '../text/notation.ts';
import { didYouMean } from '../text/suggest.ts';
import { named, quoted } from '../text/words.ts';
import { branch, isMap, notation, type Refuse } from './notation.ts';

/** A duration in whole microseconds, at most a day. `least` 1 refuses 0. */
export const duration = (least: 0 | 1 = 0) =>
  notation(
    (input, refuse) => {
      const us = parseDuration(input);
      if (us === undefined) {
        const unit = typeof input === 'number' ? `a duration needs a unit: "${input}s" or "${input}ms"` : undefined;
        return refuse(`expected a duration, got ${named(input)}`, unit ?? 'such as 200us, 1ms, 1.5s, 2m or 1h');
      }
      if (us > longestUs) return refuse(`${quoted(String(input))} is more than a day`);
      return us < least ? refuse('expected a duration above 0') : us;
    },
    { anyOf: [{ type: 'string', pattern: `^(${durationPattern}|0)$` }, ...(least === 0 ? [{ const: 0 }] : [])] },
  );

/** A range of durations, `1ms..20ms`. */
export const durations = notation(
  (input, refuse) => {
    const span = parseDurations(input);
    if (span === undefined) return refuse(`expected two durations, got ${named(input)}`, 'such as 1ms..20ms');
    if (span[1] > longestUs) return refuse(`${quoted(String(input))} is more than a day`);
    return span[0] > span[1] ? refuse('the range ends before it begins') : span;
  },
  { type: 'string', pattern: `^(${durationPattern}|0)\\.\\.(${durationPattern}|0)$` },
);

/** A duration, or two between which one is drawn: `10ms`, `10ms..50ms`. */
export const span = notation(
  (input, refuse) => {
    const one = parseDuration(input);
    const both = one === undefined ? parseDurations(input) : ([one, one] as const);
    if (both === undefined)
      return refuse(`expected a duration or two, got ${named(input)}`, 'such as 10ms, or 10ms..50ms');
    if (both[1] > longestUs) return refuse(`${quoted(String(input))} is more than a day`);
    return both[0] > both[1] ? refuse('the range ends before it begins') : both;
  },
  {
    anyOf: [
      { type: 'string', pattern: String.raw`^(${durationPattern}|0)(\.\.(${durationPattern}|0))?$` },
      { const: 0 },
    ],
  },
);

/** Whole numbers, `1..20`. */
export const range = notation(
  (input, refuse) => {
    const read = parseRange(input);
    if (read === undefined) {
      const hint =
        typeof input === 'number'
          ? `write ${input}..${input} for that number alone`
          : Array.isArray(input)
            ? 'such as 1..20; values of your own are { list: [a, b] }'
            : 'such as 1..20';
      return refuse(`expected a range of whole numbers, got ${named(input)}`, hint);
    }
    return read.from > read.to ? refuse('the range ends before it begins', `write ${read.to}..${read.from}`) : read;
  },
  { type: 'string', pattern: String.raw`^-?\d+\.\.-?\d+$` },
);

/** A whole number within bounds. */
export const count = (least: number, most: number) => z.int().min(least).max(most);

/** Where requests go, without a trailing slash. */
export const target = notation(
  (input, refuse) => {
    if (typeof input !== 'string') return refuse(`expected an address, got ${named(input)}`, targetHint);
    if (/^builtin:store(\?[\x21-\x7e]*)?$/.test(input)) return input;
    if (input.startsWith('builtin:'))
      return refuse(`unknown target ${quoted(input)}`, didYouMean(input, ['builtin:store']));
    if (!/^https?:\/\//.test(input)) {
      return refuse(`expected an address with http:// or https://, got ${named(input)}`, targetHint);
    }
    if (/^https?:\/\/unix:(?!\d)/.test(input)) return unixTarget(input, refuse);
    // Any port will do to check the rest.
    const filled = withPort(input, 1);
    if (filled.includes('${'))
      return refuse('a target can only use ${port}, the port of a "serve:"', 'such as http://127.0.0.1:${port}');
    return addressOf(input, refuse, filled);
  },
  { type: 'string', pattern: '^(https?://|builtin:store)' },
);

/** An address without its trailing slash. @param filled the same with a number in place of `${port}` */
const addressOf = (input: string, refuse: Refuse, filled = input): string => {
  if (/^https?:\/\/unix:(?!\d)/.test(input)) return unixTarget(input, refuse);
  if (/[^\x21-\x7e]/.test(filled) || !URL.canParse(filled)) return refuse(`${quoted(input)} is not a valid URL`);
  if (/[?#]/.test(input)) return refuse('an address has no "?" and no "#"', 'they belong in the paths of the steps');
  return input.replace(/\/+$/, '');
};

/** A longer path does not fit into a socket address. */
const longestSocketPath = 107;

/** The target of a single step, without a trailing slash: a literal address. */
export const elsewhere = notation(
  (input, refuse) => {
    const hint = 'such as https://login.example.com';
    if (typeof input !== 'string' || !/^https?:\/\//.test(input))
      return refuse(`expected an address with http:// or https://, got ${named(input)}`, hint);
    if (input.includes('${')) return refuse('an address must be written out: it decides where requests may go', hint);
    return addressOf(input, refuse);
  },
  { type: 'string', pattern: '^https?://' },
);

/** `http://unix:/path/of/socket[:/base]` */
const unixTarget = (input: string, refuse: Refuse): string => {
  const [, path, base = ''] = /^https?:\/\/unix:(\/[^:]+)(?::(\/.*)?)?$/.exec(input) ?? [];
  const hint = 'such as http://unix:/run/app.sock, or http://unix:/run/app.sock:/api';
  if (path === undefined) return refuse(`expected the path of a unix socket, got ${named(input)}`, hint);
  if (/\p{Cc}/u.test(input) || /[^\x21-\x7e]|[?#]/.test(base))
    return refuse(`${quoted(input)} is not a valid address`, hint);
  const bytes = new TextEncoder().encode(path).length;
  if (bytes > longestSocketPath) {
    return refuse(`the path of a unix socket has at most ${longestSocketPath} bytes, this one has ${bytes}`);
  }
  return input.replace(/[/:]+$/, '');
};

const targetHint = 'such as https://api.example.com, http://localhost:8080 or builtin:store';

/** The name of a scenario or a step: one line that is safe in a terminal. */
export const label = notation(
  (input, refuse) => {
    if (typeof input !== 'string' || input.trim() === '') return refuse(`expected a name, got ${named(input)}`);
    if (input.length > 200) return refuse('a name has at most 200 characters');
    return /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/u.test(input)
      ? refuse('a name is one line without control characters')
      : input;
  },
  { type: 'string', minLength: 1, maxLength: 200 },
);

/** A gate, split into its pieces later; one line that is safe in a terminal. */
export const gateText = notation(
  (input, refuse) => {
    if (typeof input !== 'string' || input.trim() === '')
      return refuse(`expected a gate, got ${named(input)}`, 'such as p99(locked) < 50ms');
    if (input.length > 400) return refuse('a gate has at most 400 characters');
    return /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/u.test(input)
      ? refuse('a gate is one line without control characters')
      : input;
  },
  {
    type: 'string',
    minLength: 1,
    maxLength: 400,
    pattern: String.raw`^\s*([A-Za-z][\w.]*\s*(\(.+\)|[<>=]).*|generator\s*$)`,
  },
);

/** A header's value, a template. `null` removes a header that the scenario or the mode sets for all steps. */
export const headerValue = notation(
  (input, refuse) => {
    if (input === null) return null;
    if (typeof input === 'string') return input;
    if (typeof input === 'number' || typeof input === 'bigint' || typeof input === 'boolean') return String(input);
    return refuse(`expected text, got ${named(input)}`);
  },
  { type: ['string', 'number', 'boolean', 'null'] },
);

/** A path below the target, a template. */
export const path = notation(
  (input, refuse) => {
    if (typeof input !== 'string')
      return refuse(`expected a path, got ${named(input)}`, 'such as /products/${product}');
    if (input.startsWith('/') || input.startsWith('${')) return input;
    const hint = input.includes('://') ? '"target" holds the host; write what follows it' : `write "/${input}"`;
    return refuse('a path begins with "/"', hint);
  },
  { type: 'string', pattern: String.raw`^(/|\$\{)` },
);

/** How many tags a step may have. */
const mostTags = 20;

const tag = notation(
  (input, refuse) => {
    if (typeof input !== 'string') return refuse(`expected a tag, got ${named(input)}`, 'such as checkout');
    return /^[\p{L}\p{N}_][\p{L}\p{N}_.-]{0,99}$/u.test(input)
      ? input
      : refuse(
          `${quoted(input)} is not a tag`,
          'a tag is one word of letters, digits, "_", "-" and ".", such as checkout',
        );
  },
  { type: 'string', pattern: String.raw`^[^\s/():,]+$`, maxLength: 100 },
);

const several = z.array(tag).min(1).max(mostTags);
const lone = tag.transform((one) => [one]);

/** The tags of a step: a word, or a list of words, without duplicates. */
export const tags = branch<typeof lone | typeof several>([lone, several], (input, refuse) => {
  if (!isMap(input)) return Array.isArray(input) ? several : lone;
  const [first] = Object.entries(input);
  const value = typeof first?.[1] === 'string' ? first[1] : undefined;
  return refuse('expected a tag or a list of tags, got a map', `a tag is a word: tags: [${value ?? 'checkout'}]`);
}).transform((all) => [...new Set(all)]);
