import type { Clock } from '../../../../core/clock.ts';
import { fail, type History, info } from '../../../../core/history/history.ts';
import { type Machine, refused } from './machine.ts';
import { full, Memo } from '../columns/memo.ts';

/** How far a search may go. */
export interface SearchLimits {
  readonly clock: Clock;
  /** The time of `clock`, in µs, at which the search gives up. */
  readonly untilUs: number;
  /** For the configurations that it remembers. */
  readonly mostBytes: number;
}

/**
 * What a search found: an order of all operations that the machine allows; that there is none; or that it had to give up.
 *
 * `stuck` is the row whose return no order gets past. `rows` are those that had begun by then; the ones that had not returned may have been
 * done at any later time, or not at all. `passed` is the number of operations that it got past before it gave up.
 */
export type Searched =
  | { readonly outcome: 'legal' }
  | { readonly outcome: 'illegal'; readonly stuck: number; readonly rows: Uint32Array }
  | { readonly outcome: 'unknown'; readonly because: 'time' | 'memory'; readonly passed: number };

const stepsBetweenLooks = 1024;

/**
 * Looks for an order of the operations on one key that agrees with the machine and with time: linearizability, for any machine (Wing & Gong
 * 1993, with Lowe's memory of 2017). Exact; exponential in the number of operations under way at once.
 *
 * Three cuts that lose no order: an operation that only looks is done as soon as possible; of equal operations with an unknown outcome the
 * earliest is done first; one that would change nothing is never done.
 *
 * @param given rows of the history, in any order; what surely failed, and what only looks and was not answered, is left out
 */
export const search = (history: History, given: Uint32Array, machine: Machine, limits: SearchLimits): Searched => {
  const { onlyLooks = () => false } = machine;
  const line = lineOf(history, given, machine);
  const { rows, isOpen, twin, next, previous, rank } = line;
  const count = rows.length;
  const isDone = new Uint8Array(count);
  const memo = new Memo(limits.mostBytes);
  // What was done, in order, and the state before each.
  const done = new Int32Array(count);
  const stateBefore = new Int32Array(count);
  const highestBefore = new Int32Array(count);
  const isForced = new Uint8Array(count);
  const configuration = new Int32Array(count + 2);

  let state = machine.initial;
  let depth = 0;
  let highest = -1;
  let hash = 0;
  let left = line.returning;
  let farthest = -1;
  let isChoosing = false;
  let at = next[0]!;
  let steps = 0;

  const lift = (index: number, to: number, forced: 0 | 1): void => {
    stateBefore[depth] = state;
    highestBefore[depth] = highest;
    isForced[depth] = forced;
    done[depth++] = index;
    isDone[index] = 1;
    hash ^= wordOf(index);
    if (index > highest) highest = index;
    state = to;
    if (isOpen[index] === 0) {
      left--;
      unlink(count + 1 + index);
    }
    unlink(index + 1);
  };
  const unlink = (node: number): void => {
    next[previous[node]!] = next[node]!;
    previous[next[node]!] = previous[node]!;
  };
  const relink = (node: number): void => {
    next[previous[node]!] = node;
    previous[next[node]!] = node;
  };
  /** Undoes the last operation; gives its index. */
  const drop = (): number => {
    const index = done[--depth]!;
    relink(index + 1);
    if (isOpen[index] === 0) {
      left++;
      relink(count + 1 + index);
    }
    state = stateBefore[depth]!;
    highest = highestBefore[depth]!;
    hash ^= wordOf(index);
    isDone[index] = 0;
    return index;
  };
  /** 1 if this configuration is new: the state, the last operation done, and those before it that are not done. */
  const isNew = (): number => {
    configuration[0] = state;
    configuration[1] = highest;
    let length = 2;
    for (let node = next[0]!; node <= highest; node = next[node]!) configuration[length++] = node;
    return memo.add(hash ^ wordOf(-2 - state), configuration, length);
  };

  // oxlint-disable-next-line no-unmodified-loop-condition -- `lift` and `drop` change both
  while (left > 0) {
    if (++steps % stepsBetweenLooks === 0 && limits.clock.now() >= limits.untilUs) return unknown('time');
    if (at <= count) {
      const index = at - 1;
      const isLeftOut = isOpen[index] === 1 && !(isChoosing && mayBeDone(index));
      const to = isLeftOut ? refused : machine.step(state, rows[index]!);
      if (!isChoosing && to === state && isOpen[index] === 0 && onlyLooks(rows[index]!)) {
        lift(index, to, 1);
        at = next[at]!;
      } else if (isChoosing && to !== refused && (to !== state || isOpen[index] === 0)) {
        lift(index, to, 0);
        isChoosing = false;
        at = next[0]!;
      } else at = next[at]!;
      continue;
    }
    // A return: its operation must have been done by now.
    if (!isChoosing) {
      const added = isNew();
      if (added === full) return unknown('memory');
      isChoosing = added === 1;
      at = next[0]!;
      if (isChoosing) continue;
    } else farthest = Math.max(farthest, rank[at - count - 1]!);
    // oxlint-disable-next-line no-unmodified-loop-condition -- as above
    while (depth > 0 && isForced[depth - 1] === 1) drop();
    if (depth === 0) return illegal();
    isChoosing = true;
    at = next[drop() + 1]!;
  }
  return { outcome: 'legal' };

  function mayBeDone(index: number): boolean {
    return twin[index]! < 0 || isDone[twin[index]!] === 1;
  }
  function unknown(because: 'time' | 'memory'): Searched {
    return { outcome: 'unknown', because, passed: Math.max(0, farthest) };
  }
  function illegal(): Searched {
    const stuck = rows[line.byReturn[farthest]!]!;
    return { outcome: 'illegal', stuck, rows: rows.filter((row) => history.call[row]! <= history.ret[stuck]!) };
  }
};

