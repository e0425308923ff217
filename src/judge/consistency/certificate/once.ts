import { fail, ok, operations, type History } from '../../../core/history/history.ts';
import type { Contradiction, Known } from '../engines/engine.ts';

const doOf = operations.indexOf('do');

/** Whether two answers for one key differ, or the effect moved by something other than once. */
export const isOnceFinding = (
  { f, status, value }: History,
  { initial, final }: Known,
  { rule, operations: [a, b], atLeast }: Contradiction,
  by: number,
): boolean => {
  const isDone = (row: number | undefined): row is number => row !== undefined && f[row] === doOf && status[row] === ok;
  const isAsked = f.some((one, row) => one === doOf && status[row] !== fail);
  switch (rule) {
    case 'answers-differ':
      return isDone(a) && isDone(b) && value[a]! !== value[b]! && !Number.isNaN(value[a]! + value[b]!);
    case 'done-twice':
      return final === initial + (1 + atLeast) * by && atLeast >= 1;
    case 'not-done':
      return isDone(a) && initial === 0 && final === 0;
    case 'wrong-effect':
      return isAsked
        ? final - initial !== by && final !== initial && !Number.isNaN(final - initial)
        : final !== initial + by && final !== initial;
    default:
      return false;
  }
};
