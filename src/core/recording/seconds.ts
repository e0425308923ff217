/** Buckets of a second's response times: two to the octave, from 1 µs to over an hour. */
export const secondBuckets = 64;

/** The bucket of a time in µs. @cost two shifts, no logarithm */
export const secondBucketOf = (us: number): number => {
  if (us < 1) return 0;
  const octave = 31 - Math.clz32(us);
  const half = octave === 0 ? 0 : (us >>> (octave - 1)) & 1;
  return Math.min(secondBuckets - 1, octave * 2 + half);
};

/** The smallest time of a bucket, in µs. */
export const secondBucketStartUs = (bucket: number): number =>
  2 ** Math.floor(bucket / 2) * (bucket % 2 === 1 ? 1.5 : 1);

/**
 * A percentile from bucket counts (nearest rank), as the middle of its bucket: right to about a fifth, for a chart.
 *
 * @returns µs; null where nothing was counted
 */
export const secondPercentileUs = (counts: readonly number[], percent: number): number | null => {
  const total = counts.reduce((sum, count) => sum + count, 0);
  if (total === 0) return null;
  let left = Math.max(1, Math.ceil((percent / 100) * total));
  const bucket = counts.findIndex((count) => (left -= count) <= 0);
  return Math.round((secondBucketStartUs(bucket) + secondBucketStartUs(bucket + 1)) / 2);
};
