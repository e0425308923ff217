import { info } from '../../../../core/history/history.ts';
import type { History } from '../../../../core/history/history.ts';
import type { Contradiction, Known } from '../engine.ts';
import type { Ledger } from './ledger.ts';
import { doubles, picked, words } from '../columns/scratch.ts';
import { firstFrom, indexes, justAbove, sortedBy } from '../columns/sorted.ts';
import { backwardsOf } from '../steps/schedule.ts';
import { grouped, plural } from '../phrase.ts';

/** The sum of the changes that had surely happened before a time (or had begun by it). */
type SumAt = (time: number) => number;

/**
 * Checks every number that was seen against the least and the greatest that the changes around it allow: those that had ended count, those
 * still under way may. Necessary conditions only, n log n.
 *
 * Rules: `stale-read` and `read-ahead` if all changes go one way, otherwise `out-of-bounds`; for a stock also `oversold` and
 * `false-sold-out`; `went-backwards` if all changes go one way.
 */
export const judgeByBounds = (
  history: History,
  ledger: Ledger,
  { initial, final }: Known,
  isStock: boolean,
): readonly Contradiction[] => {
  const { account } = ledger;
  const way = account.least >= 0 ? 1 : account.most <= 0 ? -1 : 0;
  const found = way === 0 ? [] : wentBackwards(history, ledger, way);
  const sums = (isCounted: (amount: number) => boolean, column: 'call' | 'ret', isAfter: boolean): SumAt =>
    sumsBy(history, ledger, isCounted, column, isAfter);
  const isMore = (amount: number): boolean => amount > 0;
  const isLess = (amount: number): boolean => amount < 0;
  const [moreBegun, lessBegun] = [sums(isMore, 'call', true), sums(isLess, 'call', true)];
  if (Number.isNaN(initial)) return [...tooFarApart(ledger, moreBegun(Infinity) - lessBegun(Infinity)), ...found];
  const [moreEnded, lessEnded] = [sums(isMore, 'ret', false), sums(isLess, 'ret', false)];
  const within: Bounds = {
    leastIn: (call, ret) => initial + moreEnded(call) + lessBegun(ret),
    mostIn: (call, ret) => initial + moreBegun(ret) + lessEnded(call),
    least: initial + lessBegun(Infinity),
    most: initial + moreBegun(Infinity),
  };
  const seen = [...outside(history, ledger, within, way)];
  if (!isStock) return [...seen, ...found];
  const lessDone = sums(isLess, 'ret', true);
  return [
    ...oversold(
      history,
      ledger,
      { initial, final },
      { all: moreBegun(Infinity), at: (time) => moreBegun(time) + lessDone(time) },
    ),
    ...falselySoldOut(history, ledger, within),
    ...seen,
    ...found,
  ];
};

/** What a number may have been, during an operation and at all. */
interface Bounds {
  readonly leastIn: (call: number, ret: number) => number;
  readonly mostIn: (call: number, ret: number) => number;
  readonly least: number;
  readonly most: number;
}

