import { ok, operations } from '../../../../core/history/history.ts';
import type { Engine } from '../engine.ts';
import { grouped, plural } from '../phrase.ts';
import { picked } from '../columns/scratch.ts';
import { sortedBy } from '../columns/sorted.ts';

const casOf = operations.indexOf('cas');

/**
 * Finds acknowledged updates that were built on the same value or version: all but one of them overwrote another. Needs no clock. Right
 * only if a value or version never comes back: versions, unique values, or a counter that goes one way.
 *
 * Rule: `lost-update`, with the pair that was acknowledged first and the operation they were built on, if it is there.
 */
export const lostUpdates: Engine = (history, rows) => {
  const updates = picked(
    rows,
    (row) => history.f[row] === casOf && history.status[row] === ok && !Number.isNaN(history.operand[row]!),
  );
  const order = sortedBy(sortedBy(updates, history.ret), history.operand);
  let [a, b] = [-1, -1];
  let lost = 0;
  for (let i = 1; i < order.length; i += 1) {
    const [before, row] = [order[i - 1]!, order[i]!];
    if (history.operand[before] !== history.operand[row]) continue;
    lost += 1;
    if (b < 0 || history.ret[row]! < history.ret[b]!) [a, b] = [before, row];
  }
  if (b < 0) return [];
  const base = history.operand[a]!;
  const ancestor = rows.find(
    (row) =>
      row !== a &&
      row !== b &&
      history.status[row] === ok &&
      (history.version[row] === base || history.value[row] === base),
  );
  return [
    {
      rule: 'lost-update',
      evidence: 'clock-free',
      operations: ancestor === undefined ? [a, b] : [a, b, ancestor],
      because: [
        'A and B were built on the same value, and both were acknowledged: one of them is gone.',
        ...(ancestor === undefined ? [] : ['C is where that value was seen or written.']),
        `On this key ${plural(lost, 'acknowledged update')} of ${grouped(updates.length)} overwrote another like this.`,
      ],
      atLeast: lost,
      atMost: null,
    },
  ];
};
