import { z } from 'zod';
import type { Choice } from '../../core/json.ts';
import { named } from '../text/words.ts';
import { pattern } from './capture.ts';
import { choice } from './choice.ts';
import { branch, isMap, notation } from './notation.ts';
import { count, duration, range } from './values.ts';

const oneStatus = count(100, 599).transform((one) => [one]);
const listOfStatus = z.array(count(100, 599)).min(1);

/** A status, or a list of them. */
export const statuses = branch<typeof oneStatus | typeof listOfStatus>([oneStatus, listOfStatus], (input, refuse) => {
  if (typeof input === 'number') return oneStatus;
  return Array.isArray(input)
    ? listOfStatus
    : refuse(`expected a status or a list of them, got ${named(input)}`, 'such as 200, or [200, 204]');
});

const text = notation(
  (input, refuse) => {
    if (typeof input === 'string') return input;
    if (typeof input === 'number' || typeof input === 'bigint' || typeof input === 'boolean') return String(input);
    return refuse(`expected text, got ${named(input)}`);
  },
  { type: ['string', 'number', 'boolean'] },
);

const equalText = text.transform((options): Choice => ({ name: 'equals', options }));

const headerCheck = choice('check of a header', {
  equals: { summary: 'exactly this text, a template', options: text },
  contains: { summary: 'contains this text, a template', options: text },
  matches: { summary: 'matches this regular expression somewhere (RE2: no look-around)', options: pattern },
  present: { summary: 'whether it is present', options: z.boolean() },
});

const textCheck = choice('check of a text', {
  equals: { summary: 'exactly this text, a template', options: text },
  contains: { summary: 'contains this text, a template', options: text },
  matches: { summary: 'matches this regular expression somewhere (RE2: no look-around)', options: pattern },
});

const oneTextCheck = branch<z.ZodType<Choice>>([equalText, textCheck], (input) =>
  isMap(input) ? textCheck : equalText,
);
const severalTextChecks = z.array(oneTextCheck).min(1);
const oneOfThem = oneTextCheck.transform((one) => [one]);

/** A check of the body as text, or a list of them. */
const bodyText = branch<typeof oneOfThem | typeof severalTextChecks>([oneOfThem, severalTextChecks], (input) =>
  Array.isArray(input) ? severalTextChecks : oneOfThem,
);

const header = branch<z.ZodType<Choice>>([equalText, headerCheck], (input) => (isMap(input) ? headerCheck : equalText));

const bytes = notation(
  (input, refuse) => {
    const read = typeof input === 'number' ? { from: input, to: input } : range.safeParse(input).data;
    return read !== undefined && Number.isInteger(read.from) && read.from >= 0
      ? read
      : refuse(`expected a number of bytes or a range of them, got ${named(input)}`, 'such as 120, or 1..4096');
  },
  {
    anyOf: [
      { type: 'integer', minimum: 0 },
      { type: 'string', pattern: String.raw`^\d+\.\.\d+$` },
    ],
  },
);

const expression = notation(
  (input, refuse) => (typeof input === 'string' ? input : refuse(`expected an expression, got ${named(input)}`)),
  { type: 'string', minLength: 1 },
);

const oneExpression = expression.transform((one) => [one]);
const expressions = z.array(expression).min(1);

/** An expression that must be true, or a list of them. */
export const that = branch<typeof oneExpression | typeof expressions>([oneExpression, expressions], (input) =>
  Array.isArray(input) ? expressions : oneExpression,
);

/** What an answer must be. */
export const expectation = z.strictObject({
  status: statuses
    .describe('the status that the answer must have, or a list of them; default: any below 400')
    .optional(),
  within: duration(1)
    .describe('the longest that the answer may take, from the first byte sent to the last byte received: 200ms')
    .optional(),
  headers: z
    .record(z.string(), header)
    .describe(
      'header name to the value it must have, a template, or { contains: … }, { matches: … }, { present: false }',
    )
    .optional(),
  size: bytes.describe('bytes of the body: 120, or 1..4096').optional(),
  text: bodyText
    .describe('the body as text, such as HTML: { contains: Welcome }, { matches: "<title>Shop" }, or a list of them')
    .optional(),
  body: z
    .record(z.string(), z.unknown())
    .describe('path in a JSON body to the value it must have: { stock: 5, "items[0].id": "${id}" }')
    .optional(),
  that: that
    .describe(
      'an expression over body, header, status and variables that must be true, or a list of them: body.stock >= 0',
    )
    .optional(),
});
