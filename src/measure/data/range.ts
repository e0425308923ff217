import type { MakeItems } from './contract.ts';

/** Whole numbers, both ends included. */
export const range: MakeItems = (options) => {
  const { from, to } = options as { readonly from: number; readonly to: number };
  return { size: to - from + 1, at: (index) => from + index };
};
