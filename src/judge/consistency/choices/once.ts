import { fail, type History, info, ok, operations } from '../../../core/history/history.ts';
import type { Choose } from '../choice.ts';
import type { Known } from '../engines/engine.ts';
import { once } from '../engines/once/once.ts';
import { during, picked } from '../engines/columns/scratch.ts';
import { pairsOf } from '../exposure.ts';

const [doOf, readOf] = (['do', 'read'] as const).map((f) => operations.indexOf(f)) as [number, number];

/** By the answers, and by the effect if it was read before and after. */
export const chooseOnce: Choose = (history, rows, given, { effectBy: by = 1 }) => {
  const known = effectAround(history, rows, given);
  const [isRead, isOpen] = [
    !Number.isNaN(known.final - known.initial),
    known.initial !== 0 && known.final === known.initial,
  ];
  return {
    judges: [{ engine: (own, some) => once(by)(own, some, known), subject: { is: 'once', by, known } }],
    ...(isRead && isOpen && { inexact: 'it may have been done before, as its effect was there already' }),
    ...(!isRead && { inexact: 'the answers agree; whether it was done once was not read' }),
    shown: { pairs: pairsAtFirst(history, rows, isRead), none: alone },
  };
};

const alone =
  'no two requests with one key overlapped before its first answer: use fewer keys at a time, or more users for each';

/** The effect before and after: as known, or as read before all other requests were sent, or after all were answered. */
const effectAround = (
  { f, status, call, ret, value }: History,
  rows: Uint32Array,
  { initial, final }: Known,
): Known => {
  let [begun, ended] = [Infinity, -Infinity];
  for (const row of rows) {
    if (f[row] !== doOf || status[row] === fail) continue;
    begun = Math.min(begun, call[row]!);
    // An unanswered request may be done at any time, and a read tells whether it was.
    ended = Math.max(ended, status[row] === info ? call[row]! : ret[row]!);
  }
  const readWhere = (isAt: (row: number) => boolean): number => {
    const row = rows.find((one) => f[one] === readOf && status[one] === ok && isAt(one));
    return row === undefined ? NaN : value[row]!;
  };
  return {
    initial: Number.isNaN(initial) ? readWhere((row) => ret[row]! < begun) : initial,
    final: Number.isNaN(final) ? readWhere((row) => call[row]! > ended) : final,
  };
};

/**
 * Pairs that overlapped before any request had been told that it is done; once one has been, it is easy to answer as before. Two that were
 * told so show it by their answers. One that was refused, or got no answer and may have been done, paired with one that was told, shows
 * only if the effect is read. An unanswered request is under way until the end; its pair is whichever request tries again.
 */
const pairsAtFirst = (history: History, rows: Uint32Array, isRead: boolean): number =>
  during(() => {
    const { f, status, call, ret } = history;
    const done = picked(rows, (row) => f[row] === doOf && status[row] === ok);
    const firstTold = done.reduce((first, row) => Math.min(first, ret[row]!), Infinity);
    const early = picked(rows, (row) => f[row] === doOf && (status[row] === ok || isRead) && call[row]! <= firstTold);
    const untold = picked(early, (row) => status[row] !== ok);
    return pairsOf(history, early) - pairsOf(history, untold);
  });
