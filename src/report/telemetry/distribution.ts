import { Histogram } from '../../core/recording/histogram.ts';
import type { TimesResult } from '../../core/result/result.ts';
import { edgesSeconds, type Distribution } from './instrument.ts';

/**
 * The times of a result document in buckets.
 *
 * The counts come from the histogram, which keeps three digits of a time, so a time on an edge may be counted above it. The sum
 * is mean × count, and the mean of a document is rounded to 0.1 µs.
 */
export const distributionOf = ({ histogram, count, min, max, mean, clamped }: TimesResult): Distribution => {
  const sumUs = mean * count;
  const read = Histogram.from({ histogram, min, max, sum: sumUs, clamped });
  try {
    return {
      counts: read.countsBetween(edgesUs),
      count,
      sumSeconds: seconds(sumUs),
      minSeconds: seconds(min),
      maxSeconds: seconds(max),
    };
  } finally {
    read.free();
  }
};

/** Seconds from µs, without digits below the nanosecond, which would be rounding noise. */
const seconds = (us: number): number => Number((us / 1e6).toFixed(9));

const edgesUs = edgesSeconds.map((edge) => Math.round(edge * 1e6));
