import { balanceLedger } from './accounting.ts';
import { balanceOf } from './balance.ts';
import type { Contradiction, Engine, Known } from '../engine.ts';
import { ledgerOf, numberOf, type Ledger } from './ledger.ts';
import { judgeLevels } from './levels.ts';

/**
 * Judges a stock that had `known.initial` pieces at first: never may more be granted than there are, and no `take` may be refused while as
 * many are left as it asked for. Exact if all changes are takes of one size, or restocks of one size; otherwise bounds. A take that never
 * reached the target is no refusal: leave it out of the history.
 *
 * Rules besides those of a counter: `oversold`, in pieces, and `false-sold-out`. A take of unknown outcome does not count as granted, and
 * may be where the last piece went. `oversold` is reported first: if the stock then stands above the sums, that only means that the target
 * does not count below 0.
 */
export const stock: Engine = (history, rows, known) => {
  const ledger = ledgerOf(history, rows);
  const balance = balanceLedger(history, ledger, known, floorOf(known));
  const rest = balance.length === 0 && !isAboveSums(ledger, known) ? known : { ...known, final: NaN };
  const levels = judgeLevels(history, ledger, rest, true);
  const isOversold = ({ rule }: Contradiction): boolean => rule === 'oversold';
  return [...levels.filter(isOversold), ...balance, ...levels.filter((one) => !isOversold(one))];
};

/** Where a stock stops counting down: at 0, or at its initial value if that was already below. */
export const floorOf = ({ initial }: Pick<Known, 'initial'>): number => Math.min(0, numberOf(initial));

/** Whether more was granted than there was, so that no number of changes leads from the initial value to the final one. */
const isAboveSums = ({ account }: Ledger, known: Known): boolean =>
  balanceOf(account, numberOf(known.initial), numberOf(known.final), floorOf(known)).isFloored;
