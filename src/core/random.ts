/**
 * A number in [0, 1) that depends on nothing but its address: the seed, a stream and a place in it.
 *
 * Randomness addressed by number, never by call order, gives the same traffic over any number of threads.
 * Two rounds of the 32-bit mixer `lowbias32` (C. Wellons, hash-prospector: bias 0.17) over the three words.
 *
 * @param seed 32 bits, unsigned
 * @param stream which use: see {@link stream}
 * @param index place in the stream; whole, up to 2^53
 * @cost a few multiplications, no allocation: once per variable and iteration
 */
export const uniform = (seed: number, stream: number, index: number): number => random32(seed, stream, index) / 2 ** 32;

/** As {@link uniform}, the 32 bits themselves: a whole number from 0 up to, not including, 2^32. */
export const random32 = (seed: number, stream: number, index: number): number => {
  const low = mix(index ^ mix(stream ^ mix(seed)));
  return mix(low ^ Math.floor(index / 2 ** 32));
};

/** A stream's number from its name, so that two uses of one seed never share their randomness (FNV-1a, 32 bits). */
export const stream = (name: string): number => {
  let hash = 0x811c9dc5;
  for (let at = 0; at < name.length; at++) hash = Math.imul(hash ^ name.charCodeAt(at), 0x01000193);
  return hash >>> 0;
};

/** A permutation of `items` that depends on seed and stream alone (Fisher-Yates). */
export const shuffled = <T>(items: readonly T[], seed: number, ofStream: number): T[] => {
  const out = [...items];
  for (let at = out.length - 1; at > 0; at--) {
    const other = Math.floor(uniform(seed, ofStream, at) * (at + 1));
    [out[at], out[other]] = [out[other]!, out[at]!];
  }
  return out;
};

const mix = (word: number): number => {
  let x = (word ^ 0x9e3779b9) >>> 0;
  x = Math.imul(x ^ (x >>> 16), 0x7feb352d);
  x = Math.imul(x ^ (x >>> 15), 0x846ca68b);
  return (x ^ (x >>> 16)) >>> 0;
};
