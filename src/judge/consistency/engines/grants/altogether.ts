import { info, ok, operations } from '../../../../core/history/history.ts';
import type { Engine } from '../engine.ts';
import { plural } from '../phrase.ts';
import { picked } from '../columns/scratch.ts';
import { sortedBy } from '../columns/sorted.ts';

const grantOf = operations.indexOf('grant');

/**
 * Judges a limit on grants altogether; `known.initial` is how many were granted before, NaN if unknown. Exact, as no order makes fewer of
 * them; a grant of unknown outcome does not count.
 *
 * Rule: `over-limit`, in grants.
 */
export const altogether =
  (limit: number): Engine =>
  (history, rows, { initial }) => {
    const { f, status } = history;
    const granted = sortedBy(
      picked(rows, (row) => f[row] === grantOf && status[row] === ok),
      history.ret,
    );
    const before = Number.isNaN(initial) ? 0 : initial;
    const tooMany = Math.min(before + granted.length - limit, granted.length);
    if (tooMany <= 0) return [];
    const open = picked(rows, (row) => f[row] === grantOf && status[row] === info).length;
    const first = granted.length - tooMany;
    const times = plural(before + granted.length, 'grant');
    const because = [
      `There were ${times} where ${limit} may be: ${first > 0 ? 'by the order of their answers B is the first too many' : 'A is one of those too many'}.`,
      ...(before > 0 ? [`${before} of them were before these operations.`] : []),
      ...(open > 0 ? [`${plural(open, 'more request')} of unknown outcome may have been granted, too.`] : []),
    ];
    return [
      {
        rule: 'over-limit',
        evidence: 'clock-free',
        operations: [...granted.subarray(Math.max(0, first - 1), first + 1)],
        because,
        atLeast: tooMany,
        atMost: tooMany + open,
        sold: { granted: before + granted.length, of: limit },
      },
    ];
  };
