import { nothing, ok, operations } from '../../../core/history/history.ts';
import type { Choose } from '../choice.ts';
import { areSeveral, emptyAtLast, queue } from '../engines/bags/queue.ts';
import { during, picked } from '../engines/columns/scratch.ts';
import { pairsOf } from '../exposure.ts';

const takeOf = operations.indexOf('take');

/** By what was put in and taken out; what was lost shows only if the final content is known. */
export const chooseQueue: Choose = (history, rows, _known, { lists }) => {
  const own = lists?.(history.keys[history.key[rows[0]!]!]!) ?? { initial: undefined, final: undefined };
  const isEndKnown = own.final !== undefined || emptyAtLast(history, rows) >= 0;
  const pairs = during(() =>
    pairsOf(
      history,
      picked(
        rows,
        (row) =>
          history.status[row] === ok && history.value[row] !== nothing && (isEndKnown || history.f[row] === takeOf),
      ),
    ),
  );
  return {
    judges: [{ engine: queue(own), subject: { is: 'queue', lists: own } }],
    ...(areSeveral(history, rows, own) && {
      inexact: 'a value was put in more than once, and which one was taken is not known',
    }),
    ...(!isEndKnown && { inexact: 'a loss only shows in a read, or an empty answer, after everything has ended' }),
    shown: { pairs, none: 'no two requests that got something overlapped' },
  };
};
