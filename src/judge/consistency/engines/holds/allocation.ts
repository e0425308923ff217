import type { Engine } from '../engine.ts';
import { type Holds, holdsOf } from './held.ts';
import { overlaps } from './overlaps.ts';

/**
 * Judges things that one at a time may have, such as seats, by the name in `value`: two acknowledged holders without a
 * release in between. Exact where who releases is who acquired. Clock-free where neither gave it back.
 *
 * Rule: `allocated-twice`.
 *
 * @param own of the rows that it is given, where they are known already
 */
export const allocation =
  (own?: Holds): Engine =>
  (history, rows) =>
    overlaps(history, rows, own ?? holdsOf(history, rows, Infinity), Infinity, 'allocated-twice');
