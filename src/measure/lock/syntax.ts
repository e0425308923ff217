import { z } from 'zod';

const noOptions = z.strictObject({}).default({});

/**
 * The words of `lock:`, what each takes, and what it says of itself in `--help` and the JSON Schema.
 *
 * A word that has no options may stand alone; `lock: { word: … }` gives it some.
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
} as const;

/** A word of `lock:`. */
export type LockName = keyof typeof lockSyntax;
