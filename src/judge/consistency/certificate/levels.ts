import { fail, operations } from '../../../core/history/history.ts';
import type { History } from '../../../core/history/history.ts';
import type { Contradiction } from '../engines/engine.ts';
import type { Amounts, Change } from './amounts.ts';

const takeOf = operations.indexOf('take');

/** Who saw a level: an operation, or the final read. */
interface Seer {
  readonly call: number;
  readonly ret: number;
  readonly level: number;
  /** It changed the number itself. */
  readonly isChange: boolean;
}

/** Whether a number that was seen cannot have been there: each rule by the sums that it claims, added up anew. */
export const isLevelFinding = (
  history: History,
  amounts: Amounts,
  { rule, operations: rows }: Contradiction,
): boolean => {
  const [a, b] = rows;
  const last: Seer = { call: Infinity, ret: Infinity, level: amounts.final, isChange: false };
  const seers = (row: number | undefined): Seer[] => (row === undefined ? [] : [seerOf(history, amounts, row)]);
  const [first, second] = [seers(a), seers(b)];
  const lastIfKnown = Number.isNaN(last.level) ? [] : [last];
  switch (rule) {
    case 'stale-read':
      return (
        first.some(
          (one) => isTooLow(amounts, one, undefined) || second.some((other) => isTooLow(amounts, one, other)),
        ) ||
        lastIfKnown.some(
          (one) => isTooLow(amounts, one, undefined) || first.some((other) => isTooLow(amounts, one, other)),
        )
      );
    case 'read-ahead':
      return [...first, ...lastIfKnown].some((one) => isTooHigh(amounts, one));
    case 'out-of-bounds':
      return first.some((one) => isOutside(amounts, one));
    case 'went-backwards':
      return first.some((one) => [...second, ...lastIfKnown].some((other) => isBackwards(amounts, one, other)));
    case 'false-sold-out':
      return (
        a !== undefined &&
        isRefusal(history, a) &&
        first.some(
          (one) =>
            isTooHigh(amounts, one) ||
            [...second, ...lastIfKnown].some((other) => isBackwards(amounts, one, other)) ||
            isLeftEnough(history, amounts, a),
        )
      );
    case 'told-twice':
      return first.some((one) => second.some((other) => isToldTwice(amounts, one, other) && a !== b));
    case 'impossible-value':
      return first.some(({ level }) => isNoMultiple(history, amounts, level));
    case 'oversold':
      return isOversold(history, amounts, rows);
    default:
      return false;
  }
};

const isRefusal = ({ f, status }: History, row: number): boolean => f[row] === takeOf && status[row] === fail;

const seerOf = (history: History, amounts: Amounts, row: number): Seer => {
  const { changes, initial, step } = amounts;
  const change = changes.find((one) => one.row === row);
  // Whoever was refused saw that not one more could be taken.
  const soldOut = initial + step * Math.floor(initial / -step);
  return {
    call: history.call[row]!,
    ret: change?.ret ?? history.ret[row]!,
    level: isRefusal(history, row) ? soldOut : (change?.told ?? amounts.levelOf(row)),
    isChange: change !== undefined,
  };
};

const sumOf = (changes: readonly Change[], isIn: (change: Change) => boolean): number =>
  changes.reduce((sum, change) => (isIn(change) ? sum + change.amount : sum), 0);

/** By all changes: what had surely happened when it began, and what may have when it ended. */
const isOutside = ({ initial, changes }: Amounts, { call, ret, level }: Seer): boolean => {
  const isEnded = (change: Change): boolean => change.isSure && change.ret < call;
  const isBegun = (change: Change): boolean => change.call <= ret;
  const least = initial + sumOf(changes, (one) => (one.amount > 0 ? isEnded(one) : isBegun(one)));
  const most = initial + sumOf(changes, (one) => (one.amount > 0 ? isBegun(one) : isEnded(one)));
  return level < least || level > most;
};

/** Of changes of one size: how many of those whose number nobody was told come before a level. */
const untoldAt = ({ initial, step, changes }: Amounts, level: number): number => {
  const count = (one: number): number => (one - initial) / step;
  return count(level) - changes.filter(({ told }) => count(told) <= count(level)).length;
};

