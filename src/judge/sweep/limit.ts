import type { ModeResult } from '../../core/result/result.ts';
import type { Limit } from '../../core/result/sweep.ts';

/** If this share of a p99 was spent waiting for a user, there are too few users. */
const waitShare = 0.5;
/** A request that takes this many times as long as under the lowest load is slowed down by the load. */
const slower = 1.5;
/** Without a slot of the lowest load: this many times the shortest. */
const slowerThanShortest = 2;

/**
 * Whose limit a slot ran into when the generator itself coped: the users' if arrivals spent most of their time waiting for one although the
 * target is as quick as ever; otherwise the target's.
 *
 * @param lowest the same mode under the lowest load; `undefined` if this is that slot
 */
export const limitIn = (mode: ModeResult, lowest: ModeResult | undefined): Limit => {
  const { offered, iterations, queueWaitUs, responseTimeUs, serviceTimeUs, lockWaitUs } = mode;
  if (offered === null) return 'target';
  const isWaiting = iterations.dropped > 0 || queueWaitUs.p99 > waitShare * responseTimeUs.p99;
  // A target that takes longer under load keeps every user busy: that is its own limit. So is a queue for a lock.
  const usualUs = lowest === undefined ? slowerThanShortest * serviceTimeUs.min : slower * lowest.serviceTimeUs.p50;
  const isSlow = serviceTimeUs.p50 > usualUs || lockWaitUs.p50 > serviceTimeUs.p50;
  return isWaiting && !isSlow ? 'users' : 'target';
};
