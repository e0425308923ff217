import type { ModeResult } from '../../core/result/result.ts';
import type { Limit } from '../../core/result/sweep.ts';

/** So much of a p99 spent waiting for a user, and it is they who are too few. */
const waitShare = 0.5;
/** A request that takes so many times what it takes under the lowest load is slowed down by the load. */
const slower = 1.5;
/** Without a slot of the lowest load: so many times the shortest. */
const slowerThanShortest = 2;

/**
 * Whose limit a slot has run into that the generator could bear: that of the users where arrivals wait for one of them for most of
 * their time although the target is as quick as ever; else the target's.
 *
 * @param lowest the same mode under the lowest load; undefined: that is this one
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
