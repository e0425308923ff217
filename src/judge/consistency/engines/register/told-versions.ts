import { fail, info, ok, operations } from '../../../../core/history/history.ts';
import type { History } from '../../../../core/history/history.ts';
import { mayWrite } from './chains.ts';
import type { Known } from '../engine.ts';
import { during } from '../columns/scratch.ts';
import { ValueTable } from '../columns/value-table.ts';
import { isOrdinal } from '../words.ts';

const [read, write, cas] = (['read', 'write', 'cas'] as const).map((f) => operations.indexOf(f)) as [
  number,
  number,
  number,
];

/** What is known of the versions of one key's operations. */
export interface VersionsTold {
  /** Whether any answer told a version: the `operand` of a compare-and-swap is then a version. */
  readonly any: boolean;
  /** Whether all versions that were told are numbers, so that they have an order. */
  readonly areOrdered: boolean;
  /**
   * Whether nothing is left open: every answer told a version, no outcome is unknown, and every swap was built on a version that was seen.
   */
  readonly areAll: boolean;
}

/** Checks which versions the answers told. One or two passes over the rows. */
export const versionsTold = (history: History, rows: Uint32Array): VersionsTold => {
  const { f, status, version, operand } = history;
  let [any, areOrdered, isOpen, hasSwaps] = [false, true, false, false];
  const isNumber = (number: number): boolean => Number.isFinite(number) && isOrdinal(number);
  for (const row of rows) {
    if (status[row] === info) isOpen ||= f[row] !== read;
    if (status[row] !== ok) continue;
    if (Number.isNaN(version[row]!)) isOpen = true;
    else {
      any = true;
      if (!isNumber(version[row]!)) areOrdered = false;
    }
    if (f[row] !== cas) continue;
    hasSwaps = true;
    if (!isNumber(operand[row]!)) areOrdered = false;
  }
  if (!any || !areOrdered || isOpen || !hasSwaps) return { any, areOrdered: any && areOrdered, areAll: !isOpen };
  const areAll = during(() => {
    const seen = new ValueTable(rows.length);
    for (const row of rows) if (status[row] === ok) seen.add(version[row]!);
    return rows.every((row) => f[row] !== cas || status[row] !== ok || seen.find(operand[row]!) >= 0);
  });
  return { any, areOrdered, areAll };
};

/**
 * Whether it is unknown if compare-and-swaps are built on values or on versions, as no answer told a version, and whether it matters: each
 * of them has an unknown outcome, and what some would have written was seen.
 */
export const areOperandsOpen = ({ f, status, value }: History, rows: Uint32Array, { final }: Known): boolean => {
  const written = new Set<number>();
  for (const row of rows) {
    if (f[row] !== cas || status[row] === fail) continue;
    if (status[row] === ok) return false;
    written.add(value[row]!);
  }
  if (written.size === 0) return false;
  return (
    written.has(final) ||
    rows.some((row) => f[row] === read && status[row] === ok && !Number.isNaN(value[row]!) && written.has(value[row]!))
  );
};

/** The history without what its compare-and-swaps were built on. */
export const withoutOperands = (history: History): History => ({
  ...history,
  operand: new Float64Array(history.length).fill(NaN),
});

/**
 * The history with values in place of versions, such as ETags, as operands: each is the value that was seen under that version. `undefined`
 * if some version was seen with no value, or with several.
 *
 * @param rows of one key; the operands of others stay as they are
 */
export const withValuesAsOperands = (history: History, rows: Uint32Array): History | undefined => {
  const { f, status, version, value } = history;
  const byVersion = new Map<number, number>();
  for (const row of rows) {
    if (status[row] !== ok || Number.isNaN(version[row]!)) continue;
    const known = byVersion.get(version[row]!);
    if (Number.isNaN(value[row]!) || (known !== undefined && known !== value[row])) return undefined;
    byVersion.set(version[row]!, value[row]!);
  }
  const operand = history.operand.slice();
  for (const row of rows) {
    if (f[row] !== cas || status[row] === fail) continue;
    const seen = byVersion.get(operand[row]!);
    if (seen === undefined) return undefined;
    operand[row] = seen;
  }
  return { ...history, operand };
};

/** Whether no value was seen under two versions. */
export const areOneToOne = ({ status, version, value }: History, rows: Uint32Array): boolean => {
  const versions = new Map<number, number>();
  return rows.every((row) => {
    if (status[row] !== ok || Number.isNaN(version[row]!)) return true;
    const known = versions.get(value[row]!) ?? version[row]!;
    versions.set(value[row]!, known);
    return known === version[row];
  });
};

/** How a key's operations say what they write. */
export interface WrittenValues {
  /** Writes that may have happened and do not say what they wrote. */
  readonly unsaid: number;
  /** Whether no value was written twice, or written once and also there at the beginning. */
  readonly areUnique: boolean;
}

/** Checks the values that were or may have been written. */
export const writtenValues = (history: History, rows: Uint32Array, { initial }: Known): WrittenValues => {
  let written = Number.isNaN(initial) ? 0 : 1;
  let unsaid = 0;
  for (const row of rows) {
    if (mayWrite(history, row)) written++;
    else if ((history.f[row] === write || history.f[row] === cas) && history.status[row] !== fail) unsaid++;
  }
  const count = during(() => {
    const values = new ValueTable(written);
    if (!Number.isNaN(initial)) values.add(initial);
    for (const row of rows) if (mayWrite(history, row)) values.add(history.value[row]!);
    return values.count;
  });
  return { unsaid, areUnique: count === written };
};
