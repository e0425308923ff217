import { fail, type History, ok, operations } from '../../core/history/history.ts';
import { isWholeRead, listSeen } from '../../core/history/whole-lists.ts';
import { accountNames } from './accounts.ts';
import type { Choice, Choose, Judge } from './choice.ts';
import { allocation } from './engines/holds/allocation.ts';
import { acquireOf } from './engines/holds/grants.ts';
import { appendLog } from './engines/lists/append-log.ts';
import { counter } from './engines/amounts/counter.ts';
import type { Engine, Known } from './engines/engine.ts';
import type { LogLists } from './engines/lists/places.ts';
import { holdsOf, isCertain } from './engines/holds/held.ts';
import { mutex } from './engines/holds/mutex.ts';
import { surelyHeld } from './engines/holds/surely-held.ts';
import { wouldShowOfEach } from './engines/holds/things.ts';
import { wouldShow } from './engines/holds/would-show.ts';
import { issued } from './engines/lists/issued.ts';
import { ledgerOf } from './engines/amounts/ledger.ts';
import { areLevelsExact } from './engines/amounts/levels.ts';
import { counterMachine, stockMachine, withRefusals } from './engines/search/machine.ts';
import { during } from './engines/columns/scratch.ts';
import { ValueTable } from './engines/columns/value-table.ts';
import { stock } from './engines/amounts/stock.ts';
import { transfers } from './engines/amounts/transfers.ts';
import { isOrdinal, valueWord } from './engines/words.ts';
import type { ModelName } from './model-names.ts';
import { chooseAtMost } from './choices/at-most.ts';
import { chooseOnce } from './choices/once.ts';
import { chooseQueue } from './choices/queue.ts';
import { chooseSet } from './choices/set.ts';
import { chooseReadModifyWrite, chooseRegister } from './register-choice.ts';
import { isLongNumber } from './values/long-numbers.ts';
import { ofWholeNumbers } from './values/of-whole-numbers.ts';

/** The cheapest exact way to judge the rows of one key for its model, or the best there is. */
export const choiceOf = (model: Exclude<ModelName, 'custom'>, ...of: Parameters<Choose>): Choice =>
  choices[model](...of);

/**
 * Amounts of one size are judged exactly; others by bounds, and then by a search, which may take too long. The same goes for a mix of
 * changes that were built on a value and changes that were not.
 */
const amounts =
  (engine: Engine, isStock: boolean): Choose =>
  (history, rows, known) => {
    const judge: Judge = { engine, subject: { is: 'amounts' } };
    const hasSwaps = rows.some((row) => history.f[row] === casOf && history.status[row] !== fail);
    const { isExact, refusals } = during(() => {
      const ledger = ledgerOf(history, rows);
      return { isExact: !hasSwaps && areLevelsExact(ledger, known), refusals: ledger.refusals };
    });
    if (isExact) return { judges: [judge] };
    if (Number.isNaN(known.initial))
      return { judges: [judge], inexact: 'the initial value is not known: only order and sums were judged' };
    const inexact = hasSwaps
      ? 'some changes say what they were built on, and others do not: only bounds were judged'
      : 'the amounts are of several sizes: only bounds were judged';
    const machine = isStock ? stockMachine : counterMachine;
    const shown = isStock && refusals.length > 0 ? { history: withRefusals(history, refusals) } : {};
    return { judges: [judge], inexact, search: { machine, isRegister: false, isAll: false, ...shown } };
  };

const toldValues = { column: 'value', toldBy: ['read', 'add', 'take', 'restock'] } as const;
const toldLengths = { column: 'version', toldBy: ['read', 'append'] } as const;

const choices: { readonly [model in Exclude<ModelName, 'custom'>]: Choose } = {
  'register': chooseRegister,
  'cas-register': chooseRegister,
  'counter': ofWholeNumbers(toldValues, amounts(counter, false)),
  'rmw-counter': ofWholeNumbers(toldValues, chooseReadModifyWrite(amounts(counter, false))),
  'stock': ofWholeNumbers(toldValues, amounts(stock, true)),
  'allocation': (history, rows) => {
    const own = holdsOf(history, rows, Infinity);
    // A request refused by name asked for that name. Otherwise the target may have chosen, and might have given any.
    const areApart = rows.some((row) => isRefusedByName(history, row));
    return {
      judges: [{ engine: allocation(own), subject: { is: 'holds', leaseNs: Infinity } }],
      exposed: {
        pairs: (waitedNs) =>
          (areApart ? wouldShowOfEach : wouldShow)(history, rows, surelyHeld(history, own), waitedNs),
        areApart,
      },
      ...(!isCertain(own) && { inexact: 'it is not known which release ended which allocation' }),
    };
  },
  'issue': (history, rows, _known, { isOrdered = false, isDense = false }) => {
    const doubt = isOrdered || isDense ? unordered(history, rows, isDense) : undefined;
    const promise = doubt === undefined ? { isOrdered, isDense } : { isOrdered: false, isDense: false };
    return {
      judges: [{ engine: issued(promise), subject: { is: 'issued' } }],
      ...(isDense && { inexact: 'of gaps only their number was judged' }),
      ...(doubt !== undefined && { doubt }),
    };
  },
  'append-log': ofWholeNumbers(toldLengths, (history, rows, known, { lists }) => {
    const own = lists?.(history.keys[history.key[rows[0]!]!]!) ?? { initial: undefined, final: undefined };
    return {
      judges: [{ engine: appendLog(own), subject: { is: 'log', lists: own } }],
      ...logLimit(history, rows, known, own),
    };
  }),
  'transfer': ofWholeNumbers(
    { column: 'value', toldBy: ['read'] },
    (history, _rows, _known, { of, least = -Infinity }) => {
      const balances = new Map(Array.from(accountNames(history), ([account, name]) => [account, of(name)]));
      return {
        judges: [{ engine: transfers({ balances, least }), subject: { is: 'transfers', balances, least } }],
        inexact: 'right totals and balances are necessary, and do not prove that transfers are atomic',
      };
    },
  ),
  'mutex': (history, rows, _known, { leaseNs = Infinity }) => {
    const own = holdsOf(history, rows, leaseNs);
    return {
      judges: [{ engine: mutex(leaseNs, own), subject: { is: 'holds', leaseNs } }],
      exposed: { pairs: (waitedNs) => wouldShowOfEach(history, rows, own, waitedNs), areApart: true },
      ...(!isCertain(own) && { inexact: 'it is not known which release ended which hold' }),
    };
  },
  'at-most': chooseAtMost,
  'once': chooseOnce,
  'queue': chooseQueue,
  'set': chooseSet,
};

