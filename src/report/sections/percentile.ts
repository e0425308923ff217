import { isHidden, missingOf, samplesToShow, type PercentileName } from '../../core/metric.ts';
import type { ModeResult } from '../../core/result/result.ts';
import { duration, nothing } from '../format.ts';

/** Whether there are enough response times to print this percentile. */
export const isShown = (mode: ModeResult, name: PercentileName): boolean =>
  mode.responseTimeUs.count >= samplesToShow(name);

/** Whether failed and dropped iterations may all lie beyond this percentile, so that only a bound is known. */
export const isBound = (mode: ModeResult, name: PercentileName): boolean =>
  isShown(mode, name) && isHidden(name, mode.responseTimeUs.count, missingOf(mode));

/** A percentile of the response time as it may be printed: the value, `> x`, or nothing. */
export const percentile = (mode: ModeResult, name: PercentileName): string => {
  if (!isShown(mode, name)) return nothing;
  if (isBound(mode, name)) return `> ${duration(mode.responseTimeUs.max)}`;
  return duration(mode.responseTimeUs[name]);
};
