import { operations, ok } from '../../../core/history/history.ts';
import type { History } from '../../../core/history/history.ts';
import type { Contradiction } from '../engines/engine.ts';
import type { Amounts } from './amounts.ts';

const casOf = operations.indexOf('cas');

/** Whether the final value is not what the changes add up to, and no more is claimed than follows from that. */
export const isSumFinding = (
  history: History,
  amounts: Amounts,
  { rule, operations: rows, atLeast }: Contradiction,
): boolean => {
  const outside = outsideOf(amounts);
  const largest = amounts.changes.reduce((most, { amount }) => Math.max(most, Math.abs(amount)), 0);
  const bySums = outside === 0 || largest === 0 ? 0 : Math.ceil(Math.abs(outside) / largest);
  switch (rule) {
    case 'lost-update': {
      const byPairs = isPair(history, amounts, rows) ? pairsOf(history) : 0;
      return atLeast >= 1 && atLeast <= Math.max(byPairs, bySums);
    }
    case 'more-than-acknowledged':
      return outside * amounts.way > 0 || (amounts.changes.length === 0 && outside !== 0);
    case 'unexplained-change':
      return outside !== 0 || isNoMultiple(amounts);
    default:
      return false;
  }
};

/** How far the final value is outside the range it may be in; 0 if it is inside, or if that is unknown. */
const outsideOf = ({ initial, final, changes, floor }: Amounts): number => {
  if (Number.isNaN(initial) || Number.isNaN(final)) return 0;
  let [least, most] = [initial, initial];
  for (const { amount, isSure } of changes) {
    if (isSure || amount < 0) least += amount;
    if (isSure || amount > 0) most += amount;
  }
  // When oversold, the target shows zero and no less.
  const shown = Math.max(most, floor);
  return final < least ? final - least : final > shown ? final - shown : 0;
};

/** The amounts are whole multiples of a number that does not divide the difference. */
const isNoMultiple = ({ initial, final, changes }: Amounts): boolean => {
  const divisor = changes.reduce((common, { amount }) => gcd(common, Math.abs(amount)), 0);
  const rest = divisor === 0 ? final - initial : (final - initial) % divisor;
  return Number.isInteger(rest) && rest !== 0;
};

const gcd = (a: number, b: number): number => (b === 0 ? a : gcd(b, a % b));

/** Two acknowledged changes that were built on one value, where no value comes back. */
const isPair = ({ f, status, operand }: History, { changes, way }: Amounts, rows: readonly number[]): boolean => {
  const [a, b] = rows;
  return (
    a !== undefined &&
    b !== undefined &&
    a !== b &&
    [a, b].every((row) => f[row] === casOf && status[row] === ok) &&
    operand[a] === operand[b] &&
    way !== 0 &&
    changes.every(({ amount }) => amount !== 0)
  );
};

/** How many changes were built on a value that another one had already been built on. */
const pairsOf = ({ f, status, operand }: History): number => {
  const swaps = operand.filter((one, row) => f[row] === casOf && status[row] === ok && !Number.isNaN(one)).sort();
  return swaps.filter((one, at) => at > 0 && one === swaps[at - 1]).length;
};
