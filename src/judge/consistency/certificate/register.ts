import { fail, info, operations } from '../../../core/history/history.ts';
import type { History } from '../../../core/history/history.ts';
import type { Evidence } from '../../../core/result/finding.ts';
import type { Contradiction, Known } from '../engines/engine.ts';
import { hasOrder, type OrderRules } from './order.ts';

const writing = (['write', 'cas'] as const).map((f) => operations.indexOf(f));
/** In these findings the lack of a writer is the proof, so any other row that may have written the value has to be considered. */
const ofNobody = ['phantom-read', 'aborted-read'];

/**
 * Whether no order of a certificate's operations is one of a register's, by the evidence it names and no other. First tried with these
 * operations alone, whatever the initial value; then with all that wrote what they saw, and everything else that is known.
 */
export const isRegisterFinding = (
  history: History,
  known: Known,
  { rule, evidence, operations: rows }: Contradiction,
  byVersion: boolean,
): boolean => {
  const order = { before: beforeBy(history, evidence), byVersion };
  const isImpossible = (
    some: readonly number[],
    { initial, final }: Known,
    isFree?: (row: number) => boolean,
  ): boolean =>
    initials(history, some, initial, final).every(
      (one) =>
        hasOrder(history, some, { ...order, ...(isFree !== undefined && { isFree }), initial: one, final }) === false,
    );
  if (rows.length === 0 && Number.isNaN(known.final)) return false;
  if (Number.isNaN(known.initial)) {
    // The initial value may have been written once more.
    const whole = [...new Set([...rows, ...writersOf(history, rows, known.final)])];
    if (isImpossible(whole, known, (row) => !rows.includes(row))) return true;
  } else if (!ofNobody.includes(rule) && isImpossible(rows, { initial: NaN, final: NaN })) return true;
  return isImpossible(withWriters(history, rows, known.final), known);
};

/** What may have been there at first: the known value, or any value that was seen, even if a row wrote it too, or something else. */
const initials = (
  { value, operand }: History,
  rows: readonly number[],
  initial: number,
  final: number,
): readonly number[] => {
  if (!Number.isNaN(initial)) return [initial];
  const seen = [...rows.flatMap((row) => [value[row]!, operand[row]!]), final];
  return [...new Set(seen.filter((one) => !Number.isNaN(one))), somethingElse];
};

/** Stands for any other value: no operation uses a number this close to 0.1. */
const somethingElse = 0.1 + Number.EPSILON;

const beforeBy = ({ call, ret, status, session }: History, evidence: Evidence): OrderRules['before'] => {
  if (evidence === 'same-host') return (a, b) => status[a] !== info && ret[a]! < call[b]!;
  if (evidence === 'clock-free') return () => false;
  return (a, b) =>
    session[a] === session[b] && status[a] !== info && (call[a]! < call[b]! || (call[a] === call[b] && a < b));
};

/** The rows that may have written what the given rows saw, or what was there at the end. */
const writersOf = (history: History, rows: readonly number[], final: number): readonly number[] => {
  const { f, status, value, operand } = history;
  const seen = new Set(rows.map((row) => (writing.includes(f[row]!) ? operand[row]! : value[row]!)));
  seen.add(final);
  return Array.from(f.keys()).filter(
    (row) => writing.includes(f[row]!) && status[row] !== fail && seen.has(value[row]!),
  );
};

/** The rows, those that wrote what they saw, what those saw in turn, and so on back; and those that wrote what was there at the end. */
const withWriters = (history: History, rows: readonly number[], final: number): readonly number[] => {
  const { f, status, value, operand } = history;
  const all = new Set(rows);
  const values = new Set<number>();
  const see = (row: number): void => {
    const seen = writing.includes(f[row]!) ? operand[row]! : value[row]!;
    if (!Number.isNaN(seen)) values.add(seen);
  };
  for (const row of rows) see(row);
  if (!Number.isNaN(final)) values.add(final);
  for (let size = -1; size !== all.size;) {
    size = all.size;
    for (let row = 0; row < history.length; row++) {
      if (all.has(row) || !writing.includes(f[row]!) || status[row] === fail || !values.has(value[row]!)) continue;
      all.add(row);
      see(row);
    }
  }
  return [...all];
};
