import type { Slot } from '../core/slot.ts';
import type { Measured } from '../judge/run-result.ts';
import type { Round, Turn } from './schedule.ts';

/** What was measured so far, and what is known about what it was measured on. */
export type Walked = Omit<Measured, 'plan' | 'isStopped' | 'finished'>;

/**
 * What is measured, in which order, and what is concluded from it. The one loop of `run.ts` follows it, and asks it after every
 * round how to go on.
 */
export interface Course<Found> {
  /**
   * The next slots; `undefined` if the course is over.
   *
   * @param look gives what is found so far: as if the run were over, or as it goes on
   */
  next(look: (finished: boolean) => Found, slots: readonly Slot[]): Round | undefined;
  /** Whether going on would show nothing, so that the course is over. */
  isPointless(turn: Turn, slots: readonly Slot[]): boolean;
  /** What is found; undecided while it goes on. */
  found(walked: Walked, finished: boolean): Found;
}
