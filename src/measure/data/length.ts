import type { Json } from '../../core/json.ts';
import type { Draw } from './contract.ts';

/** How many, where a generator is told `3` or `2..5`: drawn first. */
export const lengthIn = (options: Json): ((draw: Draw) => number) => {
  const { from, to } = options as { readonly from: number; readonly to: number };
  return from === to ? () => from : (draw) => from + Math.floor(draw(0) * (to - from + 1));
};