const isRefusedByName = ({ f, status, value }: History, row: number): boolean =>
  status[row] === fail && f[row] === acquireOf && !Number.isNaN(value[row]!);

/** Why it proves nothing if a log's engine finds nothing. */
const logLimit = (history: History, rows: Uint32Array, known: Known, lists: LogLists): Pick<Choice, 'inexact'> => {
  const atLast = lists.final === undefined ? readAtLast(history, rows) : -1;
  if (atLast === undefined) return { inexact: unseenAtLast };
  if (areAppendedTwice(history, rows)) return { inexact: appendedTwice };
  if (!Number.isNaN(known.initial)) return {};
  // By the last list, everything that no append wrote was there before.
  const last = atLast < 0 ? lists.final : listSeen(history, atLast);
  const initial = last === undefined ? NaN : lengthBefore(history, rows, last);
  if (Number.isNaN(initial)) return { inexact: unknownAtFirst };
  const found = during(() => appendLog(lists)(history, rows, { ...known, initial }));
  return found.length > 0 ? { inexact: unknownAtFirst } : {};
};

const unknownAtFirst = 'what was there at first is not known, so the answers were only compared with each other';
const unseenAtLast =
  'a lost element only shows in a read of the whole list after everything has ended, and there was none';

const [appendOf, casOf] = (['append', 'cas'] as const).map((f) => operations.indexOf(f)) as [number, number];

const appendedTwice = 'two requests appended the same element, and it is not known which one put it there';

const areAppendedTwice = ({ f, status, value }: History, rows: Uint32Array): boolean =>
  during(() => {
    const elements = new ValueTable(rows.length);
    return rows.some((row) => {
      if (f[row] !== appendOf || status[row] === fail || Number.isNaN(value[row]!)) return false;
      const count = elements.count;
      return elements.add(value[row]!) < count;
    });
  });

/** The last read of the whole list after every append known to be done had ended; `undefined` if there is none. */
const readAtLast = (history: History, rows: Uint32Array): number | undefined => {
  let [ended, last] = [-Infinity, -1];
  for (const row of rows) {
    if (history.f[row] === appendOf && history.status[row] === ok) ended = Math.max(ended, history.ret[row]!);
    else if (isWholeRead(history, row) && (last < 0 || history.call[row]! > history.call[last]!)) last = row;
  }
  return last >= 0 && history.call[last]! > ended ? last : undefined;
};

/** How many elements of a list were there before all appends: up to the last one that no append wrote; NaN if it cannot be told. */
const lengthBefore = ({ f, status, value }: History, rows: Uint32Array, list: ArrayLike<number>): number => {
  const appended = new Map<number, number>();
  for (const row of rows) if (f[row] === appendOf && status[row] !== fail) appended.set(value[row]!, status[row]!);
  if (new Set(Array.from(list)).size < list.length) return NaN;
  let length = 0;
  for (let at = 0; at < list.length; at++) {
    const outcome = appended.get(list[at]!);
    if (outcome === undefined) length = at + 1;
    else if (outcome !== ok) return NaN;
  }
  return length;
};

/** Why issued numbers cannot be put in order, or their gaps counted; `undefined` if they can. */
const unordered = (history: History, rows: Uint32Array, isDense: boolean): string | undefined => {
  const first = (isWrong: (value: number) => boolean): string | undefined => {
    const row = rows.find((one) => history.status[one] === ok && isWrong(history.value[one]!));
    return row === undefined ? undefined : valueWord(history, history.value[row]!);
  };
  const name = first((value) => !Number.isNaN(value) && !isOrdinal(value));
  if (name !== undefined)
    return `${name} was issued, which ${isWhole(name) ? 'is below -2^53' : 'is not a number'}: the order that is promised cannot be judged`;
  const long = isDense ? first(isLongNumber) : undefined;
  return long === undefined
    ? undefined
    : `${long} was issued, which is beyond 2^53: what was left out cannot be counted`;
};

const isWhole = (name: string): boolean => /^-?\d+$/u.test(name);
