import { info } from '../../../../core/history/history.ts';
import type { History } from '../../../../core/history/history.ts';
import { balanceOf } from './balance.ts';
import type { Contradiction, Known } from '../engine.ts';
import { numberOf, sampleOf } from './ledger.ts';
import type { Ledger } from './ledger.ts';
import { grouped, plural, range } from '../phrase.ts';

/**
 * Checks the final value against the initial one and all changes in between. Needs no clock; finds nothing if either value is unknown.
 * Exact for changes of one size, otherwise a necessary condition only.
 *
 * Rules: `lost-update` (less arrived than was acknowledged), `more-than-acknowledged` (more than was asked for) and `unexplained-change`
 * (no number of these changes gives it).
 *
 * @param floor as for {@link balanceOf}
 */
export const balanceLedger = (
  history: History,
  ledger: Ledger,
  known: Known,
  floor?: number,
): readonly Contradiction[] => {
  const [initial, final] = [numberOf(known.initial), numberOf(known.final)];
  if (Number.isNaN(initial) || Number.isNaN(final)) return [];
  const { account } = ledger;
  const { expected, outside, isFloored, isTooMuch, lost, extra } = balanceOf(account, initial, final, floor);
  const step = commonStep(ledger.amounts);
  const rest = isFloored ? 0 : step === 0 ? final - initial : (final - initial) % step;
  if (outside === 0 && !(Number.isInteger(rest) && rest !== 0)) return [];
  const changes = `${plural(account.acknowledgedCount, 'acknowledged change')} that add up to ${signed(account.acknowledged)}`;
  const unknown =
    account.unknownCount === 0 ? '' : `, and ${plural(account.unknownCount, 'change')} of unknown outcome`;
  const sums = `It was ${grouped(initial)}; ${changes}${unknown}: ${range(expected)} is expected, ${grouped(final)} is there.`;
  const shown = sampleOf(ledger.changes.filter((row) => isTooMuch || history.status[row] !== info));
  const base = { evidence: 'clock-free', operations: shown } as const;
  if (Number.isInteger(rest) && rest !== 0) {
    const reason =
      step === 0
        ? 'Nothing in this history changed it: a foreign write.'
        : `All changes are multiples of ${step}, and ${signed(final - initial)} is not: a foreign write, or one that was carried out in part.`;
    return [{ ...base, rule: 'unexplained-change', because: [sums, reason], atLeast: 1, atMost: null }];
  }
  if (isTooMuch) {
    const reason = 'More happened than was asked for: a foreign write, or requests that were applied twice.';
    return [{ ...base, rule: 'more-than-acknowledged', because: [sums, reason], ...extra }];
  }
  if (account.acknowledgedCount === 0) {
    const reason = 'Nothing acknowledged explains it: a foreign write.';
    return [{ ...base, rule: 'unexplained-change', because: [sums, reason], atLeast: 1, atMost: null }];
  }
  const oneWay = account.least >= 0 || account.most <= 0;
  const reason = `At least ${plural(lost.atLeast, 'acknowledged change')} left no trace${oneWay ? '' : ', or a foreign write undid them'}.`;
  return [{ ...base, rule: 'lost-update', because: [sums, reason], ...lost }];
};

const signed = (amount: number): string => (amount > 0 ? `+${grouped(amount)}` : grouped(amount));

/** The greatest number that all amounts are multiples of; 0 if they have none worth naming; NaN if they are not whole numbers. */
const commonStep = (amounts: Float64Array): number => {
  let step = 0;
  for (const amount of amounts) {
    if (step === 1) return 1;
    let [a, b] = [Math.abs(amount), step];
    if (!Number.isInteger(a)) return NaN;
    while (b !== 0) [a, b] = [b, a % b];
    step = a;
  }
  return step;
};
