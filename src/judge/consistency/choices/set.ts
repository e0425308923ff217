import { fail, type History, ok, operations } from '../../../core/history/history.ts';
import type { Choose } from '../choice.ts';
import { set } from '../engines/bags/set.ts';

const [addOf, removeOf, readOf] = (['add', 'remove', 'read'] as const).map((f) => operations.indexOf(f)) as [
  number,
  number,
  number,
];

/** Element by element; exact for what was added once and read when all had ended. */
export const chooseSet: Choose = (history, rows, _known, { lists }) => {
  const own = lists?.(history.keys[history.key[rows[0]!]!]!) ?? { initial: undefined, final: undefined };
  const isSeen = own.final !== undefined || rows.some((row) => history.f[row] === readOf && history.status[row] === ok);
  return {
    judges: [{ engine: set(own), subject: { is: 'set', lists: own } }],
    ...(!isExact(history, rows) && { inexact: 'each element was judged by itself' }),
    ...(own.initial === undefined && { inexact: 'what was there at first is not known' }),
    ...(!isSeen && { idle: 'no request has read what is in it' }),
  };
};

/** Nothing was removed or read meanwhile: the final set has to hold every element that was added, and no others. */
const isExact = ({ f, status }: History, rows: Uint32Array): boolean =>
  rows.every((row) => f[row] === addOf || (f[row] !== readOf && (f[row] !== removeOf || status[row] === fail)));
