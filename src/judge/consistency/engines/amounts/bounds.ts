import { info } from '../../../../core/history/history.ts';
import type { History } from '../../../../core/history/history.ts';
import type { Contradiction } from '../engine.ts';
import type { Ledger } from './ledger.ts';
import { doubles, picked, words } from '../columns/scratch.ts';
import { firstFrom, indexes, justAbove, sortedBy } from '../columns/sorted.ts';
import { backwardsOf } from '../steps/schedule.ts';
import { plural } from '../phrase.ts';

/** Sums of what had surely happened before a time (or had begun by it). */
type SumAt = (time: number) => number;

/**
 * Holds every number that was seen against the least and the greatest that the changes around it allow: those that had
 * ended count, those that were on their way may. Necessary conditions only, n log n.
 *
 * Rules: `stale-read` and `read-ahead` where all changes go one way, otherwise `out-of-bounds`; of a stock `oversold` and
 * `false-sold-out`; `went-backwards` where all changes go one way.
 */
export const judgeByBounds = (
  history: History,
  ledger: Ledger,
  initial: number,
  isStock: boolean,
): readonly Contradiction[] => {
  const { account } = ledger;
  const way = account.least >= 0 ? 1 : account.most <= 0 ? -1 : 0;
  const found = way === 0 ? [] : wentBackwards(history, ledger, way);
  if (Number.isNaN(initial)) return found;
  const sums = (isCounted: (amount: number) => boolean, column: 'call' | 'ret', isAfter: boolean): SumAt =>
    sumsBy(history, ledger, isCounted, column, isAfter);
  const isMore = (amount: number): boolean => amount > 0;
  const isLess = (amount: number): boolean => amount < 0;
  const [moreEnded, moreBegun] = [sums(isMore, 'ret', false), sums(isMore, 'call', true)];
  const [lessEnded, lessBegun] = [sums(isLess, 'ret', false), sums(isLess, 'call', true)];
  const leastIn = (call: number, ret: number): number => initial + moreEnded(call) + lessBegun(ret);
  const mostIn = (call: number, ret: number): number => initial + moreBegun(ret) + lessEnded(call);
  const seen = [...outside(history, ledger, leastIn, mostIn, way)];
  if (!isStock) return [...seen, ...found];
  const lessDone = sums(isLess, 'ret', true);
  return [
    ...oversold(history, ledger, (time) => initial + moreBegun(time) + lessDone(time)),
    ...falselySoldOut(history, ledger, leastIn),
    ...seen,
    ...found,
  ];
};

const sumsBy = (
  history: History,
  { changes, amounts }: Ledger,
  isCounted: (amount: number) => boolean,
  column: 'call' | 'ret',
  isAfter: boolean,
): SumAt => {
  const counted = indexes(changes.length).filter(
    (i) => isCounted(amounts[i]!) && (column === 'call' || history.status[changes[i]!] !== info),
  );
  const own = new Float64Array(changes.length);
  for (let i = 0; i < changes.length; i += 1) own[i] = history[column][changes[i]!]!;
  const order = sortedBy(counted, own);
  const times = new Float64Array(order.length);
  const sums = new Float64Array(order.length + 1);
  for (let i = 0; i < order.length; i += 1) {
    times[i] = own[order[i]!]!;
    sums[i + 1] = sums[i]! + amounts[order[i]!]!;
  }
  return (time) => sums[firstFrom(times, isAfter ? justAbove(time) : time)]!;
};

type BoundIn = (call: number, ret: number) => number;