/** More had surely happened, since what an earlier one saw or from the start, than was seen. */
const isTooLow = (amounts: Amounts, one: Seer, earlier: Seer | undefined): boolean => {
  if (earlier === undefined && isOutside(amounts, one)) return true;
  if (earlier !== undefined && !(earlier.ret < one.call)) return false;
  const from = earlier === undefined ? 0 : untoldAt(amounts, earlier.level);
  const since = amounts.changes.filter(
    ({ call, ret, told }) => Number.isNaN(told) && ret < one.call && (earlier === undefined || call > earlier.ret),
  );
  return untoldAt(amounts, one.level) < from + since.length;
};

/** Less had begun than was seen. */
const isTooHigh = (amounts: Amounts, one: Seer): boolean =>
  isOutside(amounts, one) ||
  untoldAt(amounts, one.level) >
    amounts.changes.filter(({ call, told }) => Number.isNaN(told) && call <= one.ret).length;

/** The first had ended when the second began, which saw what was there before. */
const isBackwards = ({ way, changes }: Amounts, first: Seer, second: Seer): boolean => {
  if (way === 0 || !(first.ret < second.call)) return false;
  const ahead = (first.level - second.level) * way;
  // Where nothing changes it, it stays what it is.
  if (changes.length === 0) return ahead !== 0;
  return ahead > 0 || (ahead === 0 && second.isChange && !first.isChange);
};

const isToldTwice = ({ way, changes }: Amounts, one: Seer, other: Seer): boolean =>
  way !== 0 &&
  changes.every(({ amount }) => amount !== 0) &&
  one.isChange &&
  other.isChange &&
  one.level === other.level;

const isNoMultiple = (history: History, { initial, step, levelOf }: Amounts, level: number): boolean => {
  const isApart = (from: number): boolean =>
    Number.isFinite((level - from) / step) && !Number.isInteger((level - from) / step);
  if (!Number.isNaN(initial)) return isApart(initial);
  return history.f.some((_, row) => isApart(levelOf(row)));
};

const isOversold = (history: History, amounts: Amounts, rows: readonly number[]): boolean => {
  const { initial, final, changes, step } = amounts;
  const until = Math.max(...rows.map((row) => history.ret[row]!));
  const leftAt = (time: number): number =>
    initial + sumOf(changes, ({ amount, call, ret, isSure }) => (amount > 0 ? call <= time : isSure && ret <= time));
  if (final < 0 || leftAt(until) < 0 || leftAt(Infinity) < 0) return true;
  // What was left when somebody saw it, less what was taken from then on, by the times or by what was told.
  const untold = changes.filter(({ isSure, told }) => isSure && Number.isNaN(told));
  const calls = Float64Array.from(untold, ({ call }) => call).sort();
  const told = Float64Array.from(changes, (change) => change.told)
    .filter((one) => !Number.isNaN(one))
    .sort();
  return Array.from(history.f.keys()).some((row) => {
    const { level, ret } = isRefusal(history, row)
      ? seerOf(history, amounts, row)
      : { level: amounts.levelOf(row), ret: history.ret[row]! };
    if (Number.isNaN(level)) return false;
    const taken = calls.length - countWhile(calls, (call) => call <= ret) + countWhile(told, (one) => one < level);
    return level < 0 || (step < 0 && level + step * taken < 0);
  });
};

/** How many numbers of a sorted column the test holds for: for all up to some place. */
const countWhile = (sorted: Float64Array, holds: (number: number) => boolean): number => {
  let [low, high] = [0, sorted.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (holds(sorted[middle]!)) low = middle + 1;
    else high = middle;
  }
  return low;
};

/** Whatever happened meanwhile, there was as much as it asked for. */
const isLeftEnough = (history: History, { initial, changes }: Amounts, row: number): boolean => {
  const [call, ret] = [history.call[row]!, history.ret[row]!];
  const least = initial + sumOf(changes, (one) => (one.amount > 0 ? one.isSure && one.ret < call : one.call <= ret));
  return least >= (history.operand[row]! || 1);
};
