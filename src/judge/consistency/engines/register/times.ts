import { info } from '../../../../core/history/history.ts';
import type { History } from '../../../../core/history/history.ts';

/** Stands for a row: the write of the initial value, before everything. */
export const initialRow = -1;
/** Stands for a row: the read of the final value, after everything. */
export const lastRow = -2;
/** Stands for the absence of a row: it begins before and ends after every other. */
export const noRow = -3;

/** When the operation of a row, or of what stands for one, began and ended; in ns. */
export interface Times {
  readonly begin: (row: number) => number;
  readonly end: (row: number) => number;
}

/** The times of a history's rows; an operation of unknown outcome never ends. */
export const timesOf = ({ call, ret, status }: History): Times => ({
  begin: (row) => (row >= 0 ? call[row]! : row === lastRow ? Infinity : -Infinity),
  end: (row) => (row >= 0 ? (status[row] === info ? Infinity : ret[row]!) : row === initialRow ? -Infinity : Infinity),
});
