import { canonicalJson } from '../exact/write.ts';

/** A list whose order does not matter, in the order of its elements' JSON: the same for the same elements. */
export const inOrder = (list: readonly unknown[]): readonly unknown[] => {
  const texts = list.map((one) => [canonicalJson(one), one] as const);
  return texts.sort(([a], [b]) => (a < b ? -1 : Number(a > b))).map(([, one]) => one);
};
