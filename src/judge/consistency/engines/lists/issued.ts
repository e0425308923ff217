import { info, ok, operations } from '../../../../core/history/history.ts';
import type { History } from '../../../../core/history/history.ts';
import type { Contradiction, Engine, Known } from '../engine.ts';
import { plural } from '../phrase.ts';
import { valueWord } from '../words.ts';
import { picked } from '../columns/scratch.ts';
import { sortedBy } from '../columns/sorted.ts';
import { backwardsOf } from '../steps/schedule.ts';

/** What is promised of the numbers, apart from none being issued twice. */
export interface IssuedPromise {
  /** A number that is requested after another was issued is greater. */
  readonly isOrdered: boolean;
  /** No number is left out, except for requests of unknown outcome. */
  readonly isDense: boolean;
}

const issueOf = operations.indexOf('issue');

/**
 * Judges numbers that the target hands out; `known.initial` is the last one before, NaN if not known. Exact for duplicates and for the
 * order, a necessary condition for the gaps.
 *
 * Rules: `issued-twice`, `issued-out-of-order`, `issued-gap`.
 */
export const issued =
  ({ isOrdered, isDense }: IssuedPromise): Engine =>
  (history, rows, known) => {
    const issues = picked(rows, (row) => history.f[row] === issueOf);
    const order = sortedBy(
      picked(issues, (row) => history.status[row] === ok && !Number.isNaN(history.value[row]!)),
      history.value,
    );
    return [
      ...twice(history, order),
      ...(isOrdered ? [] : again(history, order, known)),
      ...(isOrdered ? outOfOrder(history, order, known) : []),
      ...(isDense ? gaps(history, order, issues, known) : []),
    ];
  };

const twice = ({ value }: History, order: Uint32Array): readonly Contradiction[] => {
  let first: readonly [number, number] | undefined;
  let extra = 0;
  for (let i = 1; i < order.length; i += 1) {
    if (value[order[i]!] !== value[order[i - 1]!]) continue;
    first ??= [order[i - 1]!, order[i]!];
    extra += 1;
  }
  if (first === undefined) return [];
  const because = [
    'A and B were issued the same number.',
    `${plural(extra, 'number')} of ${order.length} had been issued before.`,
  ];
  return [{ rule: 'issued-twice', evidence: 'clock-free', operations: first, because, atLeast: extra, atMost: extra }];
};

/** The last number from before was issued again. */
const again = ({ value }: History, order: Uint32Array, { initial }: Known): readonly Contradiction[] => {
  const row = order.find((one) => value[one] === initial);
  if (row === undefined) return [];
  const because = [`A was issued ${initial}, which had been issued before the first of these.`];
  return [{ rule: 'issued-twice', evidence: 'clock-free', operations: [row], because, atLeast: 1, atMost: 1 }];
};

const outOfOrder = (history: History, order: Uint32Array, { initial }: Known): readonly Contradiction[] => {
  const old = picked(order, (row) => history.value[row]! <= initial);
  if (old.length > 0) {
    const because = [`A was issued a number that is not above ${valueWord(history, initial)}, the last one before.`];
    const operations = [...old.subarray(0, 1)];
    return [
      {
        rule: 'issued-out-of-order',
        evidence: 'clock-free',
        operations,
        because,
        atLeast: old.length,
        atMost: old.length,
      },
    ];
  }
  const found = backwardsOf(history, order.length, { row: (i) => order[i]!, rank: (i) => history.value[order[i]!]! });
  if (found === undefined) return [];
  const because = ['A had been issued its number when B was asked for.', 'The number of B is lower.'];
  const operations = [found.earlier, found.later];
  return [{ rule: 'issued-out-of-order', evidence: 'same-host', operations, because, atLeast: 1, atMost: found.rows }];
};

const gaps = (
  { value, status }: History,
  order: Uint32Array,
  issues: Uint32Array,
  { initial }: Known,
): readonly Contradiction[] => {
  if (order.length === 0) return [];
  const unknown = picked(issues, (row) => status[row] === info).length;
  // The rows before and after the widest gap; before the first number there may be no row.
  let [a, b, widest, left] = [-1, order[0]!, 0, 0];
  for (let i = 0; i < order.length; i += 1) {
    const before = i === 0 ? initial : value[order[i - 1]!]!;
    const width = Math.max(0, value[order[i]!]! - before - 1) || 0;
    left += width;
    if (width > widest) [a, b, widest] = [i === 0 ? -1 : order[i - 1]!, order[i]!, width];
  }
  if (left <= unknown) return [];
  const last = value[order.at(-1)!]!;
  const first = Number.isNaN(initial) ? value[order[0]!]! : initial + 1;
  const because = [
    `From ${first} to ${last}, ${plural(left, 'number')} ${left === 1 ? 'was' : 'were'} issued to nobody, and only ${plural(unknown, 'request')} of unknown outcome may have had one.`,
    a < 0 ? `${widest} of them are before that of A.` : `${widest} of them are between those of A and B.`,
  ];
  const operations = a < 0 ? [b] : [a, b];
  const atLeast = left - unknown;
  return [{ rule: 'issued-gap', evidence: 'clock-free', operations, because, atLeast, atMost: left }];
};
