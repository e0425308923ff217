import { fail, info, nothing, ok, operations } from '../../../../core/history/history.ts';
import type { History } from '../../../../core/history/history.ts';
import { noChanges, type Account } from './balance.ts';
import { doubles, words } from '../columns/scratch.ts';

/** What rows do to a number, and what they saw of it. */
export interface Ledger {
  /** Rows that changed it or may have. */
  readonly changes: Uint32Array;
  /** For each of `changes`: by how much, signed. */
  readonly amounts: Float64Array;
  /** For each of `changes`: the number after it, by its own answer; NaN if not said. */
  readonly told: Float64Array;
  /** Rows that read it. */
  readonly readings: Uint32Array;
  /** For each of `readings`: what it read. */
  readonly levels: Float64Array;
  /** Rows of takes that the target refused. */
  readonly refusals: Uint32Array;
  readonly account: Account;
}

const [readOf, addOf, takeOf, restockOf, casOf] = (['read', 'add', 'take', 'restock', 'cas'] as const).map((f) =>
  operations.indexOf(f),
) as [number, number, number, number, number];

/** A number as it counts: a counter that is not there is at 0. */
export const numberOf = (value: number): number => (value === nothing ? 0 : value);

/**
 * Sorts rows into changes of a number and reads of it. `add` and `restock` add their amount, `take` takes it away, 1 if it was not said; a
 * `cas` built on the value it read changes the number by the difference. A failed operation changed nothing.
 */
export const ledgerOf = (history: History, rows: Uint32Array): Ledger => {
  let reads = 0;
  for (const row of rows) if (history.f[row] === readOf) reads += 1;
  const rest = rows.length - reads;
  const [changes, amounts, told] = [words(rest), doubles(rest), doubles(rest)];
  const [readings, levels] = [words(reads), doubles(reads)];
  const refusals: number[] = [];
  const account = { ...noChanges, least: Infinity, most: -Infinity };
  let [changed, read] = [0, 0];
  for (const row of rows) {
    const [f, status, value] = [history.f[row]!, history.status[row]!, history.value[row]!];
    if (f === readOf) {
      if (status !== ok || Number.isNaN(value)) continue;
      readings[read] = row;
      levels[read] = numberOf(value);
      read += 1;
    } else if (status === fail) {
      if (f === takeOf) refusals.push(row);
    } else {
      const amount = amountOf(f, history.operand[row]!, value);
      if (Number.isNaN(amount)) continue;
      changes[changed] = row;
      amounts[changed] = amount;
      told[changed] = status === ok && f !== casOf ? numberOf(value) : NaN;
      changed += 1;
      account.least = Math.min(account.least, amount);
      account.most = Math.max(account.most, amount);
      if (status === info) {
        account.unknownCount += 1;
        if (amount < 0) account.unknownLess += amount;
        else account.unknownMore += amount;
      } else {
        account.acknowledgedCount += 1;
        account.acknowledged += amount;
      }
    }
  }
  return {
    changes: changes.subarray(0, changed),
    amounts: amounts.subarray(0, changed),
    told: told.subarray(0, changed),
    readings: readings.subarray(0, read),
    levels: levels.subarray(0, read),
    refusals: Uint32Array.from(refusals),
    account: changed === 0 ? noChanges : account,
  };
};

const amountOf = (f: number, operand: number, value: number): number => {
  const amount = Number.isNaN(operand) ? 1 : operand;
  if (f === addOf || f === restockOf) return amount;
  if (f === takeOf) return -amount;
  return f === casOf ? numberOf(value) - numberOf(operand) : NaN;
};

/** The first two and the last two of these rows: enough to show. */
export const sampleOf = (rows: Uint32Array): readonly number[] =>
  rows.length <= 4 ? [...rows] : [...rows.subarray(0, 2), ...rows.subarray(-2)];
