import type { Engine } from '../engine.ts';
import { type Holds, holdsOf } from './held.ts';
import { overlaps } from './overlaps.ts';

/**
 * Judges things that only one may have at a time, such as seats, by the name in `value`: two acknowledged holders without a release in
 * between. Exact if things are released by those who acquired them. Clock-free if neither was given back.
 *
 * Rule: `allocated-twice`.
 *
 * @param own the holds among the rows that it is given, if they are known already
 */
export const allocation =
  (own?: Holds): Engine =>
  (history, rows) =>
    overlaps(history, rows, own ?? holdsOf(history, rows, Infinity), Infinity, 'allocated-twice');
