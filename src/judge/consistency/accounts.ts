import { nameOf, operations, valueOf } from '../../core/history/history.ts';
import type { History } from '../../core/history/history.ts';

const transferOf = operations.indexOf('transfer');

/** The accounts of transfers, by the number that stands for each: a text as it is, a number in digits. */
export const accountNames = (history: History): ReadonlyMap<number, string> => {
  const { f, value, version, length } = history;
  const accounts = new Map<number, string>();
  const add = (account: number): void => {
    if (Number.isNaN(account) || accounts.has(account)) return;
    const name = nameOf(account) < 0 ? account : valueOf(history, account);
    accounts.set(account, typeof name === 'string' ? name : String(name));
  };
  for (let row = 0; row < length; row++) {
    if (f[row] !== transferOf) continue;
    add(value[row]!);
    add(version[row]!);
  }
  return accounts;
};
