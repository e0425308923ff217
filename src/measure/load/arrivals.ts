import type { Micros } from '../../core/units.ts';
import type { User } from '../user.ts';

/** When a user's next iteration is due. */
export interface Arrivals {
  /**
   * Sets `user.iteration` and `user.measured` and gives the intended start; undefined: the slot is over for this user.
   * A promise only where the user must wait.
   */
  next(user: User): Micros | undefined | Promise<Micros | undefined>;
  /** Arrivals due inside the window that nobody took: more than may wait, or still waiting when it closed. 0 with a closed load. */
  readonly dropped: number;
  /** An iteration begins at the very moment that `next` gives, so that the clock need not be read again. */
  readonly beginsAtOnce: boolean;
  /** CPU time spent waiting for the next arrival, looking at the clock with nothing to do. 0 with a closed load. */
  readonly idleUs: number;
}

/** Warm-up iterations are numbered from here, so that how long a warm-up takes changes no value of a measured iteration. */
export const firstWarmupIteration = 2 ** 48;
