import type { Choice, Choose, Judge } from './choice.ts';
import type { History } from '../../core/history/history.ts';
import type { Known } from './engines/engine.ts';
import { refusingRegisterMachine, registerMachine, withRefusals } from './engines/search/machine.ts';
import { during } from './engines/columns/scratch.ts';
import { promisedSessions, readsAgain } from './engines/register/promised-sessions.ts';
import { refusedSwaps, unjustified } from './engines/register/refusals.ts';
import { versionedMachine } from './engines/search/versioned-machine.ts';
import { register } from './engines/register/register.ts';
import { isAllSwaps, rmwCounter } from './engines/amounts/rmw-counter.ts';
import {
  areOneToOne,
  areOperandsOpen,
  versionsTold,
  withoutOperands,
  withValuesAsOperands,
  writtenValues,
} from './engines/register/told-versions.ts';
import { versionOrder } from './engines/register/version-order.ts';

const byVersions: Judge = { engine: versionOrder, subject: { is: 'versions' } };
const byValues: Judge = { engine: register, subject: { is: 'values' } };

/**
 * By versions if every answer told one that is a number; otherwise by values if each was written once; otherwise by a search.
 *
 * If answers tell versions, a compare-and-swap is built on a version, otherwise on a value.
 */
export const chooseRegister: Choose = (history, rows, known, terms) => {
  const choice =
    terms.isOfSessions === true ? ofSessions(history, rows) : chooseLinearizable(history, rows, known, terms);
  return terms.areRefusalsJustified === true ? withReasons(history, rows, known, choice) : choice;
};

const ofSessions = (history: History, rows: Uint32Array): Choice => ({
  judges: [{ engine: promisedSessions, subject: { is: 'session' } }],
  inexact: 'only the promise was judged: each session reads its own writes, and nothing older than before',
  shown: {
    pairs: during(() => readsAgain(history, rows)),
    none: 'no session has read again after something was changed',
  },
});

/** Refusals are judged by what was surely there; if values tell states apart, a search does the rest. */
const withReasons = (history: History, rows: Uint32Array, { initial }: Known, choice: Choice): Choice => {
  const refusals = refusedSwaps(history, rows).slice();
  if (refusals.length === 0 || choice.impossible !== undefined) return choice;
  const by = versionsTold(history, rows).any ? 'version' : 'value';
  const judges: readonly Judge[] = [...choice.judges, { engine: unjustified(by), subject: { is: 'refusals', by } }];
  const inexact = choice.inexact ?? 'refusals were judged by what was surely there';
  if (by === 'version') return { ...choice, judges, inexact };
  const search = {
    machine: refusingRegisterMachine,
    isRegister: true,
    isAll: choice.search?.isAll ?? false,
    history: withRefusals(history, refusals),
  };
  return { ...choice, judges, inexact, search, ...(Number.isNaN(initial) && { limit: unknownReason }) };
};

const unknownReason = 'what was there at first is not known, so a refusal may have had a reason that no answer shows';

const chooseLinearizable: Choose = (history, rows, known) => {
  const told = versionsTold(history, rows);
  if (!told.any) {
    if (!areOperandsOpen(history, rows, known)) return chooseByValues(history, rows, known);
    const shown = withoutOperands(history);
    return { ...chooseByValues(shown, rows, known, shown), limit: onWhat };
  }
  if (told.areOrdered && told.areAll) return { judges: [byVersions] };
  const seen = withValuesAsOperands(history, rows);
  const { areUnique, unsaid } = writtenValues(history, rows, known);
  if (!told.areOrdered) {
    if (seen === undefined) return { judges: [], impossible: unseen };
    const choice = chooseByValues(seen, rows, known, seen);
    return areUnique || areOneToOne(history, rows) ? choice : { ...choice, limit: several };
  }
  // What the known versions show to be wrong is wrong, but they may not show everything.
  const values = seen !== undefined && areUnique && unsaid === 0 ? [{ ...byValues, history: seen }] : [];
  const search = { machine: versionedMachine, isRegister: false, isAll: false };
  return { judges: [byVersions, ...values], inexact: 'not every version is known', search };
};

const unseen = 'a version that is not a number was seen with no value, or with two';
const several = 'a value was seen under several versions that are not numbers, and so have no order';
const onWhat =
  'no answer gave a version, so it is not known whether compare-and-swaps of unknown outcome were built on versions or on values';

/** Exact if each value was written once. Otherwise what the engine finds is true, and a search does the rest. */
const chooseByValues = (history: History, rows: Uint32Array, known: Parameters<Choose>[2], shown?: History): Choice => {
  const { unsaid, areUnique } = writtenValues(history, rows, known);
  if (unsaid > 0) return { judges: [], impossible: `${unsaid} writes do not say what they wrote` };
  const own = shown === undefined ? {} : { history: shown };
  const judges = [{ ...byValues, ...own }];
  const search = { machine: registerMachine, isRegister: true, isAll: true, ...own };
  // The initial value may be one that is also written later: then what the engine finds may not be true.
  if (areUnique) return Number.isNaN(known.initial) ? { judges, search } : { judges };
  return { judges, inexact: 'a value was written more than once', search };
};

/** By sums and pairs first; then as a register if every change says what it was built on, otherwise as `otherwise` says. */
export const chooseReadModifyWrite =
  (otherwise: Choose): Choose =>
  (history, rows, known, terms) => {
    const rest = isAllSwaps(history, rows)
      ? chooseByValues(history, rows, known)
      : otherwise(history, rows, known, terms);
    return { ...rest, judges: [{ engine: rmwCounter, subject: { is: 'amounts' } }, ...rest.judges] };
  };
