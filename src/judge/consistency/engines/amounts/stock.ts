import { balanceLedger } from './accounting.ts';
import type { Engine } from '../engine.ts';
import { ledgerOf } from './ledger.ts';
import { judgeLevels } from './levels.ts';

/**
 * Judges a stock, of which `known.initial` pieces were there at first: never more may be sold than there are, and nobody may
 * be refused (a `take` that failed) while as many are left as were asked for. Exact where all takes are of one size and
 * nothing is put back; otherwise bounds. A take that never reached the target is no refusal: leave it out of the history.
 *
 * Rules besides those of a counter: `oversold`, in pieces, and `false-sold-out`. A take of unknown outcome is not counted
 * as sold, and may be what the last piece went to.
 */
export const stock: Engine = (history, rows, known) => {
  const ledger = ledgerOf(history, rows);
  const balance = balanceLedger(history, ledger, known);
  const rest = balance.length === 0 ? known : { ...known, final: NaN };
  return [...balance, ...judgeLevels(history, ledger, rest, true)];
};
