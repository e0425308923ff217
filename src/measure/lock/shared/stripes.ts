/** The number of locks for all keys, where threads share them: a power of two. */
export const stripes = 65_536;

/**
 * Which lock a key has, the same in every thread: a whole number below `stripes` has its own, any other key gets one by its
 * hash (FNV-1a, 32 bits) and may share it with others.
 */
export const stripeOf = (key: string): number => {
  let hash = 0x81_1c_9d_c5;
  let number = 0;
  for (let at = 0; at < key.length; at++) {
    const code = key.charCodeAt(at);
    hash = Math.imul(hash ^ code, 0x01_00_01_93);
    number = code >= 48 && code <= 57 ? number * 10 + code - 48 : NaN;
  }
  return key !== '' && number < stripes ? number : (hash ^ (hash >>> 16)) & (stripes - 1);
};
