import type { MakePick } from './pick.ts';

/** Each value equally often. */
export const uniform: MakePick =
  (_options, { size, random }) =>
  (iteration) =>
    Math.floor(random(iteration) * size);
