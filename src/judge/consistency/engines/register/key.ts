import type { History } from '../../../../core/history/history.ts';
import { isAnsweredRead } from './chains.ts';
import type { Chains } from './chains.ts';
import { integers } from '../columns/scratch.ts';
import { initialRow, lastRow, noRow } from './times.ts';
import type { Times } from './times.ts';

/** For each value the reads that ended first and began last: rows, or {@link noRow}; {@link lastRow} for the last read. */
export interface Reads {
  readonly endedFirst: Int32Array;
  readonly beganLast: Int32Array;
}

/** All that is known about the values of one key. */
export interface Register {
  readonly history: History;
  readonly times: Times;
  readonly chains: Chains;
  readonly reads: Reads;
}

/** Finds the reads of each value in one pass over the rows. */
export const readsOf = (history: History, rows: Uint32Array, { values, final }: Chains, times: Times): Reads => {
  const endedFirst = integers(values.count).fill(noRow);
  const beganLast = integers(values.count).fill(noRow);
  for (const row of rows) {
    if (!isAnsweredRead(history, row)) continue;
    const value = values.find(history.value[row]!);
    if (value < 0) continue;
    if (times.end(row) < times.end(endedFirst[value]!)) endedFirst[value] = row;
    if (times.begin(row) > times.begin(beganLast[value]!)) beganLast[value] = row;
  }
  if (final >= 0) beganLast[final] = lastRow;
  return { endedFirst, beganLast };
};

/** The row that wrote a value, or {@link initialRow}. */
export const writerOf = ({ chains }: Register, value: number): number =>
  chains.writer[value]! < 0 ? initialRow : chains.writer[value]!;

/** When the first operation on a chain's values ended. */
export const firstEnd = (key: Register, head: number): number => {
  let first = Infinity;
  for (let value = head; value >= 0; value = key.chains.next[value]!)
    first = Math.min(first, key.times.end(writerOf(key, value)), key.times.end(key.reads.endedFirst[value]!));
  return first;
};

/** When the last operation on a chain's values began. */
export const lastBegin = (key: Register, head: number): number => {
  let last = -Infinity;
  for (let value = head; value >= 0; value = key.chains.next[value]!)
    last = Math.max(last, key.times.begin(writerOf(key, value)), key.times.begin(key.reads.beganLast[value]!));
  return last;
};
