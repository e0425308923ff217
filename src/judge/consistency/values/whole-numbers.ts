import { type History, nothing, ok } from '../../../core/history/history.ts';
import { isOrdinal, valueWord } from '../engines/words.ts';
import { isLongNumber } from './long-numbers.ts';

/** What was told where a whole number is expected. */
export interface UnfitValues {
  /** The history without those values. */
  readonly rest: History;
  /** Whether all of them are "nothing there", which stands for 0 if that explains it. */
  readonly areNothing: boolean;
  readonly because: string;
}

/**
 * Answers that told something that cannot be added up: a text, a fraction, null, or an inexact number; `undefined` if there are none.
 *
 * @param column of what is counted
 * @param isTold whether an operation tells it
 * @cost a look at each row
 */
export const unfitValues = (
  history: History,
  rows: Uint32Array,
  column: 'value' | 'version',
  isTold: (f: number) => boolean,
): UnfitValues | undefined => {
  const { f, status } = history;
  const told = history[column];
  const isUnfit = (row: number): boolean =>
    !(Number.isSafeInteger(told[row]) && isOrdinal(told[row]!)) &&
    !Number.isNaN(told[row]!) &&
    status[row] === ok &&
    isTold(f[row]!);
  // A loop, because there is hardly ever one, and `find` makes a call per row.
  let at = 0;
  while (at < rows.length && !isUnfit(rows[at]!)) at += 1;
  const first = rows[at];
  if (first === undefined) return undefined;
  const unfit = rows.filter(isUnfit);
  const rest = told.slice();
  for (const row of unfit) rest[row] = NaN;
  const worst = unfit.find((row) => told[row] !== nothing) ?? first;
  const times = unfit.length === 1 ? '' : `, and so it was ${unfit.length} times`;
  return {
    rest: { ...history, [column]: rest },
    areNothing: told[worst] === nothing,
    because: `${said(history, told[worst]!)}${times}`,
  };
};

const longestShown = 60;

const said = (history: History, value: number): string => {
  const whole = valueWord(history, value);
  const word = whole.length > longestShown ? `${whole.slice(0, longestShown - 1)}…` : whole;
  if (value === nothing)
    return 'an answer gave null where a whole number is wanted: if it means 0, write ?? 0 behind it';
  if (isOrdinal(value) && Number.isFinite(value) && Math.abs(value) < 2 ** 53)
    return `an answer gave ${word}, which is not a whole number: count in the smallest unit, as round(body.euros * 100) does`;
  if (isLongNumber(value) || /^-\d+…?$/u.test(word))
    return `an answer gave ${word}, beyond 2^53, where a whole number is wanted that adds up exactly: put it in quotes or count in smaller numbers`;
  return word.startsWith('"')
    ? `an answer gave ${word}, a text, where a whole number is wanted: number(body.count) makes one of it`
    : `an answer gave ${word} where a whole number is wanted that adds up exactly`;
};
