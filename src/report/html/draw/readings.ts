import { missingOf } from '../../../core/metric.ts';
import { recordedTimes, type RecordedTimes } from '../../../core/recording/histogram.ts';
import type { Series } from './series.ts';

/** The response times of a mode, as recorded in its histogram. */
export interface Reading {
  readonly series: Series;
  readonly times: RecordedTimes;
  /** The number of response times. */
  readonly count: number;
  /** The number of iterations without a response time, which may be longer than any of these. */
  readonly missing: number;
}

/** Each mode's histogram, read once for all figures; modes that completed nothing have none. */
export const readingsOf = (series: readonly Series[]): readonly Reading[] =>
  series
    .filter(({ mode }) => mode.responseTimeUs.count > 0)
    .map((one) => {
      const times = recordedTimes(one.mode.responseTimeUs.histogram);
      return { series: one, times, count: sum(times.counts), missing: Math.max(0, missingOf(one.mode)) };
    })
    .filter(({ count }) => count > 0);

const sum = (numbers: readonly number[]): number => numbers.reduce((total, number) => total + number, 0);

/**
 * The number of times in each column between the rising edges: one column more than edges. A time on an edge counts in the column
 * below it.
 */
export const countsBetween = ({ us, counts }: RecordedTimes, edges: readonly number[]): readonly number[] => {
  const columns = Array.from({ length: edges.length + 1 }, () => 0);
  let column = 0;
  us.forEach((value, at) => {
    while (column < edges.length && value > edges[column]!) column++;
    columns[column]! += counts[at]!;
  });
  return columns;
};
