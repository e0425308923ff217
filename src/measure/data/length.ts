import type { Json } from '../../core/json.ts';
import type { Draw } from './contract.ts';

/** How many to make, where a generator takes `3` or `2..5`: the first draw decides. */
export const lengthIn = (options: Json): ((draw: Draw) => number) => {
  const { from, to } = options as { readonly from: number; readonly to: number };
  return from === to ? () => from : (draw) => from + Math.floor(draw(0) * (to - from + 1));
};
