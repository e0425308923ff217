import { type History, info } from '../../../../core/history/history.ts';
import type { Evidence } from '../../../../core/result/finding.ts';

/** Steps of one, and what is known of how many there had been: numbers are counted from the first operation on. */
export interface UnitSteps {
  /** Rows of the steps that were or may have been taken. */
  readonly steps: Uint32Array;
  /** Beside `steps`: the how manieth it was, as its answer or somebody else told; NaN: not known. */
  readonly told: Float64Array;
  /** Rows of what saw the count. */
  readonly readings: Uint32Array;
  /** Beside `readings`: the count that was seen, a whole number. */
  readonly counts: Float64Array;
  /** Rows that tell a bound of the count and no more: whoever was refused knows that too few were left, not how many. */
  readonly bounds?: CountBounds;
  /** The count when all had ended; NaN: unknown. */
  readonly final: number;
  /** There may never be more than so many. */
  readonly cap: number;
  /** Counts are right only up to the same amount, because nobody knows the first one: order is all that they tell. */
  readonly isRelative: boolean;
}

/** Rows that know the count to be no lower than a number, or no higher. */
export interface CountBounds {
  readonly rows: Uint32Array;
  /** Beside `rows`: a whole number. */
  readonly counts: Float64Array;
  readonly are: 'at least' | 'at most';
}

/** The place of the final read among rows. */
export const finalRow = -1;

/** A row that saw `count` where there were at least (or at most) `bound`, and how many rows are in that position. */
export interface Misfit {
  readonly row: number;
  readonly count: number;
  readonly bound: number;
  readonly rows: number;
  readonly why: Why;
  /** Clock-free: all steps there are, whenever they were taken, do not explain it. */
  readonly evidence: Evidence;
}

/** Where a bound comes from: the count that `row` saw (undefined: the one at the start) and `steps` on top of it. */
export interface Why {
  readonly row: number | undefined;
  readonly count: number;
  readonly steps: number;
  /** Rows of the first and the last of these steps, at most three. */
  readonly sample: readonly number[];
}

/** Two rows of which the first had ended when the second began, though the second must come before the first. */
export interface Backwards {
  readonly earlier: number;
  readonly later: number;
  readonly rows: number;
}

/** What cannot be, of each sort the first; all undefined if and only if some order of the steps explains all that was seen. */
export interface UnitVerdict {
  /** Two steps that were told the same number, and how many too many of these there are. */
  readonly twice: { readonly rows: readonly [number, number]; readonly extra: number } | undefined;
  readonly backwards: (Backwards & { readonly evidence: Evidence }) | undefined;
  readonly tooLow: Misfit | undefined;
  readonly tooHigh: Misfit | undefined;
  /** Where nobody knows the first count: two that saw counts which all steps together do not lead from one to the other. */
  readonly apart: readonly [lower: number, higher: number] | undefined;
  /** Steps that have surely been taken beyond the cap; undefined: none. */
  readonly beyondCap: BeyondCap | undefined;
}

/** How many steps beyond the cap, and why. */
export interface BeyondCap {
  readonly steps: number;
  /** Whether the steps that are known to be taken, or a count that was seen, say so by themselves; else the clock is needed. */
  readonly isClockFree: boolean;
  readonly why: Why;
}

/** All that saw a count, in columns: readings, steps that were told theirs, the final read. */
export interface Seen {
  /** As they were recorded; {@link finalRow} last. */
  readonly row: Int32Array;
  /** Twice the count, and one more where it was only read: a step comes before the reads of its number. */
  readonly rank: Float64Array;
  /** The count without the steps that were told theirs. */
  readonly plain: Float64Array;
  /** Beside them: 0: the very count; 1: at least so many; −1: at most. Undefined: all are 0. */
  readonly side: Int8Array | undefined;
}

/** When a row that saw a count began; the final read, after everything. */
export const callOf = ({ call }: History, row: number): number => (row === finalRow ? Infinity : call[row]!);

/** When it had ended; Infinity: unknown. */
export const retOf = ({ ret, status }: History, row: number): number =>
  row === finalRow || status[row] === info ? Infinity : ret[row]!;
