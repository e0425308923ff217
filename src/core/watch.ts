/**
 * How far a run is: it fills this in as it goes, and whoever shows progress looks at it when it likes.
 *
 * Plain fields and no callback: an iteration pays for it with one addition.
 */
export interface Watch {
  readonly modes: number;
  readonly rounds: number;
  slotsDone: number;
  slotsTotal: number;
  /** Of the slot that runs now. */
  mode: string;
  /** Of the slot that runs now; the first is 1. */
  round: number;
  phase: 'opening' | 'warming up' | 'measuring' | 'reading back';
  /** Iterations completed in the slot that runs now. */
  completed: number;
  /** By the run's clock. */
  slotStartedUs: number;
  /** 0: nobody knows. */
  slotExpectedUs: number;
}
