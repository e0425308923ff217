import { fail, info, ok, operations } from '../../../../core/history/history.ts';
import type { History } from '../../../../core/history/history.ts';
import { balanceOf, noChanges, type Account } from './balance.ts';
import type { Contradiction, Engine, Known } from '../engine.ts';
import { grouped, plural, range } from '../phrase.ts';
import { sortedBy } from '../columns/sorted.ts';
import { valueWord } from '../words.ts';

/** What is known of the accounts, by the number that stands for each. */
export interface TransferAccounts {
  readonly balances: ReadonlyMap<number, Known>;
  /** What no account may fall below; −Infinity if accounts may be overdrawn. */
  readonly least: number;
}

const [transferOf, readOf] = [operations.indexOf('transfer'), operations.indexOf('read')];

/**
 * Judges transfers between accounts whose total, `known.initial`, does not change. A `read` tells the total of one snapshot of all
 * accounts; in a `transfer`, `value` is the account that pays, `version` the one that is paid, and `operand` the amount. A wrong total
 * proves that transfers are not atomic; a right one proves nothing.
 *
 * Rules: `wrong-total`, with the last good snapshot before it and the transfers between the two; `account-balance` (a final balance that no
 * outcome of its transfers gives), `overdrawn` (an account that ends below the limit and did not begin there).
 */
export const transfers =
  ({ balances, least }: TransferAccounts): Engine =>
  (history, rows, known) => {
    const accounts = wrongBalances(history, rows, balances);
    // The total at the end says less than the account that is wrong.
    return [
      ...wrongTotals(history, rows, accounts.length === 0 ? known : { ...known, final: NaN }),
      ...accounts,
      ...overdrawn({ balances, least }, history, rows),
    ];
  };

const wrongTotals = (history: History, rows: Uint32Array, { initial, final }: Known): readonly Contradiction[] => {
  const reads = sortedBy(
    rows.filter((row) => history.f[row] === readOf && history.status[row] === ok && !Number.isNaN(history.value[row]!)),
    history.call,
  );
  const total = Number.isNaN(initial) ? (reads.length > 0 ? history.value[reads[0]!]! : final) : initial;
  const wrong = reads.filter((row) => history.value[row] !== total);
  const isFinalWrong = !Number.isNaN(final) && final !== total;
  if (wrong.length === 0 && !isFinalWrong) return [];
  const first = wrong[0];
  const good = reads.findLast(
    (row) => history.value[row] === total && (first === undefined || history.call[row]! < history.call[first]!),
  );
  const from = good === undefined ? -Infinity : history.call[good]!;
  const until = first === undefined ? Infinity : history.ret[first]!;
  const between = rows.filter(
    (row) =>
      history.f[row] === transferOf &&
      history.status[row] !== fail &&
      history.call[row]! <= until &&
      (history.status[row] === info || history.ret[row]! >= from),
  );
  const shown = [first, good, ...between.subarray(0, 3)].filter((row) => row !== undefined);
  const seen = first === undefined ? `The final total is ${final}` : `A saw a total of ${history.value[first]}`;
  const count = wrong.length + (isFinalWrong ? 1 : 0);
  return [
    {
      rule: 'wrong-total',
      evidence: 'clock-free',
      operations: shown,
      because: [
        `${seen}, ${good === undefined ? 'where' : `${first === undefined ? 'A' : 'B'} saw`} ${total} ${good === undefined ? 'is' : 'which is'} what all accounts have together.`,
        `${plural(between.length, 'transfer')} were or may have been under way in between; each leaves the total as it is.`,
      ],
      atLeast: count,
      atMost: count,
    },
  ];
};

const accountOf = (history: History, mine: Uint32Array, account: number): Account => {
  const sums = { ...noChanges, least: Infinity, most: -Infinity };
  for (const row of mine) {
    const paid = (history.version[row] === account ? 1 : 0) - (history.value[row] === account ? 1 : 0);
    const amount = paid * history.operand[row]!;
    sums.least = Math.min(sums.least, amount);
    sums.most = Math.max(sums.most, amount);
    if (history.status[row] === ok) {
      sums.acknowledged += amount;
      sums.acknowledgedCount += 1;
    } else {
      sums.unknownCount += 1;
      if (amount < 0) sums.unknownLess += amount;
      else sums.unknownMore += amount;
    }
  }
  return mine.length === 0 ? noChanges : sums;
};

const wrongBalances = (
  history: History,
  rows: Uint32Array,
  balances: TransferAccounts['balances'],
): readonly Contradiction[] => {
  const byAccount = rowsByAccount(history, rows, balances);
  const wrong = [...balances].flatMap(([account, { initial, final }]): readonly Contradiction[] => {
    if (Number.isNaN(initial) || Number.isNaN(final)) return [];
    const mine = Uint32Array.from(byAccount.get(account) ?? []);
    const sums = accountOf(history, mine, account);
    const { expected, outside } = balanceOf(sums, initial, final);
    if (outside === 0) return [];
    const largest = Math.max(Math.abs(sums.least), Math.abs(sums.most));
    return [
      {
        rule: 'account-balance',
        evidence: 'clock-free',
        operations: [...mine.subarray(0, 4)],
        because: [
          `Account ${valueWord(history, account)} had ${grouped(initial)}; by its transfers ${range(expected)} is expected, ${grouped(final)} is there.`,
        ],
        // The number of transfers of the largest amount that would explain it.
        atLeast: mine.length === 0 ? 1 : Math.max(1, Math.ceil(Math.abs(outside) / largest)),
        atMost: null,
      },
    ];
  });
  const [worst] = wrong.toSorted((a, b) => b.atLeast - a.atLeast);
  if (worst === undefined) return [];
  const others =
    wrong.length === 1 ? [] : [`The same holds for ${wrong.length} of ${plural(balances.size, 'account')}.`];
  return [{ ...worst, because: [...worst.because, ...others] }];
};

const rowsByAccount = (
  history: History,
  rows: Uint32Array,
  balances: TransferAccounts['balances'],
): ReadonlyMap<number, readonly number[]> => {
  const byAccount = new Map(Array.from(balances.keys(), (account) => [account, new Array<number>()]));
  for (const row of rows) {
    if (history.f[row] !== transferOf || history.status[row] === fail) continue;
    byAccount.get(history.value[row]!)?.push(row);
    if (history.version[row] !== history.value[row]) byAccount.get(history.version[row]!)?.push(row);
  }
  return byAccount;
};

const overdrawn = (
  { balances, least }: TransferAccounts,
  history: History,
  rows: Uint32Array,
): readonly Contradiction[] => {
  const below = [...balances].filter(
    ([, { initial, final }]) => Number.isFinite(final) && final < least && !(final >= initial),
  );
  const worst = below.toSorted(([, a], [, b]) => a.final - b.final)[0];
  if (worst === undefined) return [];
  const [account, { final }] = worst;
  const payments = rows.filter(
    (row) => history.f[row] === transferOf && history.value[row] === account && history.status[row] !== fail,
  );
  return [
    {
      rule: 'overdrawn',
      evidence: 'clock-free',
      operations: [...payments.subarray(-4)],
      because: [
        `Account ${valueWord(history, account)} ends at ${final}, below ${least}; these are the last of its ${plural(payments.length, 'payment')}.`,
      ],
      atLeast: below.length,
      atMost: below.length,
    },
  ];
};
