import { placeInRound, type MakePick } from './pick.ts';

/** One item after the other, from the first again after the last. */
export const sequential: MakePick =
  (_options, { size }) =>
  (iteration) =>
    placeInRound(iteration) % size;
