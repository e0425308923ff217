import type { Clock } from '../../core/clock.ts';
import { shareOf } from '../../core/slot.ts';
import { firstWarmupIteration, type Arrivals } from './arrivals.ts';

/** What a closed load is made of. Shard i of n owns the iterations i, i + n … of `iterations`. */
export interface ClosedOptions {
  readonly clock: Clock;
  readonly window: { readonly fromUs: number; readonly toUs: number };
  /** How many measured iterations all shards together begin; Infinity: as many as fit into the window. */
  readonly iterations: number;
  readonly firstIteration: number;
  readonly shard: { readonly index: number; readonly count: number };
  readonly signal: AbortSignal;
}

/**
 * Closed load: a user begins its next iteration when the one before has ended, so the intended start is now.
 *
 * @cost one clock reading per iteration, no promise
 */
export const closed = ({ clock, window, iterations, firstIteration, shard, signal }: ClosedOptions): Arrivals => {
  const ofShard = shareOf(iterations, shard);
  let measured = 0;
  let warmup = 0;
  return {
    dropped: 0,
    next: (user) => {
      if (signal.aborted) return undefined;
      const nowUs = clock.now();
      if (nowUs >= window.toUs) return undefined;
      user.measured = nowUs >= window.fromUs;
      if (user.measured && measured >= ofShard) return undefined;
      const number = shard.index + (user.measured ? measured++ : warmup++) * shard.count;
      user.iteration = (user.measured ? firstIteration : firstWarmupIteration) + number;
      return nowUs;
    },
  };
};
