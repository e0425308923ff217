import { fail, type History, info } from '../../../../core/history/history.ts';
import { type Machine, refused } from './machine.ts';

/** With more configurations than this, the answer would take too long. */
const mostConfigurations = 300_000;

/**
 * Whether it is true that no order of these operations, allowed by the machine and consistent with time, gets past the return of `stuck`.
 * Walks through time with all states that are possible at each moment: a different method from the search's, so that a mistake in one is
 * not repeated in the other.
 *
 * @returns `undefined` if there is too much to walk through
 */
export const isDeadEnd = (
  history: History,
  rows: Uint32Array,
  stuck: number,
  machine: Machine,
): boolean | undefined => {
  const { call, ret, status } = history;
  const end = ret[stuck]!;
  const begun = rows.filter((row) => status[row] !== fail && call[row]! <= end);
  const returning = begun.filter((row) => status[row] !== info && ret[row]! <= end);
  const moments = [
    ...Array.from(begun, (row) => ({ time: call[row]!, isReturn: false, row })),
    ...Array.from(returning, (row) => ({ time: ret[row]!, isReturn: true, row })),
  ].sort((a, b) => a.time - b.time || Number(a.isReturn) - Number(b.isReturn) || a.row - b.row);

  const pending = new Set<number>();
  let possible = new Map<string, Possible>([keyed({ state: machine.initial, early: [] })]);
  let walked = 0;
  for (const { isReturn, row } of moments) {
    if (!isReturn) {
      pending.add(row);
      continue;
    }
    const after = new Map<string, Possible>();
    const seen = new Set<string>();
    const open = [...possible];
    for (let one = open.pop(); one !== undefined; one = open.pop()) {
      const [key, { state, early }] = one;
      if (seen.has(key)) continue;
      seen.add(key);
      if (++walked > mostConfigurations) return undefined;
      if (early.includes(row)) {
        after.set(...keyed({ state, early: early.filter((other) => other !== row) }));
        continue;
      }
      for (const other of pending) {
        const next = early.includes(other) ? refused : machine.step(state, other);
        if (next !== refused) open.push(keyed({ state: next, early: [...early, other].sort((a, b) => a - b) }));
      }
    }
    pending.delete(row);
    if (after.size === 0) return true;
    possible = after;
  }
  return false;
};

/** A possible state of the object, and the operations that were done although they have not returned yet. */
interface Possible {
  readonly state: number;
  readonly early: readonly number[];
}

const keyed = (one: Possible): [string, Possible] => [`${one.state} ${one.early.join(',')}`, one];
