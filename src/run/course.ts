import type { Slot } from '../core/slot.ts';
import type { Measured } from '../judge/run-result.ts';
import type { Round, Turn } from './schedule.ts';

/** What was measured so far, and what is known of what it was measured on. */
export type Walked = Omit<Measured, 'plan' | 'isStopped' | 'finished'>;

/**
 * What is measured, in which order, and what is made of it: the one loop of `run.ts` walks along it, and asks it after every
 * round how to go on.
 */
export interface Course<Found> {
  /**
   * The slots that come next; undefined: it is over.
   *
   * @param look what is found so far, as if it were over, or as it goes on
   */
  next(look: (finished: boolean) => Found, slots: readonly Slot[]): Round | undefined;
  /** Whether measuring on would show nothing, so that it is over. */
  isPointless(turn: Turn, slots: readonly Slot[]): boolean;
  /** What is found; undecided where it goes on. */
  found(walked: Walked, finished: boolean): Found;
}
