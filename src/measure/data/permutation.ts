import { random32 } from '../../core/random.ts';

/**
 * Where each of `size` places goes in a shuffled order: a permutation computed place by place and stored nowhere, so that
 * every thread has the same one.
 *
 * A Feistel network of four rounds over the next power of four; a place that lands outside the range goes through it again.
 *
 * @param size up to 2^32
 * @param key which permutation, 32 bits
 * @cost four rounds of hashing, and twice that on average where `size` is just above a power of four
 */
export const permuted = (place: number, size: number, key: number): number => {
  const half = Math.max(1, Math.ceil(Math.log2(size) / 2));
  const mask = 2 ** half - 1;
  let at = place;
  do {
    let left = Math.floor(at / 2 ** half);
    let right = at % 2 ** half;
    for (let round = 0; round < 4; round++) {
      const next = (left ^ random32(key, round, right)) & mask;
      left = right;
      right = next;
    }
    at = left * 2 ** half + right;
  } while (at >= size);
  return at;
};
