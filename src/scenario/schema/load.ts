import { z } from 'zod';
import { arrivalSyntax } from '../../measure/load/syntax.ts';
import { highestRate, parseRate, parseRates, parseUsers } from '../text/notation.ts';
import { named, quoted } from '../text/words.ts';
import { choice } from './choice.ts';
import { notation } from './notation.ts';
import { count, duration, span } from './values.ts';

/** The most users that a load may have. */
const mostUsers = 100_000;
const mostStages = 1000;

const ratePattern = String.raw`\d+(\.\d+)?(/(s|min|h))?`;
const rateHint = 'such as 2000/s, 120000/min or 30/h';
const rampHint = 'a ramp is a stage: see "stages"; contend sweep finds the highest rate of a range that holds';
const tooFast = `expected at most ${highestRate.toLocaleString('en')}/s`;

const rate = notation(
  (input, refuse) => {
    const perSecond = parseRate(input);
    if (perSecond === undefined) {
      const isRamp = parseRates(input) !== undefined;
      return refuse(`expected a rate, got ${named(input)}`, isRamp ? rampHint : rateHint);
    }
    if (perSecond > highestRate) return refuse(`${tooFast}, got ${quoted(String(input))}`);
    return perSecond === 0 ? refuse('expected a rate above 0') : perSecond;
  },
  {
    anyOf: [
      { type: 'number', exclusiveMinimum: 0, maximum: highestRate },
      { type: 'string', pattern: `^${ratePattern}$` },
    ],
  },
);

/** A rate, or a ramp between two. */
const rates = notation(
  (input, refuse) => {
    const ends = parseRates(input);
    if (ends === undefined) return refuse(`expected a rate, got ${named(input)}`, 'such as 500/s, or 500/s..5000/s');
    if (Math.max(...ends) > highestRate) return refuse(`${tooFast}, got ${quoted(String(input))}`);
    return Math.max(...ends) === 0 ? refuse('expected a rate above 0') : ends;
  },
  {
    anyOf: [
      { type: 'number', exclusiveMinimum: 0, maximum: highestRate },
      { type: 'string', pattern: String.raw`^${ratePattern}(\.\.${ratePattern})?$` },
    ],
  },
);

/** A number of users, or a ramp between two. */
const numbersOfUsers = notation(
  (input, refuse) => {
    const ends = parseUsers(input);
    if (ends === undefined) return refuse(`expected a number of users, got ${named(input)}`, 'such as 64, or 1..64');
    if (Math.max(...ends) > mostUsers) return refuse(`expected at most ${mostUsers.toLocaleString('en')} users`);
    return Math.max(...ends) === 0 ? refuse('expected at least one user') : ends;
  },
  {
    anyOf: [
      { type: 'integer', minimum: 1, maximum: mostUsers },
      { type: 'string', pattern: String.raw`^\d+\.\.\d+$` },
    ],
  },
);

const stage = z.strictObject({
  duration: duration(1).describe('how long this stage takes'),
  rate: rates
    .describe('open load: 500/s, or 500/s..5000/s, which changes evenly from the first to the second')
    .optional(),
  users: numbersOfUsers
    .describe('closed load: 64, or 1..64, which changes evenly from the first to the second')
    .optional(),
});

const queue = notation(
  (input, refuse) => {
    if (input === 'unlimited') return null;
    return typeof input === 'number' && Number.isSafeInteger(input) && input >= 0
      ? input
      : refuse(`expected a whole number from 0 or "unlimited", got ${named(input)}`);
  },
  { anyOf: [{ type: 'integer', minimum: 0 }, { const: 'unlimited' }] },
);

/** How much, and how long. `usually`: a default that depends on other keys, so that it cannot be filled in here. See `json-schema.ts`. */
export const load = z.strictObject({
  users: count(1, mostUsers)
    .describe(
      'virtual users: the most iterations in flight; default with a rate: those due in one second, at most 1000',
    )
    .optional()
    .meta({ usually: 50 }),
  duration: duration(1)
    .describe('measured time of each mode, cut into rounds of equal length')
    .optional()
    .meta({ usually: '10s' }),
  iterations: count(1, Number.MAX_SAFE_INTEGER)
    .describe('instead of a duration: iterations of each mode, divided over the rounds')
    .optional(),
  warmup: duration()
    .describe('load before each measured part; 0 with iterations')
    .optional()
    .meta({ usually: '200ms' }),
  drain: duration()
    .describe('how long requests in flight at the end may still take; default timeouts.request')
    .optional(),
  rate: rate
    .describe('makes it an open load: iterations due per second, whether or not the target keeps up: 2000/s')
    .optional(),
  arrival: choice('arrival', arrivalSyntax).describe('open load: how arrivals are spaced in time').prefault('even'),
  queue: queue
    .describe('open load: how many arrivals may wait for a free user; more are dropped and counted')
    .prefault('unlimited'),
  think: span.describe("closed load: pause between a user's iterations, 10ms or 10ms..50ms").prefault(0),
  stages: z
    .array(stage)
    .min(1)
    .max(mostStages)
    .describe('instead of a duration: parts one after the other, all of them in every slot, each with a rate or users')
    .optional(),
});
