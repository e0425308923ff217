import { isHidden, missingOf, samplesToShow, type PercentileName } from '../../core/metric.ts';
import type { ModeResult, TimesResult } from '../../core/result/result.ts';
import { duration, nothing } from '../format.ts';

/** Whether there are enough response times to print this percentile. */
export const isShown = (mode: ModeResult, name: PercentileName): boolean =>
  mode.responseTimeUs.count >= samplesToShow(name);

/** Whether failed and dropped iterations may all lie beyond this percentile, so that only a bound is known. */
export const isBound = (mode: ModeResult, name: PercentileName): boolean =>
  isShown(mode, name) && isHidden(name, mode.responseTimeUs.count, missingOf(mode));

/**
 * A percentile of any times as it may be printed: the value, `> x` where those that have no time may all lie beyond it, or nothing
 * where they are too few.
 *
 * @param missing how many have no time
 */
export const boundedTime = (times: TimesResult, missing: number, name: PercentileName): string => {
  if (times.count < samplesToShow(name)) return nothing;
  return isHidden(name, times.count, missing) ? `> ${duration(times.max)}` : duration(times[name]);
};

/** A percentile of the response time as it may be printed: the value, `> x`, or nothing. */
export const percentile = (mode: ModeResult, name: PercentileName): string =>
  boundedTime(mode.responseTimeUs, missingOf(mode), name);
