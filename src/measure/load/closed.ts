import type { Clock } from '../../core/clock.ts';
import type { Micros } from '../../core/units.ts';
import type { User } from '../iteration/user.ts';

/** When a user's next iteration is due. */
export interface Arrivals {
  /** Sets `user.iteration` and `user.measured` and gives the intended start; undefined: the slot is over for this user. */
  next(user: User): Micros | undefined;
}

/** Warm-up iterations are numbered from here, so that how long a warm-up takes changes no value of a measured iteration. */
export const firstWarmupIteration = 2 ** 48;

/** What a closed load is made of. Shard i of n owns the iterations i, i + n … of `iterations`. */
export interface ClosedOptions {
  readonly clock: Clock;
  readonly window: { readonly fromUs: number; readonly toUs: number };
  /** How many measured iterations this shard begins; Infinity: as many as fit into the window. */
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
  let measured = 0;
  let warmup = 0;
  return {
    next: (user) => {
      if (signal.aborted) return undefined;
      const nowUs = clock.now();
      if (nowUs >= window.toUs) return undefined;
      user.measured = nowUs >= window.fromUs;
      if (user.measured && measured >= iterations) return undefined;
      const number = shard.index + (user.measured ? measured++ : warmup++) * shard.count;
      user.iteration = (user.measured ? firstIteration : firstWarmupIteration) + number;
      return nowUs;
    },
  };
};