const outside = (
  history: History,
  { readings, levels, changes, told }: Ledger,
  leastIn: BoundIn,
  mostIn: BoundIn,
  way: number,
): readonly Contradiction[] => {
  const first: { [rule: string]: { row: number; because: string; rows: number } } = {};
  const look = (row: number, level: number): void => {
    const [call, ret] = [history.call[row]!, history.ret[row]!];
    const [least, most] = [leastIn(call, ret), mostIn(call, ret)];
    if (!(level < least) && !(level > most)) return;
    const isShort = way > 0 ? level < least : level > most;
    const rule = way === 0 ? 'out-of-bounds' : isShort ? 'stale-read' : 'read-ahead';
    const because = `A saw ${level}. By what had ended when it began and what had begun when it ended, it was ${least} to ${most}.`;
    first[rule] ??= { row, because, rows: 0 };
    first[rule].rows += 1;
  };
  for (let i = 0; i < readings.length; i += 1) look(readings[i]!, levels[i]!);
  for (let i = 0; i < changes.length; i += 1) if (!Number.isNaN(told[i])) look(changes[i]!, told[i]!);
  return Object.entries(first).map(([rule, { row, because, rows }]) => ({
    rule,
    evidence: 'same-host',
    operations: [row, ...changes.filter((change) => change !== row).subarray(0, 4)],
    because: [because],
    atLeast: rows,
    atMost: rows,
  }));
};

const oversold = (history: History, { changes, amounts }: Ledger, mostAt: SumAt): readonly Contradiction[] => {
  const takes = changes.filter((row, i) => amounts[i]! < 0 && history.status[row] !== info);
  const order = sortedBy(takes, history.ret);
  let worst = { place: -1, level: 0 };
  for (let place = 0; place < order.length; place += 1) {
    const level = mostAt(history.ret[order[place]!]!);
    if (level < worst.level) worst = { place, level };
  }
  if (worst.place < 0) return [];
  return [
    {
      rule: 'oversold',
      evidence: changes.length === takes.length ? 'clock-free' : 'same-host',
      operations: [...order.subarray(Math.max(0, worst.place - 4), worst.place + 1)],
      because: [
        `Of all that was there or may have been put back, ${plural(-worst.level, 'piece')} too many had been sold when the last of these takes was acknowledged.`,
      ],
      atLeast: -worst.level,
      atMost: null,
    },
  ];
};

const falselySoldOut = (history: History, { refusals }: Ledger, leastIn: BoundIn): readonly Contradiction[] => {
  const leftAt = (row: number): number => leastIn(history.call[row]!, history.ret[row]!);
  const wanted = (row: number): number => history.operand[row]! || 1;
  const wrong = refusals.filter((row) => leftAt(row) >= wanted(row));
  if (wrong.length === 0) return [];
  const row = wrong[0]!;
  return [
    {
      rule: 'false-sold-out',
      evidence: 'same-host',
      operations: [row],
      because: [
        `A asked for ${wanted(row)} and was refused, though at least ${leftAt(row)} were left, whatever became of the others.`,
      ],
      atLeast: wrong.length,
      atMost: wrong.length,
    },
  ];
};

const wentBackwards = (history: History, ledger: Ledger, way: number): readonly Contradiction[] => {
  const said = picked(indexes(ledger.changes.length), (i) => !Number.isNaN(ledger.told[i]));
  const row = words(ledger.readings.length + said.length);
  const level = doubles(row.length);
  row.set(ledger.readings);
  level.set(ledger.levels);
  for (let i = 0, n = ledger.readings.length; i < said.length; i += 1, n += 1) {
    row[n] = ledger.changes[said[i]!]!;
    level[n] = ledger.told[said[i]!]!;
  }
  for (let i = 0; i < level.length; i += 1) level[i]! *= way;
  const order = sortedBy(indexes(row.length), level);
  const found = backwardsOf(history, row.length, { row: (i) => row[order[i]!]!, rank: (i) => level[order[i]!]! });
  if (found === undefined) return [];
  return [
    {
      rule: 'went-backwards',
      evidence: 'same-host',
      operations: [found.earlier, found.later],
      because: ['A had ended when B began.', 'B saw less of the changes than A, though they only go one way.'],
      atLeast: 1,
      atMost: found.rows,
    },
  ];
};
