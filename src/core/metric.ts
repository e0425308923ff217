/** The percentiles that are printed, by the name that they have in the result document. */
export const percentiles = { p50: 50, p90: 90, p95: 95, p99: 99, p999: 99.9 } as const;

/** A percentile's name in the result document. */
export type PercentileName = keyof typeof percentiles;

/** Exceedances that a printed percentile must have behind it: with fewer it is the noise of a handful of samples. */
const exceedancesToShow = 10;

/** How many samples it takes before a percentile is shown: p99 1,000, p99.9 10,000; p50 20. */
export const samplesToShow = (name: PercentileName): number =>
  Math.round(exceedancesToShow / (1 - percentiles[name] / 100));

/**
 * Whether failures may hide this percentile: those that are in no histogram could all lie beyond it, so it is known
 * only while they are fewer than its tail. Otherwise "> x" is all that can be said.
 *
 * @param counted samples in the histogram
 * @param missing failed and dropped iterations that are not in it
 */
export const isHidden = (name: PercentileName, counted: number, missing: number): boolean =>
  missing > 0 && missing >= (1 - percentiles[name] / 100) * (counted + missing);
