import type { z } from 'zod';
import type { Capture } from '../../core/plan/plan.ts';
import { named } from '../text/words.ts';
import { choice } from './choice.ts';
import { branch, isMap, notation } from './notation.ts';

const longestPattern = 1000;

/** A regular expression in the notation of RE2. It is compiled later, where its place is known. */
export const pattern = notation(
  (input, refuse) => {
    if (typeof input !== 'string' || input === '') return refuse(`expected a pattern, got ${named(input)}`);
    return input.length > longestPattern ? refuse(`a pattern has at most ${longestPattern} characters`) : input;
  },
  { type: 'string', minLength: 1, maxLength: longestPattern },
);

const query = notation(
  (input, refuse) =>
    typeof input === 'string' && input.startsWith('$')
      ? input
      : refuse(`expected a JSONPath query, got ${named(input)}`, 'such as $.items[?(@.price > 10)].id'),
  { type: 'string', pattern: String.raw`^\$` },
);

const expression = notation(
  (input, refuse): Capture =>
    typeof input === 'string' ? input : refuse(`expected an expression, got ${named(input)}`),
  { type: 'string', minLength: 1 },
);

const otherWay = choice('way to capture', {
  text: {
    summary: 'a regular expression over the body as text (RE2: no look-around): its first group, or the whole match',
    options: pattern,
  },
  jsonpath: { summary: 'a JSONPath query over the body (RFC 9535): the first value that it finds', options: query },
});

/** What to keep from an answer: an expression over it, or a map with the word of another way to a value. */
export const capture = branch<z.ZodType<Capture>>([expression, otherWay], (input) =>
  isMap(input) ? otherWay : expression,
);
