import type { History } from '../../../../core/history/history.ts';
import { judgeByBounds } from './bounds.ts';
import type { Contradiction, Known } from '../engine.ts';
import { numberOf } from './ledger.ts';
import type { Ledger } from './ledger.ts';
import { doubles, during, picked } from '../columns/scratch.ts';
import { toContradictions } from '../steps/contradictions.ts';
import { judgeUnitSteps } from '../steps/schedule.ts';
import type { CountBounds } from '../steps/steps.ts';

/**
 * Checks every number that was seen against the changes. Exact if all changes are of one size and the initial value is known or follows
 * from the final one. With several sizes each number is checked against bounds; without an initial value only the order of the numbers is
 * judged.
 *
 * @param ledger unusable afterwards: its numbers are replaced in place by counts
 * @param isStock the number may not fall below 0, and a refusal says that fewer were left than were asked for
 */
export const judgeLevels = (
  history: History,
  ledger: Ledger,
  known: Known,
  isStock: boolean,
): readonly Contradiction[] => {
  const step = stepOf(ledger);
  const initial = initialOf(ledger, known);
  if (Number.isNaN(step)) return judgeByBounds(history, ledger, { initial, final: numberOf(known.final) }, isStock);
  const isKnown = !Number.isNaN(initial);
  const start = isKnown ? initial : (ledger.levels[0] ?? ledger.told.find((level) => !Number.isNaN(level)) ?? 0);
  // What was not said stays NaN.
  const countsOf = (levels: Float64Array): Float64Array => {
    for (let i = 0; i < levels.length; i += 1) levels[i] = (levels[i]! - start) / step;
    return levels;
  };
  const [counts, told] = [countsOf(ledger.levels), countsOf(ledger.told)];
  const isStrange = (count: number): boolean => !Number.isNaN(count) && !Number.isInteger(count);
  const strange = during(() => [
    ...picked(ledger.readings, (_, i) => isStrange(counts[i]!)),
    ...picked(ledger.changes, (_, i) => isStrange(told[i]!)),
  ]);
  const isFine = strange.length === 0;
  const cap = isStock && isKnown && step < 0 ? Math.max(0, Math.floor(start / -step)) : Infinity;
  const refusals = isStock && isKnown ? ledger.refusals : new Uint32Array();
  const final = (numberOf(known.final) - start) / step;
  const verdict = judgeUnitSteps(history, {
    steps: ledger.changes,
    told: isFine ? told : told.map((count) => (isStrange(count) ? NaN : count)),
    readings: isFine ? ledger.readings : ledger.readings.filter((_, i) => !isStrange(counts[i]!)),
    counts: isFine ? counts : counts.filter((count) => !isStrange(count)),
    ...(refusals.length > 0 && { bounds: boundsOf(history, refusals, start, step) }),
    final: isKnown && !isStrange(final) ? final : NaN,
    cap,
    isRelative: !isKnown,
  });
  return toContradictions(history, verdict, {
    levelOf: (count) => start + step * count,
    steps: ledger.changes,
    refusals: new Set(refusals),
    strange,
    step,
  });
};

/** What refusals say: fewer were left than each had asked for. */
const boundsOf = (history: History, rows: Uint32Array, start: number, step: number): CountBounds => {
  const counts = doubles(rows.length);
  for (let i = 0; i < rows.length; i += 1) {
    const asked = history.operand[rows[i]!]!;
    const wanted = Number.isNaN(asked) ? 1 : asked;
    counts[i] = step < 0 ? Math.floor((start - wanted) / -step) + 1 : Math.ceil((wanted - start) / step) - 1;
  }
  return { rows, counts, are: step < 0 ? 'at least' : 'at most' };
};

/** The size of every change; NaN if sizes differ. If there are no changes, refusals mean that the steps would be takes. */
const stepOf = ({ amounts, refusals }: Ledger): number => {
  const first = amounts[0] ?? (refusals.length > 0 ? -1 : 1);
  return first !== 0 && amounts.every((amount) => amount === first) ? first : NaN;
};

/** The initial value; if it was not read, computed from the final one, provided that the outcome of every change is known. */
const initialOf = ({ account }: Ledger, { initial, final }: Known): number =>
  Number.isNaN(initial) && account.unknownCount === 0 ? numberOf(final) - account.acknowledged : numberOf(initial);

/** Whether {@link judgeLevels} is exact for these rows, so that finding nothing means that all is right. */
export const areLevelsExact = (ledger: Ledger, known: Known): boolean =>
  !Number.isNaN(stepOf(ledger)) && !Number.isNaN(initialOf(ledger, known));
