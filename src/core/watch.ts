import type { Plan } from './plan/plan.ts';

/**
 * How far a run is: it fills this in as it goes, and whoever shows progress looks at it when it likes.
 *
 * Plain fields and no callback: an iteration pays for it with one addition.
 */
export interface Watch {
  readonly modes: number;
  rounds: number;
  slotsDone: number;
  slotsTotal: number;
  /** Of the slot that runs now. */
  mode: string;
  /** Of the slot that runs now; the first is 1. */
  round: number;
  phase: 'opening' | 'warming up' | 'measuring';
  /** Iterations completed in the slot that runs now. */
  completed: number;
  /** By the run's clock. */
  slotStartedUs: number;
  /** 0: nobody knows. */
  slotExpectedUs: number;
}

/** A run that has not begun. */
export const newWatch = ({ modes, rounds }: Plan): Watch => ({
  modes: modes.length,
  rounds,
  slotsDone: 0,
  slotsTotal: modes.length * rounds,
  mode: modes[0].name,
  round: 1,
  phase: 'opening',
  completed: 0,
  slotStartedUs: 0,
  slotExpectedUs: 0,
});
