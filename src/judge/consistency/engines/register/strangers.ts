import { fail, ok, operations } from '../../../../core/history/history.ts';
import type { History } from '../../../../core/history/history.ts';
import type { Known } from '../engine.ts';
import type { Findings } from '../findings.ts';
import { deed, letters, valueWord } from '../words.ts';

/** A value that was seen although no operation that may have happened wrote it; `row` is the one that saw it, `null` for the last read. */
export interface Stranger {
  readonly row: number | null;
  readonly value: number;
}

const writing = (['write', 'cas'] as const).map((name) => operations.indexOf(name));

/**
 * Reports rows that saw a value that only a failed operation wrote (*aborted read*), or none at all (*phantom read*).
 *
 * @param first a row that saw or made a value that was there before all of these; if the initial value is unknown, it was that value or an
 * earlier one
 * @returns if the initial value is unknown, what it must have been: the value seen by the row that ended first; otherwise NaN
 */
export const judgeStrangers = (
  history: History,
  rows: Uint32Array,
  known: Known,
  strangers: readonly Stranger[],
  findings: Findings,
  first?: Stranger,
): number => {
  if (strangers.length === 0) return NaN;
  const failed = failedWrites(history, rows);
  const unwritten = strangers.filter(({ value }) => !failed.has(value));
  // If the initial value is unknown, it may well be one whose write was refused later.
  const initial = Number.isNaN(known.initial)
    ? (first ?? firstSeen(history, unwritten) ?? firstSeen(history, strangers))
    : undefined;
  const isInitial = (row: number | null, value: number): boolean =>
    first === undefined || first.row === null || row === null
      ? value === initial?.value
      : Object.is(history.version[row], history.version[first.row]);
  for (const { row, value } of strangers) {
    const writer = failed.get(value);
    if (initial !== undefined && isInitial(row, value)) continue;
    // The initial value is seen again under a later version.
    const isBack = value === known.initial;
    const before = isBack ? first : initial;
    if (writer !== undefined)
      findings.add('aborted-read', 'clock-free', true, () => abortedRead(history, row, value, writer, before, isBack));
    else findings.add('phantom-read', 'clock-free', true, () => phantomRead(history, rows, row, value, before, isBack));
  }
  return initial?.value ?? NaN;
};

const failedWrites = ({ f, status, value }: History, rows: Uint32Array): ReadonlyMap<number, number> => {
  const failed = new Map<number, number>();
  for (const row of rows) if (status[row] === fail && writing.includes(f[row]!)) failed.set(value[row]!, row);
  return failed;
};

const firstSeen = ({ ret }: History, strangers: readonly Stranger[]): Stranger | undefined => {
  let first: Stranger | undefined;
  const end = ({ row }: Stranger): number => (row === null ? Infinity : ret[row]!);
  for (const one of strangers) if (first === undefined || end(one) < end(first)) first = one;
  return first;
};

const seer = (history: History, letter: (row: number) => string, { row, value }: Stranger): string =>
  row === null ? `the last read found ${valueWord(history, value)}` : `${letter(row)} ${deed(history, row)}`;

const isOlder = 'the initial value had an older version, and a version is raised by a write';

const abortedRead = (
  history: History,
  row: number | null,
  value: number,
  writer: number,
  before: Stranger | undefined,
  isBack: boolean,
) => {
  const other = before?.row ?? undefined;
  const operations = [...new Set([writer, row ?? undefined, other].filter((one) => one !== undefined))];
  const letter = letters(operations);
  return {
    operations,
    because: [
      ...(before === undefined
        ? []
        : [
            `${seer(history, letter, before)}${isBack ? `: ${isOlder}` : ', so that this was there at first, and nothing else'}`,
          ]),
      `${letter(writer)} would have written ${valueWord(history, value)}, and was refused`,
      `${seer(history, letter, { row, value })}: either the target carried out what it had refused, or this answer does not mean that it refuses`,
    ],
  };
};

const phantomRead = (
  history: History,
  rows: Uint32Array,
  row: number | null,
  value: number,
  initial: Stranger | undefined,
  isBack: boolean,
) => {
  const other = initial?.row ?? (row === null ? lastWrite(history, rows) : undefined);
  const operations = [other, row ?? undefined].filter((one) => one !== undefined);
  const letter = letters(operations);
  const isWritten = initial !== undefined && initial.row !== null && writing.includes(history.f[initial.row]!);
  const beside =
    initial === undefined
      ? 'it was not the initial value either'
      : isBack
        ? isOlder
        : isWritten
          ? 'it was not the initial value either, which was there before that'
          : 'one of the two may have been the initial value, but not both';
  return {
    operations,
    because: [
      ...(initial === undefined
        ? []
        : [`${seer(history, letter, initial)}${isWritten || isBack ? '' : ', which nobody wrote'}`]),
      ...(initial === undefined && other !== undefined ? [`${letter(other)} ${deed(history, other)}`] : []),
      `${seer(history, letter, { row, value })}, which nobody wrote; ${beside}`,
    ],
  };
};

const lastWrite = ({ f, status, ret }: History, rows: Uint32Array): number | undefined => {
  let last: number | undefined;
  for (const row of rows)
    if (status[row] === ok && writing.includes(f[row]!) && (last === undefined || ret[row]! > ret[last]!)) last = row;
  return last;
};