const sumsBy = (
  history: History,
  { changes, amounts }: Pick<Ledger, 'changes' | 'amounts'>,
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

const outside = (
  history: History,
  { readings, levels, changes, told }: Ledger,
  within: Bounds,
  way: number,
): readonly Contradiction[] => {
  const first: { [rule: string]: { row: number; because: string; rows: number; isClockFree: boolean } } = {};
  const look = (row: number, level: number): void => {
    const [call, ret] = [history.call[row]!, history.ret[row]!];
    const [least, most] = [within.leastIn(call, ret), within.mostIn(call, ret)];
    if (!(level < least) && !(level > most)) return;
    const isShort = way > 0 ? level < least : level > most;
    const rule = way === 0 ? 'out-of-bounds' : isShort ? 'stale-read' : 'read-ahead';
    const isClockFree = level < within.least || level > within.most;
    const because = isClockFree
      ? `A saw ${level}. By all changes there are, it was ${within.least} to ${within.most} at any time.`
      : `A saw ${level}. By what had ended when it began and what had begun when it ended, it was ${least} to ${most}.`;
    const { rows, ...before } = first[rule] ?? { row, because, rows: 0, isClockFree };
    first[rule] = {
      ...(isClockFree && !before.isClockFree ? { row, because, isClockFree } : before),
      rows: rows + 1,
    };
  };
  for (let i = 0; i < readings.length; i += 1) look(readings[i]!, levels[i]!);
  for (let i = 0; i < changes.length; i += 1) if (!Number.isNaN(told[i])) look(changes[i]!, told[i]!);
  return Object.entries(first).map(([rule, { row, because, rows, isClockFree }]) => ({
    rule,
    evidence: isClockFree ? 'clock-free' : 'same-host',
    operations: [row, ...changes.filter((change) => change !== row).subarray(0, 4)],
    because: [because],
    atLeast: rows,
    atMost: rows,
  }));
};

/** With an unknown initial value: two numbers that were seen, further apart than all changes together could lead. */
const tooFarApart = ({ readings, levels, changes, told }: Ledger, reach: number): readonly Contradiction[] => {
  let [low, high] = [
    { row: -1, level: Infinity },
    { row: -1, level: -Infinity },
  ];
  const look = (row: number, level: number): void => {
    if (level < low.level) low = { row, level };
    if (level > high.level) high = { row, level };
  };
  for (let i = 0; i < readings.length; i += 1) look(readings[i]!, levels[i]!);
  for (let i = 0; i < changes.length; i += 1) look(changes[i]!, told[i]!);
  if (!(high.level - low.level > reach)) return [];
  return [
    {
      rule: 'unexplained-change',
      evidence: 'clock-free',
      operations: [low.row, high.row],
      because: [
        `A saw ${low.level} and B saw ${high.level}; all ${plural(changes.length, 'change')} together lead no further than ${reach}: a foreign write.`,
      ],
      atLeast: 1,
      atMost: null,
    },
  ];
};

/** @param back what was or may have been put back: in all, and by a time, less what had surely been taken by then */
const oversold = (
  history: History,
  { changes, amounts, account, readings, levels, told }: Ledger,
  { initial, final }: Known,
  back: { readonly all: number; readonly at: SumAt },
): readonly Contradiction[] => {
  const takes = changes.filter((row, i) => amounts[i]! < 0 && history.status[row] !== info);
  const order = sortedBy(takes, history.ret);
  const there = Math.max(0, initial);
  const contradiction = (
    granted: number,
    of: number,
    rest: Pick<Contradiction, 'evidence' | 'operations' | 'because'>,
  ) => [{ rule: 'oversold', atLeast: granted - of, atMost: null, sold: { granted, of }, ...rest }];
  const taken = back.all - (account.acknowledged + account.unknownMore);
  if (taken > there + back.all) {
    const because = [
      `There were ${grouped(there)}${back.all > 0 ? `, and ${grouped(back.all)} were or may have been put back` : ''}; ${plural(takes.length, 'take')} of ${grouped(taken)} in all were acknowledged: ${grouped(taken)} granted of ${grouped(there + back.all)}.`,
      `${taken - there - back.all} more than there were: these takes were the last to be acknowledged.`,
    ];
    return contradiction(taken, there + back.all, {
      evidence: 'clock-free',
      operations: [...order.subarray(-5)],
      because,
    });
  }
  const lowestRight = Math.min(0, initial);
  let lowest = { row: -1, level: Math.min(lowestRight, Number.isNaN(final) ? 0 : final) };
  const look = (row: number, level: number): void => {
    if (level < lowest.level) lowest = { row, level };
  };
  for (let i = 0; i < readings.length; i += 1) look(readings[i]!, levels[i]!);
  for (let i = 0; i < changes.length; i += 1) look(changes[i]!, told[i]!);
  if (lowest.level < lowestRight) {
    const of = there + back.all;
    const because = [`${lowest.row < 0 ? 'The final read' : 'A'} saw ${lowest.level}: it fell below 0.`];
    const operations = lowest.row < 0 ? [...order.subarray(-5)] : [lowest.row];
    return contradiction(of - lowest.level, of, { evidence: 'clock-free', operations, because });
  }
  let worst = { place: -1, level: lowestRight };
  for (let place = 0; place < order.length; place += 1) {
    const level = initial + back.at(history.ret[order[place]!]!);
    if (level < worst.level) worst = { place, level };
  }
  if (worst.place < 0) return [];
  const until = sumsBy(history, { changes, amounts }, (amount) => amount < 0, 'ret', true);
  const granted = -until(history.ret[order[worst.place]!]!);
  return contradiction(granted, granted + worst.level, {
    evidence: 'same-host',
    operations: [...order.subarray(Math.max(0, worst.place - 4), worst.place + 1)],
    because: [
      `When the last of these takes was acknowledged, ${granted} had been granted of the ${granted + worst.level} that were there or may have been put back by then.`,
    ],
  });
};

const falselySoldOut = (
  history: History,
  { refusals }: Ledger,
  { leastIn, least }: Bounds,
): readonly Contradiction[] => {
  const leftAt = (row: number): number => leastIn(history.call[row]!, history.ret[row]!);
  const wanted = (row: number): number => (Number.isNaN(history.operand[row]!) ? 1 : history.operand[row]!);
  const wrong = refusals.filter((row) => leftAt(row) >= wanted(row));
  if (wrong.length === 0) return [];
  const row = wrong.find((one) => least >= wanted(one)) ?? wrong[0]!;
  return [
    {
      rule: 'false-sold-out',
      evidence: least >= wanted(row) ? 'clock-free' : 'same-host',
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
