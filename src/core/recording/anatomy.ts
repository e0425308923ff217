import { largestUs } from './histogram.ts';

/** Buckets of response times: eight to the octave, so that a bucket is an eighth wide at most, from 1 µs to over an hour. */
export const anatomyBuckets = 256;

/** The bucket of a time in µs; what is over 1 h counts as 1 h. @cost two shifts, no logarithm */
export const anatomyBucketOf = (us: number): number => {
  if (us < 1) return 0;
  const whole = us > largestUs ? largestUs : us;
  const octave = 31 - Math.clz32(whole);
  const eighth = octave < 3 ? whole << (3 - octave) : whole >>> (octave - 3);
  return octave * 8 + (eighth & 7);
};
