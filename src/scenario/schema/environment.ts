import { z } from 'zod';
import { named, quoted } from '../text/words.ts';
import { branch, notation } from './notation.ts';

const pattern = /^[A-Za-z_][A-Za-z0-9_]*$/;

const name = notation(
  (input, refuse) => {
    if (typeof input !== 'string') return refuse(`expected the name of a variable, got ${named(input)}`);
    const hint = 'a letter or "_", then letters, digits and "_": API_TOKEN';
    return pattern.test(input) ? input : refuse(`${quoted(input)} cannot name a variable of the environment`, hint);
  },
  { type: 'string', pattern: pattern.source },
);

const fallback = notation(
  (input, refuse) => {
    if (input === null || typeof input === 'string') return input;
    if (typeof input === 'number' || typeof input === 'bigint' || typeof input === 'boolean') return String(input);
    return refuse(
      `expected text, got ${named(input)}`,
      'the value if the environment has none; null: it must have one',
    );
  },
  { type: ['string', 'number', 'boolean', 'null'] },
);

const names = z.array(name).max(100);

/** What a scenario may read from the environment: names, or names with default values. */
export const environment = branch<typeof names | z.ZodRecord<z.ZodString, typeof fallback>>(
  [names, z.record(z.string(), fallback)],
  (input) => (Array.isArray(input) ? names : z.record(z.string(), fallback)),
  {
    anyOf: [
      { type: 'array', items: { type: 'string', pattern: pattern.source }, maxItems: 100 },
      {
        type: 'object',
        propertyNames: { pattern: pattern.source },
        additionalProperties: { type: ['string', 'number', 'boolean', 'null'] },
      },
    ],
  },
);

/** Names that hold secrets. */
export const secretNames = names;

/** Whether a key can name a variable of the environment. */
export const isVariableName = (key: string): boolean => pattern.test(key);
