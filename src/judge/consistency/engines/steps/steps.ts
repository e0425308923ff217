import { type History, info } from '../../../../core/history/history.ts';
import type { Evidence } from '../../../../core/result/finding.ts';

/** Steps of one, and what is known of their number so far: counted from the first operation on. */
export interface UnitSteps {
  /** Rows of the steps that were or may have been taken. */
  readonly steps: Uint32Array;
  /** For each of `steps`: its ordinal number, as its answer or another row told; NaN if not known. */
  readonly told: Float64Array;
  /** Rows that saw the count. */
  readonly readings: Uint32Array;
  /** For each of `readings`: the count that was seen, a whole number. */
  readonly counts: Float64Array;
  /** Rows that tell only a bound of the count: a refused one knows that too few were left, not how many. */
  readonly bounds?: CountBounds;
  /** The count when all had ended; NaN if unknown. */
  readonly final: number;
  /** There may never be more steps than this. */
  readonly cap: number;
  /** The first count is unknown, so all counts may be off by the same amount: only their order counts. */
  readonly isRelative: boolean;
}

/** Rows that know the count to be at least, or at most, a number. */
export interface CountBounds {
  readonly rows: Uint32Array;
  /** For each of `rows`: a whole number. */
  readonly counts: Float64Array;
  readonly are: 'at least' | 'at most';
}

/** Stands for the final read among rows. */
export const finalRow = -1;

/** A row that saw `count` where there were at least (or at most) `bound`, and how many rows are in that position. */
export interface Misfit {
  readonly row: number;
  readonly count: number;
  readonly bound: number;
  readonly rows: number;
  readonly why: Why;
  /** Clock-free if all steps there are do not explain it, whenever they were taken. */
  readonly evidence: Evidence;
}

/** Where a bound comes from: the count that `row` saw (`undefined` for the one at the start) and `steps` on top of it. */
export interface Why {
  readonly row: number | undefined;
  readonly count: number;
  readonly steps: number;
  /** Rows of the first and the last of these steps, at most three. */
  readonly sample: readonly number[];
}

/** Two rows, the first of which had ended when the second began, although the second must come before it. */
export interface Backwards {
  readonly earlier: number;
  readonly later: number;
  readonly rows: number;
}

/** What cannot be, the first of each sort; all `undefined` if and only if some order of the steps explains all that was seen. */
export interface UnitVerdict {
  /** Two steps that were told the same number, and how many such steps are too many. */
  readonly twice: { readonly rows: readonly [number, number]; readonly extra: number } | undefined;
  readonly backwards: (Backwards & { readonly evidence: Evidence }) | undefined;
  readonly tooLow: Misfit | undefined;
  readonly tooHigh: Misfit | undefined;
  /** If the first count is unknown: two rows whose counts are further apart than all steps together lead. */
  readonly apart: readonly [lower: number, higher: number] | undefined;
  /** Steps that have surely been taken beyond the cap; `undefined` if none. */
  readonly beyondCap: BeyondCap | undefined;
}

/** How many steps beyond the cap, and why. */
export interface BeyondCap {
  readonly steps: number;
  /** Whether it follows from the steps known to be taken, or from a count that was seen, alone; otherwise it needs the clock. */
  readonly isClockFree: boolean;
  readonly why: Why;
}

/** Everything that saw a count, in columns: readings, steps that were told their number, the final read. */
export interface Seen {
  /** In the order of recording; {@link finalRow} last. */
  readonly row: Int32Array;
  /** Twice the count, plus one if it was only read: a step comes before the reads of its number. */
  readonly rank: Float64Array;
  /** The count without the steps that were told their number. */
  readonly plain: Float64Array;
  /** For each: 0 if it saw exactly this count, 1 if at least, −1 if at most. `undefined` if all are 0. */
  readonly side: Int8Array | undefined;
}

/** When a row that saw a count began; the final read begins after everything. */
export const callOf = ({ call }: History, row: number): number => (row === finalRow ? Infinity : call[row]!);

/** When it had ended; Infinity if unknown. */
export const retOf = ({ ret, status }: History, row: number): number =>
  row === finalRow || status[row] === info ? Infinity : ret[row]!;