/** Calls and returns in order of time, as a list that is taken apart and put together again: 0 is before all, 2n + 1 after all. */
interface Line {
  /** In the order of their calls. */
  readonly rows: Uint32Array;
  /** Whether the outcome is unknown: such an operation has no return in the list. */
  readonly isOpen: Uint8Array;
  /** For an operation with an unknown outcome: the equal one that was called before it, or −1. */
  readonly twin: Int32Array;
  /** The node of call i is i + 1, that of its return n + 1 + i. */
  readonly next: Int32Array;
  readonly previous: Int32Array;
  /** The rank of each operation's return, counted from 0, and the reverse. */
  readonly rank: Int32Array;
  readonly byReturn: Uint32Array;
  readonly returning: number;
}

const lineOf = (history: History, given: Uint32Array, { onlyLooks, asksForSession = false }: Machine): Line => {
  const { call, ret, status } = history;
  const rows = given
    .filter((row) => status[row] !== fail && !(status[row] === info && onlyLooks?.(row) === true))
    .sort((a, b) => call[a]! - call[b]! || ret[a]! - ret[b]! || a - b);
  const count = rows.length;
  const isOpen = Uint8Array.from(rows, (row) => (status[row] === info || ret[row] === Infinity ? 1 : 0));
  const byReturn = Uint32Array.from(rows.keys())
    .filter((index) => isOpen[index] === 0)
    .sort((a, b) => ret[rows[a]!]! - ret[rows[b]!]! || a - b);
  const rank = new Int32Array(count).fill(-1);
  for (const [place, index] of byReturn.entries()) rank[index] = place;
  const [next, previous] = [new Int32Array(2 * count + 2), new Int32Array(2 * count + 2)];
  let last = 0;
  const append = (node: number): void => {
    next[last] = node;
    previous[node] = last;
    last = node;
  };
  let returned = 0;
  for (let index = 0; index < count; index++) {
    // Both ends belong to an operation: a return at the very moment of a call is not before it.
    while (returned < byReturn.length && ret[rows[byReturn[returned]!]!]! < call[rows[index]!]!)
      append(count + 1 + byReturn[returned++]!);
    append(index + 1);
  }
  while (returned < byReturn.length) append(count + 1 + byReturn[returned++]!);
  append(2 * count + 1);
  return {
    rows,
    isOpen,
    twin: twinsOf(history, rows, isOpen, asksForSession),
    next,
    previous,
    rank,
    byReturn,
    returning: returned,
  };
};

const twinsOf = (history: History, rows: Uint32Array, isOpen: Uint8Array, isBySession: boolean): Int32Array => {
  const { f, value, operand, version, session } = history;
  const latest = new Map<string, number>();
  return Int32Array.from(rows, (row, index) => {
    if (isOpen[index] === 0) return -1;
    const what = [f[row], value[row], operand[row], version[row], isBySession ? session[row] : 0].join(' ');
    const twin = latest.get(what) ?? -1;
    latest.set(what, index);
    return twin;
  });
};

/** 32 bits of the operation's own (Zobrist): a set's hash is the XOR of its members'. The mixer is `lowbias32`. */
const wordOf = (index: number): number => {
  let x = index ^ 0x9e3779b9;
  x = Math.imul(x ^ (x >>> 16), 0x7feb352d);
  x = Math.imul(x ^ (x >>> 15), 0x846ca68b);
  return x ^ (x >>> 16);
};
