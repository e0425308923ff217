import { named } from '../words.ts';
import { notation } from './notation.ts';

/** What is kept of an answer: an expression over it. */
export const capture = notation(
  (input, refuse) => (typeof input === 'string' ? input : refuse(`expected an expression, got ${named(input)}`)),
  { type: 'string', minLength: 1 },
);
