import { type History, operations } from '../../../../core/history/history.ts';
import type { Machine } from './machine.ts';
import { search, type Searched, type SearchLimits } from './search.ts';

/** No order gets past the return of `stuck`, however the operations of `rows` that had begun by then are ordered. */
export interface Dead {
  readonly stuck: number;
  readonly rows: Uint32Array;
}

const cas = operations.indexOf('cas');

/**
 * Fewer operations, out of many, that no order allows.
 *
 * Whatever is left out can also be left out of any legal order: operations that only look, and for a register everything that was ever said
 * about a value. So what cannot be ordered without them cannot be ordered with them.
 *
 * @param isRegister whether operations name values, as in a register, so that whole values may be left out
 * @param limits `untilUs` for all of it; it ends early once nothing more can be left out
 */
export const shrink = (
  history: History,
  dead: Dead,
  machine: Machine,
  isRegister: boolean,
  limits: SearchLimits,
): Dead => {
  const tried = (rows: Uint32Array): Searched => search(history, rows, machine, limits);
  const without = (before: Dead, groups: readonly (readonly number[])[]): Dead => {
    let least = before;
    let parts = groups;
    for (let size = Math.ceil(parts.length / 2); size > 0 && parts.length > 0;) {
      let isLess = false;
      for (let from = 0; from < parts.length; from += size) {
        if (limits.clock.now() >= limits.untilUs) return least;
        const out = new Set(parts.slice(from, from + size).flat());
        const found = tried(least.rows.filter((row) => !out.has(row)));
        if (found.outcome !== 'illegal') continue;
        least = found;
        const left = new Set(found.rows);
        parts = parts.filter((part, at) => (at < from || at >= from + size) && part.some((row) => left.has(row)));
        isLess = true;
        from -= size;
      }
      if (size > 1) size = Math.ceil(size / 2);
      else if (!isLess) break;
    }
    return least;
  };
  const byValue = isRegister ? without(dead, valuesOf(history, dead.rows)) : dead;
  return without(
    byValue,
    [...byValue.rows].filter((row) => machine.onlyLooks?.(row) === true).map((row) => [row]),
  );
};

/** The rows that name one value; a compare-and-swap joins its two. */
const valuesOf = ({ f, value, operand }: History, rows: Uint32Array): number[][] => {
  const parents = new Map<number, number>();
  const rootOf = (said: number): number => {
    let root = said;
    // What was not said is NaN, and not equal to itself.
    for (let up = parents.get(root); up !== undefined && !Object.is(up, root); up = parents.get(root)) root = up;
    parents.set(said, root);
    return root;
  };
  for (const row of rows)
    if (f[row] === cas && !Number.isNaN(operand[row]!)) parents.set(rootOf(value[row]!), rootOf(operand[row]!));
  const groups = new Map<number, number[]>();
  for (const row of rows) {
    const root = rootOf(value[row]!);
    const group = groups.get(root);
    if (group === undefined) groups.set(root, [row]);
    else group.push(row);
  }
  return [...groups.values()];
};
