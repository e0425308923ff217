import { fail, ok, operations } from '../../../core/history/history.ts';
import type { History } from '../../../core/history/history.ts';
import type { TransferAccounts } from '../engines/amounts/transfers.ts';
import type { Contradiction, Known } from '../engines/engine.ts';

const [readOf, transferOf] = (['read', 'transfer'] as const).map((f) => operations.indexOf(f)) as [number, number];

/** Whether a total or a balance is not what the transfers leave. */
export const isTransferFinding = (
  history: History,
  { initial, final }: Known,
  { rule, operations: [a] }: Contradiction,
  { balances, least }: TransferAccounts,
): boolean => {
  const { f, status, value } = history;
  const totals = [
    ...value.filter((one, row) => f[row] === readOf && status[row] === ok && !Number.isNaN(one)),
    final,
  ].filter((one) => !Number.isNaN(one));
  switch (rule) {
    case 'wrong-total': {
      const isSeen = a !== undefined && f[a] === readOf && status[a] === ok;
      const right = Number.isNaN(initial) ? totals.find((one) => one !== (isSeen ? value[a] : final)) : initial;
      return right !== undefined && ((isSeen && value[a] !== right) || (!Number.isNaN(final) && final !== right));
    }
    case 'account-balance':
      return [...balances].some(([account, known]) => isOff(history, account, known));
    case 'overdrawn':
      return [...balances.values()].some(
        (known) => known.final < least && !(known.final >= known.initial) && Number.isFinite(known.final),
      );
    default:
      return false;
  }
};

/** Whether no combination of outcomes of an account's transfers gives its final balance. */
const isOff = (
  { f, status, value, version, operand }: History,
  account: number,
  { initial, final }: Known,
): boolean => {
  let [least, most] = [initial, initial];
  for (let row = 0; row < f.length; row++) {
    if (f[row] !== transferOf || status[row] === fail) continue;
    const amount = ((version[row] === account ? 1 : 0) - (value[row] === account ? 1 : 0)) * operand[row]!;
    if (status[row] === ok || amount < 0) least += amount;
    if (status[row] === ok || amount > 0) most += amount;
  }
  return final < least || final > most;
};
