import { info, ok, operations } from '../../../core/history/history.ts';
import type { History } from '../../../core/history/history.ts';
import type { Contradiction, Known } from '../engines/engine.ts';

const issueOf = operations.indexOf('issue');

/** Whether numbers were issued twice, in the wrong order, or left out. */
export const isIssueFinding = (
  { f, status, value, call, ret }: History,
  { initial }: Known,
  { rule, operations: [a, b], atLeast }: Contradiction,
): boolean => {
  const isIssued = (row: number | undefined): row is number =>
    row !== undefined && f[row] === issueOf && status[row] === ok;
  switch (rule) {
    case 'issued-twice':
      if (!isIssued(a)) return false;
      return b === undefined ? value[a] === initial : isIssued(b) && a !== b && value[a] === value[b];
    case 'issued-out-of-order':
      if (!isIssued(a)) return false;
      return value[a]! <= initial || (isIssued(b) && ret[a]! < call[b]! && value[b]! < value[a]!);
    case 'issued-gap': {
      const numbers = new Set(value.filter((one, row) => isIssued(row) && !Number.isNaN(one)));
      const unknown = f.filter((one, row) => one === issueOf && status[row] === info).length;
      const sorted = Float64Array.from(numbers).sort();
      const from = Number.isNaN(initial) ? (sorted[0] ?? 0) : initial + 1;
      const inside = sorted.filter((one) => one >= from);
      const left = inside.length === 0 ? 0 : inside.at(-1)! - from + 1 - inside.length;
      return left > unknown && atLeast <= left - unknown;
    }
    default:
      return false;
  }
};
