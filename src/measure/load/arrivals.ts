import type { Micros } from '../../core/units.ts';
import type { User } from '../user.ts';

/** When a user's next iteration is due. */
export interface Arrivals {
  /**
   * Sets `user.iteration` and `user.measured` and gives the intended start; `undefined` if the slot is over for this user. A
   * promise only where the user must wait.
   */
  next(user: User): Micros | undefined | Promise<Micros | undefined>;
  /**
   * Arrivals due inside the window that no user took: the line was full, or they were still waiting when the window closed.
   * 0 with a closed load.
   */
  readonly dropped: number;
  /** An iteration begins exactly at the time that `next` gives, so the clock need not be read again. */
  readonly beginsAtOnce: boolean;
  /** CPU time spent checking the clock with nothing to do while waiting for the next arrival. 0 with a closed load. */
  readonly idleUs: number;
}

/** Warm-up iterations are numbered from here, so that the length of a warm-up changes no value of a measured iteration. */
export const firstWarmupIteration = 2 ** 48;
