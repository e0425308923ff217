import type { Mode } from '../../core/plan/plan.ts';
import type { Served } from '../../core/result/sweep.ts';
import type { Slot } from '../../core/slot.ts';
import { modeResult } from '../mode-result.ts';

/** Users whose iterations take this many times the shortest request are waiting for each other. */
const waiting = 2;

/**
 * What a target served to users going back to back; `undefined` if nothing completed.
 *
 * @param mode as it was measured in that slot
 */
export const servedIn = (mode: Mode, slot: Slot): Served | undefined => {
  const { throughputPerSecond, users, responseTimeUs, serviceTimeUs } = modeResult(mode, [slot], [], []);
  if (!(throughputPerSecond > 0)) return undefined;
  const { steps } = mode;
  const shortestUs = serviceTimeUs.min * Math.max(1, steps.length);
  return { perSecond: throughputPerSecond, users, isMost: responseTimeUs.p50 > waiting * shortestUs };
};
