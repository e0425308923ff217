import { balanceLedger } from './accounting.ts';
import { balanceOf } from './balance.ts';
import type { Contradiction, Engine, Known } from '../engine.ts';
import { ledgerOf, numberOf, type Ledger } from './ledger.ts';
import { judgeLevels } from './levels.ts';

/**
 * Judges a stock, of which `known.initial` pieces were there at first: never more may be granted than there are, and nobody
 * may be refused (a `take` that failed) while as many are left as were asked for. Exact where all that changes it are takes
 * of one size, or restocks of one size; otherwise bounds. A take that never reached the target is no refusal: leave it out
 * of the history.
 *
 * Rules besides those of a counter: `oversold`, in pieces, and `false-sold-out`. A take of unknown outcome is not counted
 * as granted, and may be what the last piece went to. What was oversold is reported first: that the stock then stands above what
 * the sums give is no more than that the target does not count below 0.
 */
export const stock: Engine = (history, rows, known) => {
  const ledger = ledgerOf(history, rows);
  const balance = balanceLedger(history, ledger, known, floorOf(known));
  const rest = balance.length === 0 && !isAboveSums(ledger, known) ? known : { ...known, final: NaN };
  const levels = judgeLevels(history, ledger, rest, true);
  const isOversold = ({ rule }: Contradiction): boolean => rule === 'oversold';
  return [...levels.filter(isOversold), ...balance, ...levels.filter((one) => !isOversold(one))];
};

/** Below what a stock may stand still: at 0, or at what it stood at already when it was below. */
export const floorOf = ({ initial }: Pick<Known, 'initial'>): number => Math.min(0, numberOf(initial));

/** Whether more was granted than there was, so that the final value is no number of changes away from the first. */
const isAboveSums = ({ account }: Ledger, known: Known): boolean =>
  balanceOf(account, numberOf(known.initial), numberOf(known.final), floorOf(known)).isFloored;
