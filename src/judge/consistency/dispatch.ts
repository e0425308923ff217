import { fail, type History, ok, operations } from '../../core/history/history.ts';
import { isWholeRead } from '../../core/history/whole-lists.ts';
import { accountNames } from './accounts.ts';
import type { Choice, Choose, Judge } from './choice.ts';
import { allocation } from './engines/holds/allocation.ts';
import { appendLog } from './engines/lists/append-log.ts';
import { counter } from './engines/amounts/counter.ts';
import type { Engine } from './engines/engine.ts';
import { holds, holdsOf, isCertain, surelyHeld } from './engines/holds/holds.ts';
import { wouldShow } from './engines/holds/would-show.ts';
import { issued } from './engines/lists/issued.ts';
import { ledgerOf } from './engines/amounts/ledger.ts';
import { areLevelsExact } from './engines/amounts/levels.ts';
import { counterMachine, stockMachine, withRefusals } from './engines/search/machine.ts';
import { during } from './engines/columns/scratch.ts';
import { stock } from './engines/amounts/stock.ts';
import { transfers } from './engines/amounts/transfers.ts';
import { isOrdinal, valueWord } from './engines/words.ts';
import type { ModelName } from './model-names.ts';
import { chooseReadModifyWrite, chooseRegister } from './register-choice.ts';
import { isLongNumber } from './values/long-numbers.ts';
import { ofWholeNumbers } from './values/of-whole-numbers.ts';

/** The cheapest way to judge the rows of one key that is exact for its model, or the best there is. */
export const choiceOf = (model: Exclude<ModelName, 'custom'>, ...of: Parameters<Choose>): Choice =>
  choices[model](...of);

/**
 * Amounts of one size are judged exactly; others by bounds, and then by a search, which may take too long. So is what was
 * built on a value beside what was not.
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
    return {
      judges: [{ engine: allocation(own), subject: { is: 'holds', leaseNs: Infinity } }],
      exposed: (waitedNs) => wouldShow(history, rows, surelyHeld(history, own), waitedNs),
      ...(!isCertain(own) && { inexact: 'nobody can say which release ended which allocation' }),
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
  'append-log': ofWholeNumbers(toldLengths, (history, rows, _known, { lists }) => {
    const own = lists?.(history.keys[history.key[rows[0]!]!]!) ?? { initial: undefined, final: undefined };
    return {
      judges: [{ engine: appendLog(own), subject: { is: 'log', lists: own } }],
      ...(own.final === undefined && !wasReadAtLast(history, rows) && { inexact: unseenAtLast }),
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
      judges: [{ engine: holds(leaseNs, own), subject: { is: 'holds', leaseNs } }],
      exposed: (waitedNs) => wouldShow(history, rows, own, waitedNs),
      ...(!isCertain(own) && { inexact: 'nobody can say which release ended which hold' }),
    };
  },
};

const unseenAtLast = 'an element that was lost shows where the whole list is read when all had ended, which it was not';

const [appendOf, readOf, casOf] = (['append', 'read', 'cas'] as const).map((f) => operations.indexOf(f)) as [
  number,
  number,
  number,
];

/** Whether the whole list was read once every append had ended that is known to be done. */
const wasReadAtLast = (history: History, rows: Uint32Array): boolean => {
  let [ended, lastRead] = [-Infinity, -Infinity];
  for (const row of rows) {
    if (history.f[row] === appendOf && history.status[row] === ok) ended = Math.max(ended, history.ret[row]!);
    else if (history.f[row] === readOf && isWholeRead(history, row)) lastRead = Math.max(lastRead, history.call[row]!);
  }
  return lastRead > ended;
};

/** Why issued numbers cannot be put in order, or their gaps counted; undefined: they can. */
const unordered = (history: History, rows: Uint32Array, isDense: boolean): string | undefined => {
  const first = (isWrong: (value: number) => boolean): string | undefined => {
    const row = rows.find((one) => history.status[one] === ok && isWrong(history.value[one]!));
    return row === undefined ? undefined : valueWord(history, history.value[row]!);
  };
  const name = first((value) => !Number.isNaN(value) && !isOrdinal(value));
  if (name !== undefined)
    return `${name} was issued, which ${isWhole(name) ? 'is below -2^53' : 'is no number'}: what is promised of their order cannot be judged`;
  const long = isDense ? first(isLongNumber) : undefined;
  return long === undefined
    ? undefined
    : `${long} was issued, which is beyond 2^53: what was left out cannot be counted`;
};

const isWhole = (name: string): boolean => /^-?\d+$/u.test(name);
