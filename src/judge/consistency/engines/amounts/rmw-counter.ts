import { fail, type History, operations } from '../../../../core/history/history.ts';
import { balanceLedger } from './accounting.ts';
import type { Contradiction, Engine } from '../engine.ts';
import { ledgerOf } from './ledger.ts';
import type { Ledger } from './ledger.ts';
import { lostUpdates } from './lost-updates.ts';

const [readOf, casOf] = (['read', 'cas'] as const).map((f) => operations.indexOf(f)) as [number, number];

/**
 * Judges a number that clients read, change and write back: its final value against the changes ({@link balanceLedger}) and, if all changes
 * go one way, so that no value comes back, changes built on the same value ({@link lostUpdates}).
 *
 * Necessary conditions only; whether each change was made atomically is judged as for a register.
 */
export const rmwCounter: Engine = (history, rows, known) => {
  const ledger = ledgerOf(history, rows);
  const balance = balanceLedger(history, ledger, known);
  const [pair] = goesOneWay(ledger) ? lostUpdates(history, rows, known) : [];
  if (pair === undefined) return balance;
  const sums = balance.find(({ rule }) => rule === pair.rule);
  return [sums === undefined ? pair : together(pair, sums), ...balance.filter((one) => one !== sums)];
};

/** Whether every change adds, or every change takes away: then no value comes back. */
const goesOneWay = ({ account, amounts }: Ledger): boolean =>
  (account.least > 0 || account.most < 0) && amounts.every((amount) => amount !== 0);

/** Whether every change of the number says what it was built on, so that each is a compare-and-swap. */
export const isAllSwaps = ({ f, status, operand, value }: History, rows: Uint32Array): boolean =>
  rows.every((row) => {
    if (f[row] === readOf || status[row] === fail) return true;
    return f[row] === casOf && !Number.isNaN(operand[row]!) && !Number.isNaN(value[row]!);
  });

/** One finding from a pair of operations to look at and the sums that say how many there were. */
const together = (pair: Contradiction, sums: Contradiction): Contradiction => ({
  ...pair,
  because: [...pair.because, ...sums.because],
  atLeast: Math.max(pair.atLeast, sums.atLeast),
  atMost: sums.atMost === null ? null : Math.max(pair.atLeast, sums.atMost),
});
