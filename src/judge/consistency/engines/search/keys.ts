import type { Clock } from '../../../../core/clock.ts';
import { type Columns, columnsOf, columnTypes } from '../../../../core/history/columns.ts';
import { absent, fail, type History, info, ok, operations } from '../../../../core/history/history.ts';
import { isDeadEnd } from './confirm-order.ts';
import type { Contradiction } from '../engine.ts';
import { type Machine, TooManyStates } from './machine.ts';
import { search, type SearchLimits } from './search.ts';
import { type Dead, shrink } from './shrink.ts';
import { indexes } from '../columns/sorted.ts';
import { letters as lettersOf, valueWord } from '../words.ts';

/** What to search for one key. */
export interface SearchedKey {
  readonly key: number;
  /** How many operations it has. */
  readonly length: number;
  /** The history of the key alone; made when its turn comes. */
  readonly history: () => History;
  /** What a read after everything found; NaN if unknown. */
  readonly final: number;
  readonly machine: (history: History) => Machine;
  /** Whether operations name values, as in a register: a contradiction is then made smaller by leaving out values. */
  readonly isRegister: boolean;
}

/** What a search says of one key. */
export type KeyAnswer =
  | { readonly is: 'consistent' }
  | { readonly is: 'violated'; readonly finding: Contradiction }
  | { readonly is: 'unknown'; readonly because: string };

/** How much a search over all keys may take. */
export interface SearchBudget {
  readonly clock: Clock;
  /** For all keys together, in µs of `clock`. */
  readonly budgetUs: number;
  /** For one key at a time. */
  readonly mostBytes: number;
}

const roundsUs = [50_000, 500_000, 5_000_000, Infinity];
const shrinkUs = 1_000_000;

/**
 * Searches all keys, in rounds of 50 ms, 500 ms, 5 s and the remaining time for each, those with the fewest operations first: a cheap
 * answer does not have to wait for an expensive one.
 */
export const searchKeys = (
  keys: readonly SearchedKey[],
  { clock, budgetUs, mostBytes }: SearchBudget,
): Map<number, KeyAnswer> => {
  const endUs = clock.now() + budgetUs;
  const answers = new Map<number, KeyAnswer>();
  let open = keys.toSorted((a, b) => a.length - b.length || a.key - b.key);
  for (const roundUs of roundsUs) {
    const later: SearchedKey[] = [];
    for (const [at, one] of open.entries()) {
      const startUs = clock.now();
      const share = roundUs === Infinity ? (endUs - startUs) / (open.length - at) : roundUs;
      const found =
        startUs >= endUs ? outOfTime : triedOn(one, { clock, mostBytes, untilUs: Math.min(endUs, startUs + share) });
      if (found.is !== 'given up') answers.set(one.key, found);
      else {
        answers.set(one.key, { is: 'unknown', because: gaveUp(found, one.length, mostBytes) });
        // More time makes no more room.
        if (found.because === 'time') later.push(one);
      }
    }
    open = later;
  }
  return answers;
};

interface GivenUp {
  readonly is: 'given up';
  readonly because: 'time' | 'memory';
  readonly passed: number;
}

const outOfTime: GivenUp = { is: 'given up', because: 'time', passed: 0 };

const triedOn = (one: SearchedKey, limits: SearchLimits): KeyAnswer | GivenUp => {
  const history = withLastRead(one.history(), one.final);
  const rows = indexes(history.length);
  const { clock, untilUs } = limits;
  try {
    const machine = one.machine(history);
    const found = search(history, rows, machine, limits);
    if (found.outcome === 'unknown') return { is: 'given up', because: found.because, passed: found.passed };
    if (found.outcome === 'legal') return { is: 'consistent' };
    const smaller = {
      ...limits,
      untilUs: Math.min(Math.max(untilUs, clock.now() + shrinkUs / 10), clock.now() + shrinkUs),
    };
    const dead = shrink(history, found, machine, one.isRegister, smaller);
    return confirmed(history, dead, machine, Number.isNaN(one.final) ? undefined : history.length - 1);
  } catch (error) {
    if (error instanceof TooManyStates) return { is: 'given up', because: 'memory', passed: 0 };
    throw error;
  }
};

const readOf = operations.indexOf('read');

/** The history, followed by a read of the final value after everything, if that is known. */
const withLastRead = (history: History, final: number): History => {
  if (Number.isNaN(final)) return history;
  const longer: Columns = columnsOf((name) => {
    const column = new columnTypes[name](history.length + 1);
    column.set(history[name]);
    return column;
  });
  const at = history.length;
  const time =
    Math.max(
      ...[longer.call, longer.ret].map((times) =>
        times.reduce((most, one) => (one < Infinity ? Math.max(most, one) : most), 0),
      ),
    ) + 1;
  longer.f[at] = readOf;
  longer.status[at] = ok;
  longer.call[at] = time;
  longer.ret[at] = time;
  longer.value[at] = final;
  longer.operand[at] = absent;
  longer.version[at] = absent;
  return { ...longer, length: at + 1, keys: history.keys, names: history.names };
};

const gaveUp = ({ because, passed }: GivenUp, count: number, mostBytes: number): string =>
  `the search ran out of ${because === 'time' ? 'time' : `its ${Math.round(mostBytes / 2 ** 20)} MiB`} after ${passed} of ${count} operations`;

const confirmed = (history: History, dead: Dead, machine: Machine, last: number | undefined): KeyAnswer => {
  const isTrue = isDeadEnd(history, dead.rows, dead.stuck, machine);
  if (isTrue === true) return { is: 'violated', finding: findingOf(history, dead, last) };
  return {
    is: 'unknown',
    because:
      isTrue === undefined
        ? 'the search found no legal order, in too many operations for this to be checked'
        : 'internal: certificate rejected',
  };
};

const mostShown = 5;

const findingOf = (history: History, { stuck, rows }: Dead, last: number | undefined): Contradiction => {
  const { call, ret, status } = history;
  const all = [...rows].filter((row) => status[row] !== fail).sort((a, b) => call[a]! - call[b]!);
  // The nearest in time are those that it could have been ordered around.
  const near = all.filter((row) => row !== stuck).slice(1 - mostShown);
  const shown = all.filter((row) => row === stuck || near.includes(row));
  const letter = (row: number): string => (row === last ? 'the last read' : lettersOf(shown)(row));
  const before = shown.flatMap((one, at) => {
    const first = shown.slice(at + 1).find((other) => ret[one]! < call[other]!);
    return first === undefined || status[one] === info
      ? []
      : [`${letter(one)} had ended before ${letter(first)} began.`];
  });
  const others = all.length - shown.length;
  const what = others === 0 ? `these ${all.length} operations` : `these and ${others} operations before them`;
  return {
    rule: 'not-linearizable',
    evidence: 'same-host',
    // The last read is not one of the history's, and comes last.
    operations: shown.filter((row) => row !== last),
    because: [
      ...(last !== undefined && shown.includes(last)
        ? [`The last read found ${valueWord(history, history.value[last]!)}.`]
        : []),
      `No order of ${what} that keeps to the times allows ${letter(stuck)}.`,
      ...before,
    ],
    atLeast: 1,
    atMost: null,
  };
};
