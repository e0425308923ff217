import type { History } from '../../../core/history/history.ts';
import type { Contradiction } from '../engines/engine.ts';
import type { Amounts, Change } from './amounts.ts';
import { isOversold } from './oversold.ts';
import { isRefusal, seerOf, timeless, type Seer } from './seer.ts';

/** Whether a number that was seen cannot have been there: each rule is checked by the sums that it claims, added up again. */
export const isLevelFinding = (history: History, known: Amounts, finding: Contradiction): boolean => {
  const { rule, operations: rows, evidence } = finding;
  const [a, b] = rows;
  if (evidence === 'session' && rows.some((row) => history.session[row] !== history.session[a ?? row])) return false;
  // A clock-free claim is checked without times, and one that rests on a session's order only by the times within that session.
  const isTimed = evidence !== 'clock-free';
  const isOther = (row: number): boolean => evidence !== 'session' || history.session[row] !== history.session[a!];
  const amounts = evidence === 'same-host' ? known : timeless(known, isOther);
  const last: Seer = { call: Infinity, ret: Infinity, level: amounts.final, side: 0, isChange: false };
  const seers = (row: number | undefined): Seer[] =>
    row === undefined ? [] : [seerOf(history, amounts, row, isTimed)];
  const [first, second] = [seers(a), seers(b)];
  const lastIfKnown = Number.isNaN(last.level) ? [] : [last];
  const exact = [...first, ...lastIfKnown].filter(({ side }) => side === 0);
  switch (rule) {
    case 'stale-read':
      return exact.some((one) =>
        [undefined, ...(one === last ? first : second)].some((earlier) => isTooLow(amounts, one, earlier)),
      );
    case 'read-ahead':
      return exact.some((one) => isTooHigh(amounts, one));
    case 'out-of-bounds':
      return exact.some((one) => isOutside(amounts, one));
    case 'went-backwards':
      return first.some((one) => [...second, ...lastIfKnown].some((other) => isBackwards(amounts, one, other)));
    case 'false-sold-out':
      return isFalseRefusal(history, amounts, finding, [first, second, lastIfKnown]);
    case 'told-twice':
      return a !== b && isToldTwice(amounts, a, b);
    case 'impossible-value':
      return a !== undefined && isNoMultiple(history, amounts, amounts.levelOf(a));
    case 'unexplained-change':
      return first.some((one) => [...second, ...lastIfKnown].some((other) => isTooFar(amounts, one, other)));
    case 'oversold':
      return isOversold(history, amounts, finding);
    default:
      return false;
  }
};

const sumOf = (changes: readonly Change[], isIn: (change: Change) => boolean): number =>
  changes.reduce((sum, change) => (isIn(change) ? sum + change.amount : sum), 0);

/**
 * The least and the greatest level that all changes allow: what had surely happened when the seer began, and what may have when it ended.
 */
const boundsOf = (
  { initial, changes }: Amounts,
  { call, ret }: Pick<Seer, 'call' | 'ret'>,
): readonly [number, number] => {
  const isEnded = (change: Change): boolean => change.isSure && change.ret < call;
  const isBegun = (change: Change): boolean => change.call <= ret;
  return [
    initial + sumOf(changes, (one) => (one.amount > 0 ? isEnded(one) : isBegun(one))),
    initial + sumOf(changes, (one) => (one.amount > 0 ? isBegun(one) : isEnded(one))),
  ];
};

/** A refused take saw no more than this level; how much less is unknown. */
const isOutside = (amounts: Amounts, seer: Seer): boolean => {
  const [least, most] = boundsOf(amounts, seer);
  return seer.level < (seer.side === 0 ? least : -Infinity) || (seer.side === 0 && seer.level > most);
};

/** How many changes of one size lead to a level, counted from 0 if the initial one is unknown: exactly, at least, or at most. */
const countOf = ({ initial, step }: Amounts, { level, side }: Seer): number => {
  const count = (level - (initial || 0)) / step;
  return side > 0 ? Math.ceil(count) : side < 0 ? Math.floor(count) : count;
};

/** With changes of one size: how many of those with unknown numbers come before what the seer saw. */
const untoldAt = (amounts: Amounts, seer: Seer): number => {
  const count = countOf(amounts, seer);
  const { initial, step, changes } = amounts;
  return count - changes.filter(({ told }) => (told - (initial || 0)) / step <= count).length;
};

