import type { Values } from '../../../core/history/about.ts';
import { type History, info, ok, operations } from '../../../core/history/history.ts';

const [putOf, takeOf] = (['put', 'take'] as const).map((f) => operations.indexOf(f)) as [number, number];

/**
 * Rows of values that were put into a queue and, as far as is known, not taken: they may be taken in a later slot. None if the final
 * content was read.
 */
export const leftOver = ({ length, f, status, value, key, keys }: History, final: Values): readonly number[] => {
  const left = new Map<string, number[]>();
  for (let row = 0; row < length; row++) {
    if (f[row] !== putOf || status[row] !== ok || Object.hasOwn(final, keys[key[row]!]!)) continue;
    const name = `${key[row]} ${value[row]}`;
    left.set(name, [...(left.get(name) ?? []), row]);
  }
  if (left.size > 0)
    for (let row = 0; row < length; row++)
      if (f[row] === takeOf && status[row] === ok) left.get(`${key[row]} ${value[row]}`)?.pop();
  return [...left.values()].flat();
};

/** The same rows, with an unknown outcome. */
export const asOpen = (history: History): History => ({
  ...history,
  status: history.status.map(() => info),
  ret: history.ret.map(() => Infinity),
});
