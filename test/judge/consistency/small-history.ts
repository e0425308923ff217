import { operations, outcomes } from '../../../src/core/history/history.ts';
import type { History, OperationName, Outcome } from '../../../src/core/history/history.ts';

/** An operation, as a test writes it; what is left out was not said. */
export interface Row {
  readonly f: OperationName;
  readonly call: number;
  readonly ret: number;
  readonly status?: Outcome;
  readonly session?: number;
  readonly value?: number;
  readonly operand?: number;
  readonly version?: number;
}

/** The rows in columns, all of one key. An outcome that is unknown has no end. */
export const historyOf = (rows: readonly Row[]): History => {
  const numbers = (of: (row: Row) => number | undefined): Float64Array =>
    Float64Array.from(rows, (row) => of(row) ?? NaN);
  return {
    length: rows.length,
    key: new Uint32Array(rows.length),
    session: Uint32Array.from(rows, (row, i) => row.session ?? i),
    f: Uint8Array.from(rows, ({ f }) => operations.indexOf(f)),
    status: Uint8Array.from(rows, ({ status }) => outcomes.indexOf(status ?? 'ok')),
    call: numbers(({ call }) => call),
    ret: numbers(({ ret, status }) => (status === 'info' ? Infinity : ret)),
    value: numbers(({ value }) => value),
    operand: numbers(({ operand }) => operand),
    version: numbers(({ version }) => version),
    keys: ['k'],
    names: [],
  };
};

/** All rows of a history. */
export const allRows = (history: History): Uint32Array => Uint32Array.from({ length: history.length }, (_, i) => i);

/** Whole numbers from 0 to `limit` − 1, the same again for the same seed (mulberry32). */
export const dice = (seed: number): ((limit: number) => number) => {
  let state = seed;
  return (limit) => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return Math.floor((((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296) * limit);
  };
};
