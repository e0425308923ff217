import type { Engine } from './engine.ts';
import { overlaps } from './holds.ts';

/**
 * Judges things that one at a time may have, such as seats, by the name in `value`: two acknowledged holders without a
 * release in between. Exact where who releases is who acquired. Clock-free where neither gave it back.
 *
 * Rule: `allocated-twice`.
 */
export const allocation: Engine = (history, rows) => overlaps(history, rows, Infinity, 'allocated-twice');
