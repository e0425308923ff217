import { firstName, nameOf, nothing, operations } from '../../../core/history/history.ts';
import type { History } from '../../../core/history/history.ts';

/** A value in words: the number, the JSON that it stands for, or `nothing`. */
export const valueWord = ({ names }: Pick<History, 'names'>, value: number): string => {
  if (value === nothing) return 'nothing';
  if (Number.isNaN(value)) return 'an unknown value';
  return names[nameOf(value)] ?? String(value);
};

/** Whether a value is a number and so has a place in their order; the numbers that stand for texts have none. */
export const isOrdinal = (value: number): boolean => value > firstName;

/** A span of time in words, to three digits: `3.1 ms`. */
export const spanWord = (ns: number): string => {
  if (ns < 1e3) return `${ns} ns`;
  if (ns < 1e6) return `${Number((ns / 1e3).toPrecision(3))} µs`;
  return ns < 1e9 ? `${Number((ns / 1e6).toPrecision(3))} ms` : `${Number((ns / 1e9).toPrecision(3))} s`;
};

/** What the operation of a row did, in words: `wrote 18`. */
export const deed = (history: History, row: number): string => {
  const value = valueWord(history, history.value[row]!);
  const operand = valueWord(history, history.operand[row]!);
  const version = history.version[row]!;
  const told = Number.isNaN(version) ? '' : ` (version ${valueWord(history, version)})`;
  const f = operations[history.f[row]!]!;
  switch (f) {
    case 'read':
      return `read ${value}${told}`;
    case 'write':
      return `wrote ${value}${told}`;
    case 'cas':
      return `replaced ${operand} by ${value}${told}`;
    default:
      return `did ${f} of ${value}${told}`;
  }
};

/** The letters of a certificate's rows: `A` for its first operation, and so on; numbers after `Z`. */
export const letters = (rows: readonly number[]): ((row: number) => string) => {
  const places = new Map(rows.map((row, at) => [row, at]));
  return (row) => {
    const at = places.get(row) ?? rows.length;
    return at < 26 ? String.fromCodePoint(65 + at) : `#${at + 1}`;
  };
};
