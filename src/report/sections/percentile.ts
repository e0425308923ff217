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
 * A percentile of any times as it is printed: the value, `> x` if those without a time may all lie beyond it, or a dash if there
 * are too few times.
 *
 * @param missing the number without a time
 */
export const boundedTime = (times: TimesResult, missing: number, name: PercentileName): string => {
  if (times.count < samplesToShow(name)) return nothing;
  return isHidden(name, times.count, missing) ? `> ${duration(times.max)}` : duration(times[name]);
};

/** A percentile of the response time as it is printed: the value, `> x`, or a dash. */
export const percentile = (mode: ModeResult, name: PercentileName): string =>
  boundedTime(mode.responseTimeUs, missingOf(mode), name);
