import type { MakePick } from './pick.ts';

/**
 * The k-th value, counted from 1 at the low end, comes with a probability proportional to 1 / k^s: a few hot keys and a long
 * tail.
 *
 * By inversion: exact for any s > 0. Keeps 8 bytes per value.
 *
 * @cost log2(size) comparisons a pick
 */
export const zipf: MakePick = (options, { size, random }) => {
  const exponent = options as number;
  const upTo = new Float64Array(size);
  let sum = 0;
  for (let at = 0; at < size; at++) {
    sum += (at + 1) ** -exponent;
    upTo[at] = sum;
  }
  return (iteration) => {
    const wanted = random(iteration) * sum;
    let low = 0;
    let high = size - 1;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (upTo[middle]! > wanted) high = middle;
      else low = middle + 1;
    }
    return low;
  };
};
