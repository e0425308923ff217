import { z } from 'zod';
import { durationPattern, longestUs, parseDuration, parseDurations } from '../../core/duration.ts';

const noOptions = z.strictObject({}).default({});

/** A value as `read` gives it; if that is `undefined`, it is refused with the hint. */
const read = <T>(reader: (input: unknown) => T | undefined, expected: string, hint: string) =>
  z.unknown().transform((input, context): T => {
    const value = reader(input);
    if (value !== undefined) return value;
    context.addIssue({ code: 'custom', message: `expected ${expected}`, params: { hint } });
    return z.NEVER;
  });

const key = read(
  (input) => (typeof input === 'string' && input.trim() !== '' ? input : undefined),
  'the key of the lock, a template',
  'such as "${product}"',
).meta({ type: 'string', minLength: 1 });

/** The most users that a load may have: more permits would let all of them in. */
const mostPermits = 100_000;

const leastTtlUs = 10_000;
const leastRetryUs = 1000;

const ttl = read(
  (input) => {
    const us = parseDuration(input);
    return us === undefined || us < leastTtlUs || us > longestUs ? undefined : us;
  },
  'a duration of at least 10ms, and a day at most',
  'such as 5s',
).meta({ type: 'string', pattern: `^${durationPattern}$` });

const retry = read(
  (input) => {
    const span = parseDurations(input);
    return span === undefined || span[0] < leastRetryUs || span[1] < span[0] || span[1] > longestUs ? undefined : span;
  },
  'two durations, from the shorter to the longer, of at least 1ms',
  'such as 2ms..50ms',
).meta({ type: 'string', pattern: String.raw`^${durationPattern}\.\.${durationPattern}$` });

const url = read(
  (input) => {
    if (typeof input !== 'string' || !/^rediss?:\/\/[\x21-\x7e]+$/.test(input) || !URL.canParse(input))
      return undefined;
    return new URL(input).hostname === '' ? undefined : input;
  },
  'the address of a Redis server',
  'such as redis://127.0.0.1:6379, or rediss://user:password@host:6380/0 over TLS',
).meta({ type: 'string', pattern: '^rediss?://' });

/**
 * The words of `lock:`, what each takes, and its summary for `--help` and the JSON Schema.
 *
 * A word without options may stand alone; `lock: { word: … }` gives it some.
 */
export const lockSyntax = {
  'none': { summary: 'nothing is held: lock-free', options: noOptions },
  'mutex': { summary: 'one lock over the critical section, first come first served', options: noOptions },
  'request-response': {
    summary: 'a request lock until the last answer is in, a response lock while it is processed',
    options: z
      .strictObject({
        nested: z.boolean().default(false).describe('keep the request lock while the response is processed, too'),
      })
      .prefault({}),
  },
  'keyed': {
    summary: 'one mutex for each key: keyed: "${product}"',
    options: key.transform((key) => ({ key })),
  },
  'read-write': {
    summary: 'shared by critical sections with only GET, HEAD and OPTIONS, exclusive for all others',
    options: z
      .strictObject({ key: key.describe('one such lock for each key, instead of one for all').optional() })
      .prefault({}),
  },
  'semaphore': {
    summary: 'at most this many inside: semaphore: 4',
    options: z
      .int()
      .min(1)
      .max(mostPermits)
      .transform((permits) => ({ permits })),
  },
  'redis': {
    summary: 'a lease in Redis, which also holds across machines; ${lock.token} is its fencing token',
    options: z
      .strictObject({
        url: url.describe('where the Redis server is').prefault('redis://127.0.0.1:6379'),
        key: key.describe('name of the lease in Redis, a template').prefault('contend:lock'),
        ttl: ttl.describe('how long the lease lasts unless it is renewed or given back').prefault('10s'),
        renew: z.boolean().describe('renew the lease in time while it is held').default(true),
        retry: retry
          .describe('pause before asking again for a lease that another user holds: grows from the first to the second')
          .prefault('2ms..50ms'),
      })
      .transform(({ ttl, retry, ...others }) => ({ ...others, ttlUs: ttl, retryUs: retry }))
      .prefault({}),
  },
} as const;

/** A word of `lock:`. */
export type LockName = keyof typeof lockSyntax;

/** The scenario's options once parsed, by the word of the lock. */
export type LockOptions = { readonly [name in LockName]: z.output<(typeof lockSyntax)[name]['options']> };
