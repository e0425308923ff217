import { doubles, during, words } from './scratch.ts';

/** Below this, a comparison sort is quicker than counting 65,536 digits four times. */
const few = 4096;

/** How many places a row may be off on average before rows are no longer moved there step by step. */
const stepsPerRow = 40;

/** Whole numbers from 0 up to here are sorted by counting instead. */
const counted = 65_536;

/**
 * The rows in ascending order of a column, NaN last; rows with equal numbers keep their order. A million rows take some 30 ms if they are
 * nearly in order, as operations are in the order they were recorded; otherwise up to 200 ms.
 */
export const sortedBy = (rows: Uint32Array, column: Float64Array): Uint32Array<ArrayBuffer> => {
  const sorted = words(rows.length);
  sorted.set(rows);
  during(() => sortBy(sorted, at(rows, column)));
  return sorted;
};

/**
 * Sorts rows in place by the number that belongs to each, NaN last; afterwards the numbers are in no useful order. Rows with equal numbers
 * keep their order.
 *
 * Each row is moved to its place step by step. If that takes too many steps, small whole numbers are sorted by counting, and others by
 * their bits, 16 at a time.
 */
export const sortBy = (rows: Uint32Array, numbers: Float64Array): void => {
  if (nearlySort(rows, numbers)) return;
  during(() => {
    const order = orderOf(numbers);
    const before = words(rows.length);
    before.set(rows);
    for (let i = 0; i < rows.length; i += 1) rows[i] = before[order[i]!]!;
  });
};

/** Insertion sort. Gives false if it takes too long or meets a NaN; up to that point all is sorted or as it was. */
const nearlySort = (rows: Uint32Array, numbers: Float64Array): boolean => {
  let steps = 0;
  let before = -Infinity;
  for (let i = 0; i < rows.length; i += 1) {
    const number = numbers[i]!;
    if (number >= before) {
      before = number;
      continue;
    }
    if (Number.isNaN(number)) return false;
    let place = i;
    const row = rows[i]!;
    while (place > 0 && numbers[place - 1]! > number) {
      numbers[place] = numbers[place - 1]!;
      rows[place] = rows[place - 1]!;
      place -= 1;
    }
    numbers[place] = number;
    rows[place] = row;
    steps += i - place;
    // If they are in no order at all, this is reached soon.
    if (steps > stepsPerRow * (i + few)) return false;
  }
  return true;
};

/** The places of the numbers, in ascending order of the numbers. */
const orderOf = (numbers: Float64Array): Uint32Array => {
  if (numbers.length < few) return indexes(numbers.length).sort((a, b) => compare(numbers[a]!, numbers[b]!));
  return areSmall(numbers) ? countingOrder(numbers) : radixOrder(numbers);
};

const areSmall = (numbers: Float64Array): boolean => {
  for (const number of numbers) if (!(number >= 0 && number < counted && Number.isInteger(number))) return false;
  return true;
};

const countingOrder = (numbers: Float64Array): Uint32Array => {
  const order = words(numbers.length);
  const places = words(counted);
  for (const number of numbers) places[number]! += 1;
  runningSum(places);
  for (let i = 0; i < numbers.length; i += 1) {
    order[places[numbers[i]!]!] = i;
    places[numbers[i]!]! += 1;
  }
  return order;
};

/** Turns counts into the places where each of them begins. */
const runningSum = (places: Uint32Array): void => {
  let place = 0;
  for (let digit = 0; digit < places.length; digit += 1) {
    const count = places[digit]!;
    places[digit] = place;
    place += count;
  }
};

const compare = (a: number, b: number): number => {
  if (a < b) return -1;
  if (a > b) return 1;
  return Number(Number.isNaN(a)) - Number(Number.isNaN(b));
};

const radixOrder = (numbers: Float64Array): Uint32Array => {
  const length = numbers.length;
  const low = words(length);
  const high = words(length);
  const number = new Float64Array(1);
  const bits = new Uint32Array(number.buffer);
  for (let i = 0; i < length; i += 1) {
    // Adding 0 turns −0 into 0. For numbers below zero all bits are inverted, for the others only the sign.
    number[0] = numbers[i]! + 0;
    const isNegative = bits[1]! >>> 31 === 1 && number[0] === number[0];
    low[i] = isNegative ? ~bits[0]! : bits[0]!;
    high[i] = isNegative ? ~bits[1]! : bits[1]! | 0x80000000;
  }
  let from = indexes(length);
  let to = words(length);
  const places = words(65_536);
  for (const [digits, shift] of [
    [low, 0],
    [low, 16],
    [high, 0],
    [high, 16],
  ] as const) {
    places.fill(0);
    for (let i = 0; i < length; i += 1) places[(digits[i]! >>> shift) & 0xffff]! += 1;
    if (places[(digits[0]! >>> shift) & 0xffff] === length) continue;
    runningSum(places);
    for (let i = 0; i < length; i += 1) {
      const index = from[i]!;
      const digit = (digits[index]! >>> shift) & 0xffff;
      to[places[digit]!] = index;
      places[digit]! += 1;
    }
    [from, to] = [to, from];
  }
  return from;
};

/** Sorts numbers in place, none of them NaN: some 20 ms a million if they are nearly in order. */
export const sortNumbers = (numbers: Float64Array): Float64Array => {
  let steps = 0;
  for (let i = 1; i < numbers.length; i += 1) {
    const number = numbers[i]!;
    let place = i;
    while (place > 0 && numbers[place - 1]! > number) {
      numbers[place] = numbers[place - 1]!;
      place -= 1;
    }
    numbers[place] = number;
    steps += i - place;
    if (steps > stepsPerRow * (i + few)) return numbers.sort();
  }
  return numbers;
};

/** The place of the first number that is not below `limit` in the sorted start of a column; `length` if there is none. */
export const firstFrom = (sorted: Float64Array, limit: number, length = sorted.length): number => {
  let low = 0;
  let high = length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (sorted[middle]! < limit) low = middle + 1;
    else high = middle;
  }
  return low;
};

/** 0, 1, 2 … */
export const indexes = (length: number): Uint32Array<ArrayBuffer> => {
  const numbers = words(length);
  for (let i = 0; i < length; i += 1) numbers[i] = i;
  return numbers;
};

/** The numbers of a column at these rows. */
export const at = (rows: Uint32Array, column: Float64Array): Float64Array<ArrayBuffer> => {
  const numbers = doubles(rows.length);
  for (let i = 0; i < rows.length; i += 1) numbers[i] = column[rows[i]!]!;
  return numbers;
};

/** The least number above this one, or one hardly greater. */
export const justAbove = (number: number): number =>
  number + Math.max(Number.MIN_VALUE, Math.abs(number) * Number.EPSILON);
