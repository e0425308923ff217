import type { History } from '../../../../core/history/history.ts';
import { doubles, during, picked } from '../columns/scratch.ts';
import { sortBy, sortedBy } from '../columns/sorted.ts';
import type { Contradiction } from '../engine.ts';
import { backwardsOf } from '../steps/schedule.ts';
import type { Backwards } from '../steps/steps.ts';
import { isOrdinal } from '../words.ts';
import { isGrant, thingOf } from './grants.ts';

/** Grants that told a token: grouped by lock, then by token. */
export const byToken = (history: History, rows: Uint32Array): Uint32Array => {
  const order = sortedBy(
    picked(rows, (row) => isGrant(history, row) && !Number.isNaN(history.version[row]!)),
    history.version,
  );
  // Each lock has tokens of its own.
  during(() => {
    const names = doubles(order.length);
    for (let i = 0; i < order.length; i += 1) names[i] = thingOf(history, order[i]!);
    sortBy(order, names);
  });
  return order;
};

/**
 * Two grants with the same token, or a later one with a lower token.
 *
 * @param order see {@link byToken}
 */
export const tokenOrder = (history: History, order: Uint32Array): readonly Contradiction[] => {
  const isOfBefore = (row: number, i: number): boolean =>
    i > 0 && thingOf(history, row) === thingOf(history, order[i - 1]!);
  const pairs: Contradiction[] = [];
  const isSame = (row: number, i: number): boolean =>
    isOfBefore(row, i) && history.version[row] === history.version[order[i - 1]!];
  const same = order.findIndex(isSame);
  if (same > 0) {
    const because = ['A and B were granted with the same token, which was to tell them apart.'];
    const operations = [order[same - 1]!, order[same]!];
    const extra = picked(order, isSame).length;
    pairs.push({ rule: 'token-twice', evidence: 'clock-free', operations, because, atLeast: extra, atMost: extra });
  }
  let found: Backwards | undefined;
  let wrong = 0;
  for (let from = 0, to = 0; from < order.length; from = to) {
    for (to = from + 1; to < order.length && isOfBefore(order[to]!, to);) to += 1;
    // Texts tell holders apart, but have no order.
    const rising = order.subarray(from, to).filter((row) => isOrdinal(history.version[row]!));
    const one = backwardsOf(history, rising.length, {
      row: (i) => rising[i]!,
      rank: (i) => history.version[rising[i]!]!,
    });
    found ??= one;
    wrong += one?.rows ?? 0;
  }
  if (found !== undefined) {
    const because = ['A had been granted when B was asked for.', 'The token of B is lower than that of A.'];
    const operations = [found.earlier, found.later];
    pairs.push({ rule: 'token-order', evidence: 'same-host', operations, because, atLeast: 1, atMost: wrong });
  }
  return pairs;
};

/**
 * A hold that had not ended when a grant with a greater token was answered.
 *
 * @param order see {@link byToken}
 * @param ends by row, the earliest end of a grant's hold
 */
export const heldOutOfOrder = (history: History, order: Uint32Array, ends: Float64Array): readonly Contradiction[] => {
  let first: readonly [number, number] | undefined;
  let [count, last] = [0, -1];
  for (const row of order) {
    if (!isOrdinal(history.version[row]!)) continue;
    if (last >= 0 && thingOf(history, last) !== thingOf(history, row)) last = -1;
    if (last >= 0 && ends[last]! > history.ret[row]!) {
      first ??= [row, last];
      count += 1;
    }
    if (last < 0 || ends[row]! > ends[last]!) last = row;
  }
  if (first === undefined) return [];
  const because = ['The token of B is lower than that of A.', 'B was held longer than until the answer to A.'];
  return [{ rule: 'token-order', evidence: 'same-host', operations: first, because, atLeast: 1, atMost: count }];
};
