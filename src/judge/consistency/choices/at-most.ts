import { fail, type History, info, ok, operations } from '../../../core/history/history.ts';
import type { Choose } from '../choice.ts';
import { altogether } from '../engines/grants/altogether.ts';
import { mostWithin, sliding } from '../engines/grants/sliding.ts';
import { fixedWindows } from '../engines/grants/windows.ts';
import { during } from '../engines/columns/scratch.ts';

const grantOf = operations.indexOf('grant');

/**
 * How far a target's clock and ours may drift apart over a time: its own counts in whole milliseconds, and both are corrected while they
 * run, together by at most one in a thousand.
 */
const clocksDifferNs = (perNs: number): number => 1e6 + perNs / 1000;

/** Exact for a limit altogether. With windows, grants that no windows explain are wrong. */
export const chooseAtMost: Choose = (
  history,
  rows,
  { initial },
  { limit: said, burst = 0, perNs = Infinity, isSliding = false },
) => {
  const limits = said === undefined ? limitsOf(history, rows) : new Set([said]);
  if (limits.size === 0) return { judges: [], impossible: 'the limit is not known' };
  const limit = Math.max(...limits) + burst;
  if (!Number.isSafeInteger(limit))
    return { judges: [], impossible: `the limit is ${limit}, which is not a whole number` };
  const isTwo = limits.size > 1 ? { inexact: 'operations name several limits, of which the highest counts' } : {};
  const granted = countOf(history, rows, ok);
  if (perNs === Infinity) {
    const most = (initial || 0) + granted + countOf(history, rows, info);
    const isOpen = Number.isNaN(initial) ? { inexact: 'how many were granted before is not known' } : {};
    return {
      judges: [{ engine: altogether(limit), subject: { is: 'grants', limit, windowNs: Infinity, isSliding } }],
      ...isOpen,
      ...isTwo,
      ...(most < limit && { idle: notReached(most, limit) }),
    };
  }
  const windowNs = Math.max(0, perNs - clocksDifferNs(perNs));
  const rate = { limit, windowNs, perNs };
  const isReached = (): boolean =>
    countOf(history, rows, fail) > 0 || during(() => mostWithin(history, rows, perNs)).count >= limit;
  return {
    judges: [
      {
        engine: isSliding ? sliding(rate) : fixedWindows(rate),
        subject: { is: 'grants', limit, windowNs, isSliding },
      },
    ],
    inexact: isSliding
      ? 'when a request was counted is not known: only what was sent and answered within the time was judged'
      : 'where the windows lie is not known: only what no windows explain is wrong',
    ...(!isReached() && { idle: `no request was refused, and there were never ${limit} granted in the time` }),
  };
};

const notReached = (most: number, limit: number): string =>
  `${most} were granted, and ${limit} may be: the limit was never put to the test`;

const limitsOf = ({ operand, f }: History, rows: Uint32Array): ReadonlySet<number> => {
  const limits = new Set<number>();
  for (const row of rows) if (f[row] === grantOf && !Number.isNaN(operand[row]!)) limits.add(operand[row]!);
  return limits;
};

const countOf = ({ f, status }: History, rows: Uint32Array, outcome: number): number =>
  rows.reduce((count, row) => count + (f[row] === grantOf && status[row] === outcome ? 1 : 0), 0);
