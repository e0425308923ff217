import { columnsOf } from '../../../core/history/columns.ts';
import { firstLong, firstName, type History, nameOf } from '../../../core/history/history.ts';
import type { VerifyOptions } from '../history-verdict.ts';

type Judged = readonly [history: History, options: VerifyOptions];

/**
 * The same history and what is known of it, with whole numbers beyond 2^53 placed in order among all numbers: their names come first, in
 * ascending order, with numbers from {@link firstLong} up. So they can be told apart and ordered exactly, and code that adds numbers up can
 * check {@link isLongNumber}. The order of those below −2^53 is unknown.
 *
 * @returns what was given, if there are none
 * @cost a look at each name; if there are any, a copy of three columns
 */
export const withLongNumbersInOrder = (history: History, options: VerifyOptions): Judged => {
  if (!history.names.some(isLong)) return [history, options];
  const { known, lists } = options;
  // What is known of keys may add names, which must be there before the names are put in order.
  for (const key of [...history.keys, 'all']) {
    known(key);
    lists?.(key);
  }
  const { names } = history;
  const longs = [...names.keys()].filter((place) => isLong(names[place]!));
  longs.sort((a, b) => (isLess(names[a]!, names[b]!) ? -1 : 1));
  const others = [...names.keys()].filter((place) => !isLong(names[place]!));
  const numbers = new Float64Array(names.length);
  longs.forEach((place, at) => (numbers[place] = firstLong + 2 * at));
  others.forEach((place, at) => (numbers[place] = firstName - longs.length - at));
  const number = (one: number): number => (nameOf(one) < 0 ? one : (numbers[nameOf(one)] ?? NaN));
  const columns = columnsOf((name) =>
    name === 'value' || name === 'operand' || name === 'version' ? history[name].map(number) : history[name],
  );
  return [
    { ...history, ...columns, names: [...longs, ...others].map((place) => names[place]!) },
    {
      ...options,
      known: (key) => {
        const { initial, final } = known(key);
        return { initial: number(initial), final: number(final) };
      },
      ...(lists !== undefined && {
        lists: (key) => {
          const { initial, final } = lists(key);
          return { initial: initial?.map(number), final: final?.map(number) };
        },
      }),
    },
  ];
};

/** Whether a number stands for a whole number beyond 2^53, which has a place in the order of numbers and cannot be added up. */
export const isLongNumber = (number: number): boolean => number >= firstLong && number < Infinity;

const isLong = (name: string): boolean => /^\d{16,}$/u.test(name);

/** Compares two numbers written in digits without leading zeros. */
const isLess = (a: string, b: string): boolean => (a.length === b.length ? a < b : a.length < b.length);
