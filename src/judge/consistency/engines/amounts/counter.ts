import { balanceLedger } from './accounting.ts';
import type { Engine } from '../engine.ts';
import { ledgerOf } from './ledger.ts';
import { judgeLevels } from './levels.ts';

/**
 * Judges a counter: first its final value against the changes ({@link balanceLedger}), then every number that was read or that a change
 * reported. Exact if all changes are of one size and the initial value is known; otherwise bounds.
 *
 * Rules besides those of the accounting: `stale-read` (changes that had ended were not seen), `read-ahead` (changes were seen that had not
 * begun), `went-backwards`, `told-twice`, `impossible-value`, `out-of-bounds`.
 */
export const counter: Engine = (history, rows, known) => {
  const ledger = ledgerOf(history, rows);
  const balance = balanceLedger(history, ledger, known);
  // A final value that is wrong in itself would make every read look wrong too.
  const rest = balance.length === 0 ? known : { ...known, final: NaN };
  return [...balance, ...judgeLevels(history, ledger, rest, false)];
};
