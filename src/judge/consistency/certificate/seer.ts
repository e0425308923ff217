import { fail, operations } from '../../../core/history/history.ts';
import type { History } from '../../../core/history/history.ts';
import type { Amounts } from './amounts.ts';

const takeOf = operations.indexOf('take');

/** What saw a level: an operation, or the final read. */
export interface Seer {
  readonly call: number;
  readonly ret: number;
  readonly level: number;
  /**
   * 0 if it saw exactly this level. Otherwise the level was at most this: 1 means that at least the corresponding number of changes had
   * been made, −1 at most.
   */
  readonly side: number;
  /** It changed the number itself. */
  readonly isChange: boolean;
}

/** Whether a row is a take that the target refused. */
export const isRefusal = ({ f, status }: History, row: number): boolean => f[row] === takeOf && status[row] === fail;

/** How much a take asked for. */
export const wantedBy = ({ operand }: History, row: number): number =>
  Number.isNaN(operand[row]!) ? 1 : operand[row]!;

/** What a row saw, without its times if times are no evidence. */
export const seerOf = (history: History, amounts: Amounts, row: number, isTimed: boolean): Seer => {
  const change = amounts.changes.find((one) => one.row === row);
  const isRefused = isRefusal(history, row);
  return {
    call: isTimed ? history.call[row]! : -Infinity,
    ret: isTimed ? (change?.ret ?? history.ret[row]!) : Infinity,
    level: isRefused ? wantedBy(history, row) - 1 : (change?.told ?? amounts.levelOf(row)),
    side: isRefused ? (amounts.step > 0 ? -1 : 1) : 0,
    isChange: change !== undefined,
  };
};

/** The changes, some of them stripped of their times: each of those may have been made at any moment. */
export const timeless = (amounts: Amounts, isTimeless: (row: number) => boolean): Amounts => ({
  ...amounts,
  changes: amounts.changes.map((one) => (isTimeless(one.row) ? { ...one, call: -Infinity, ret: Infinity } : one)),
});
