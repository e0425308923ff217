import { Histogram } from '../core/recording/histogram.ts';
import type { StepRecording, Times } from '../core/recording/recording.ts';
import type { SlotTimes, TimesResult } from '../core/result/result.ts';

/** A serialized histogram in readable form. */
export const timesResult = (times: Times): TimesResult => {
  const histogram = Histogram.from(times);
  const result: TimesResult = {
    count: histogram.count,
    min: histogram.min,
    mean: round(histogram.mean),
    p50: histogram.percentile(50),
    p90: histogram.percentile(90),
    p95: histogram.percentile(95),
    p99: histogram.percentile(99),
    p999: histogram.percentile(99.9),
    max: histogram.max,
    clamped: histogram.clamped,
    histogram: times.histogram,
  };
  histogram.free();
  return result;
};

/** A slot's percentiles. @param missing how many have no time */
export const slotTimes = ({ count, p50, p90, p95, p99, p999 }: TimesResult, missing: number): SlotTimes => ({
  count,
  missing,
  p50,
  p90,
  p95,
  p99,
  p999,
});

/** A request that timed out has no service time: that is at least as long as its limit. */
export const unanswered = ({ byError }: StepRecording): number => sum(Object.values(byError));

/** How many requests of a step were answered or failed. */
export const requestsIn = ({ byStatus, byError }: StepRecording): number =>
  [...Object.values(byStatus), ...Object.values(byError)].reduce((sum, count) => sum + count, 0);

/** Rounds to 0.1. */
export const round = (number: number): number => Math.round(number * 10) / 10;

/** The sum of some counts; 0 for none. */
export const sum = (counts: readonly number[]): number => counts.reduce((total, count) => total + count, 0);