/** More had surely happened, since an earlier level was seen or from the start, than was seen. */
const isTooLow = (amounts: Amounts, one: Seer, earlier: Seer | undefined): boolean => {
  if (one.side > 0) return false;
  if (earlier === undefined && isOutside(amounts, one)) return true;
  if (earlier === undefined && Number.isNaN(amounts.initial)) return false;
  if (earlier !== undefined && (!(earlier.ret < one.call) || earlier.side < 0)) return false;
  const from = earlier === undefined ? 0 : untoldAt(amounts, earlier);
  const since = amounts.changes.filter(
    ({ call, ret, told }) => Number.isNaN(told) && ret < one.call && (earlier === undefined || call > earlier.ret),
  );
  return untoldAt(amounts, one) < from + since.length;
};

/** Less had begun than was seen. */
const isTooHigh = (amounts: Amounts, one: Seer): boolean =>
  one.side >= 0 &&
  !Number.isNaN(amounts.initial) &&
  (isOutside(amounts, one) ||
    untoldAt(amounts, one) > amounts.changes.filter(({ call, told }) => Number.isNaN(told) && call <= one.ret).length);

/** The first had ended when the second began, and yet the second saw an earlier state. */
const isBackwards = (amounts: Amounts, first: Seer, second: Seer): boolean => {
  const { way, changes } = amounts;
  if (way === 0 || !(first.ret < second.call) || first.side < 0 || second.side > 0) return false;
  const isApart = first.side !== 0 || second.side !== 0;
  const ahead = isApart ? countOf(amounts, first) - countOf(amounts, second) : (first.level - second.level) * way;
  // If nothing changes the number, it stays what it is.
  if (changes.length === 0) return ahead !== 0;
  return ahead > 0 || (ahead === 0 && second.isChange && !first.isChange);
};

/** A refusal although enough were left: by what had begun, by what had been put back, or by a level seen at the time. */
const isFalseRefusal = (
  history: History,
  amounts: Amounts,
  { operations: [a, b] }: Contradiction,
  [first, second, last]: readonly [readonly Seer[], readonly Seer[], readonly Seer[]],
): boolean => {
  if (![a, b].some((row) => row !== undefined && isRefusal(history, row))) return false;
  return first.some(
    (one) =>
      (one.side !== 0 &&
        (isTooHigh(amounts, one) ||
          [undefined, ...second].some((earlier) => isTooLow(amounts, one, earlier)) ||
          boundsOf(amounts, one)[0] > one.level ||
          isBelowAll(history, amounts, one))) ||
      [...second, ...last].some((other) => isBackwards(amounts, one, other)),
  );
};

/** With takes of one size, a stock that was not oversold never gets this low. */
const isBelowAll = (history: History, amounts: Amounts, one: Seer): boolean => {
  const { initial, step } = amounts;
  const sum: Contradiction = {
    rule: 'oversold',
    evidence: 'clock-free',
    operations: [],
    because: [],
    atLeast: 1,
    atMost: null,
  };
  return (
    step < 0 && countOf(amounts, one) > Math.floor(Math.max(0, initial) / -step) && !isOversold(history, amounts, sum)
  );
};

const isToldTwice = ({ way, changes, toldOf }: Amounts, a: number | undefined, b: number | undefined): boolean =>
  way !== 0 &&
  changes.every(({ amount }) => amount !== 0) &&
  [a, b].every((row) => changes.some((one) => one.row === row)) &&
  toldOf(a!) === toldOf(b!);

/** All changes together do not lead from what one saw to what the other saw. */
const isTooFar = ({ changes }: Amounts, one: Seer, other: Seer): boolean =>
  one.side === 0 &&
  other.side === 0 &&
  Math.abs(one.level - other.level) > changes.reduce((sum, { amount }) => sum + Math.abs(amount), 0);

const isNoMultiple = (history: History, { initial, step, levelOf }: Amounts, level: number): boolean => {
  const isApart = (from: number): boolean =>
    Number.isFinite((level - from) / step) && !Number.isInteger((level - from) / step);
  if (!Number.isNaN(initial)) return isApart(initial);
  return history.f.some((_, row) => isApart(levelOf(row)));
};
