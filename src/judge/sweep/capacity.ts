import type { Gate } from '../../core/plan/plan.ts';
import type { Capacity, CapacityResult, Served } from '../../core/result/sweep.ts';
import type { Slot } from '../../core/slot.ts';
import { limitsOf } from './probe.ts';

/**
 * What a search found for one mode.
 *
 * @param slots of that mode
 * @param served what its target was seen to serve before; absent if that was not measured
 */
export const capacityResult = (
  mode: string,
  gates: readonly Gate[],
  found: Capacity,
  slots: readonly Slot[],
  served?: Served,
): CapacityResult => {
  const upTo = found.keeps ?? Infinity;
  const judged = slots.filter(({ at = 0, consistency = [] }) => at <= upTo && consistency.length > 0);
  const exercised = judged.some(({ consistency = [] }) => consistency.some(({ coverage }) => coverage.overlapping > 0));
  return {
    mode,
    gates: limitsOf(gates, mode).map(({ text }) => text.trim()),
    ...found,
    exercised: judged.length === 0 ? null : exercised,
    ...(served === undefined ? {} : { served }),
  };
};
