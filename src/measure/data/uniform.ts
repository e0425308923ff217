import type { MakePick } from './pick.ts';

/** Every item equally often. */
export const uniform: MakePick =
  (_options, { size, random }) =>
  (iteration) =>
    Math.floor(random(iteration) * size);
