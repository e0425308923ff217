import type { MakePick } from './pick.ts';

/** Each value equally often. */
export const uniform: MakePick = (size) => (random) => Math.floor(random * size);
