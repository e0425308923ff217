import type { MakePick } from './pick.ts';
import type { PickName } from './syntax.ts';
import { uniform } from './uniform.ts';
import { zipf } from './zipf.ts';

/** The picks, by the word of a range's `pick`. */
export const picks: { readonly [name in PickName]: MakePick } = { uniform, zipf };
