import { fail, type History, nameOf, nothing, ok, operations } from '../../../core/history/history.ts';
import type { Known } from '../engines/engine.ts';
import { ledgerOf, numberOf } from '../engines/amounts/ledger.ts';
import type { LogLists } from '../engines/lists/places.ts';
import type { ModelName } from '../model-names.ts';
import { appliedOf } from './applied.ts';
import { isOpenChange } from './rows.ts';

/** The operations of a slot on one key (transfers: on all keys), and what was read around them. */
export interface Seen {
  readonly history: History;
  readonly rows: Uint32Array;
  /** Rows below this come from earlier slots. */
  readonly carried: number;
  readonly known: (key: string) => Known;
  readonly lists: (key: string) => LogLists;
  /** The account of a transfer, by the number that stands for it. */
  readonly accounts: ReadonlyMap<number, string>;
}

/** What is known about changes of unknown outcome once a slot is over. */
export interface Closed {
  /** Those that were seen to have taken effect. */
  readonly rows: ReadonlySet<number>;
  /** Those that no value can ever show to have taken effect, because others write the same value. */
  readonly alike: ReadonlySet<number>;
}

const none: Closed = { rows: new Set(), alike: new Set() };

/** Which changes of unknown outcome have taken effect, according to the values that the slot has shown. The others may still do so. */
export const closedOf = (model: ModelName, seen: Seen): Closed => closings[model]?.(seen) ?? none;

/** By the final value: subtract the changes whose outcome is known, and what is left is due to the others. */
const bySums = ({ history, rows, known }: Seen): Closed => {
  const { initial, final } = known(keyOf(history, rows));
  const { changes, amounts, account } = ledgerOf(history, rows);
  const open = [...changes.keys()].filter((at) => isOpenChange(history, changes[at]!));
  const sum = amountOf(final) - amountOf(initial) - account.acknowledged;
  const applied = appliedOf(
    open.map((at) => amounts[at]!),
    sum,
  );
  return { rows: new Set(applied.map((at) => changes[open[at]!]!)), alike: new Set() };
};

const writes = (['write', 'cas', 'append'] as const).map((f) => operations.indexOf(f));
const [readOf, elementOf, transferOf] = (['read', 'element', 'transfer'] as const).map((f) =>
  operations.indexOf(f),
) as [number, number, number];

/** By values that were seen and that no other operation has written: such a value proves its write. */
const byValues = ({ history, rows, carried, known, lists }: Seen): Closed => {
  const { f, status, value } = history;
  const key = keyOf(history, rows);
  const { initial, final } = known(key);
  const { initial: first, final: last } = lists(key);
  const [before, shown, writers] = [
    new Set([initial, ...(first ?? [])]),
    new Set([final, ...(last ?? [])]),
    new Map<number, number>(),
  ];
  for (const row of rows) {
    if (f[row] === elementOf || (f[row] === readOf && status[row] === ok)) shown.add(value[row]!);
    else if (writes.includes(f[row]!) && status[row] !== fail)
      writers.set(value[row]!, (writers.get(value[row]!) ?? 0) + 1);
  }
  const [closed, alike] = [new Set<number>(), new Set<number>()];
  for (const row of rows) {
    if (!isOpenChange(history, row)) continue;
    const written = value[row]!;
    if (Number.isNaN(written) || written === nothing || writers.get(written) !== 1) alike.add(row);
    // What was there before the load cannot have been written in it; a reset may bring it back at any time.
    else if (before.has(written) && row >= carried) alike.add(row);
    else if (shown.has(written) || before.has(written)) closed.add(row);
  }
  return { rows: closed, alike };
};

/**
 * By the balances: an account with a single transfer of unknown outcome settles that one, which may leave a single one in another account,
 * and so on.
 */
const byBalances = ({ history, rows, known, accounts }: Seen): Closed => {
  const { f, status, value, version, operand } = history;
  // The account's balance beyond what is known to have happened.
  const rest = new Map<number, number>();
  const open = new Map<number, Set<number>>();
  for (const [account, name] of accounts) {
    const { initial, final } = known(name);
    rest.set(account, amountOf(final) - amountOf(initial));
    open.set(account, new Set());
  }
  const move = (row: number): void => {
    rest.set(value[row]!, rest.get(value[row]!)! + operand[row]!);
    rest.set(version[row]!, rest.get(version[row]!)! - operand[row]!);
  };
  for (const row of rows) {
    if (f[row] !== transferOf || status[row] === fail || value[row] === version[row]) continue;
    if (status[row] === ok) move(row);
    else for (const account of [value[row]!, version[row]!]) open.get(account)?.add(row);
  }
  const closed = new Set<number>();
  const alone = [...open].filter(([, some]) => some.size === 1).map(([account]) => account);
  for (let account = alone.pop(); account !== undefined; account = alone.pop()) {
    const [row] = open.get(account)!;
    if (row === undefined) continue;
    const amount = value[row] === account ? -operand[row]! : operand[row]!;
    const left = rest.get(account);
    if (left === amount) {
      closed.add(row);
      move(row);
    } else if (left !== 0) continue;
    for (const one of [value[row]!, version[row]!]) {
      open.get(one)!.delete(row);
      if (open.get(one)!.size === 1) alone.push(one);
    }
  }
  return { rows: closed, alike: new Set() };
};

/** A number as it counts; NaN if it is not a number. */
const amountOf = (value: number): number => (nameOf(value) < 0 ? numberOf(value) : NaN);

const keyOf = ({ key, keys }: History, rows: Uint32Array): string => keys[key[rows[0]!]!]!;

const closings: { readonly [model in ModelName]?: (seen: Seen) => Closed } = {
  'counter': bySums,
  'stock': bySums,
  'register': byValues,
  'cas-register': byValues,
  'append-log': byValues,
  'transfer': byBalances,
};
