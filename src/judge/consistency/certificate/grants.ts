import { ok, operations, type History } from '../../../core/history/history.ts';
import type { Contradiction, Known } from '../engines/engine.ts';

/** What is promised about grants, as they are judged. */
export interface Limited {
  readonly limit: number;
  /** The length of the window; Infinity if the limit applies altogether. */
  readonly windowNs: number;
  readonly isSliding: boolean;
}

const grantOf = operations.indexOf('grant');

/** Whether there were as many grants as claimed, and no room for them. */
export const isGrantFinding = (
  { f, status, call, ret }: History,
  { initial }: Known,
  { rule, operations: [a, b = a], sold, atLeast, evidence }: Contradiction,
  { limit, windowNs, isSliding }: Limited,
): boolean => {
  if (rule !== 'over-limit' || a === undefined || b === undefined || sold === undefined) return false;
  if (sold.granted - sold.of < atLeast && windowNs < Infinity) return false;
  const grants = Array.from(f.keys()).filter((row) => f[row] === grantOf && status[row] === ok);
  if (!grants.includes(a) || !grants.includes(b)) return false;
  if (windowNs === Infinity) return (initial || 0) + grants.length === sold.granted && sold.granted > limit;
  if (evidence !== 'same-host') return false;
  if (isSliding) {
    const inside = grants.filter((row) => call[row]! >= call[a]! && ret[row]! <= ret[b]!);
    return (
      ret[b]! - call[a]! <= windowNs && inside.length === sold.granted && sold.of === limit && sold.granted > limit
    );
  }
  return !areInWindows(
    grants.filter((row) => call[row]! >= call[a]! && call[row]! <= call[b]!),
    { call, ret },
    limit,
    windowNs,
  );
};

/**
 * Whether windows that do not overlap have room for these grants. Works from the last grant to the first, each window as late as possible
 * and as full as possible: the opposite direction to the engine's.
 */
const areInWindows = (
  grants: readonly number[],
  { call, ret }: Pick<History, 'call' | 'ret'>,
  limit: number,
  windowNs: number,
): boolean => {
  const inOrder = grants.toSorted((x, y) => call[x]! - call[y]!);
  const latest: number[] = [];
  for (const row of inOrder) latest.push(Math.max(latest.at(-1) ?? -Infinity, ret[row]!));
  // For each grant, the latest start of a window that begins with it, such that all grants from there on have room.
  const begins: number[] = Array.from({ length: inOrder.length + 1 }, () => -Infinity);
  begins[inOrder.length] = Infinity;
  for (let first = inOrder.length - 1; first >= 0; first--)
    for (let next = Math.min(first + limit, inOrder.length); next > first && begins[first] === -Infinity; next--) {
      // The window reaches the last of its grants, begins no later than the first may be made, and is over when the next one begins.
      const begin = Math.min(latest[first]!, begins[next]! - windowNs);
      if (begin + windowNs >= call[inOrder[next - 1]!]!) begins[first] = begin;
    }
  return begins[0]! > -Infinity;
};
