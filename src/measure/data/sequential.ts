import { placeInRound, type MakePick } from './pick.ts';

/** One item after the other; after the last, from the first again. */
export const sequential: MakePick =
  (_options, { size }) =>
  (iteration) =>
    placeInRound(iteration) % size;
