/** A number in decimal digits, as JSON writes it. */
const decimal = /^(-?)(0|[1-9]\d*)(?:\.(\d+))?(?:[eE]([+-]?\d+))?$/u;

/** A literal of more digits is not read exactly: it is no number of anything, and takes its time. */
const mostDigits = 10_000;
/** The same of what an exponent makes of a short one: a number has at most 309. */
const mostByExponent = 400;

const highest = BigInt(Number.MAX_SAFE_INTEGER);

/**
 * The whole number that a literal of JSON stands for, where it is beyond what a number holds exactly, ±(2^53 − 1); undefined:
 * it is not, or is no whole number, or no literal.
 */
export const wholeOf = (literal: string): bigint | undefined => {
  const [, sign, whole, fraction = '', power = '0'] = decimal.exec(literal) ?? [];
  if (sign === undefined || whole === undefined || literal.length > mostDigits) return undefined;
  let digits = whole + fraction;
  let exponent = Number(power) - fraction.length;
  if (exponent < 0) {
    let end = digits.length;
    for (; exponent < 0 && digits[end - 1] === '0'; exponent++) end--;
    if (exponent < 0) return undefined;
    digits = digits.slice(0, end);
  }
  if (exponent > 0 && digits.length + exponent > mostByExponent) return undefined;
  const size = BigInt(digits + '0'.repeat(exponent));
  if (size <= highest) return undefined;
  return sign === '-' ? -size : size;
};

/**
 * The same of a value: itself, where it is a `bigint`; of a number what it prints, since that is what was sent and what an
 * answer that brings it back has. Undefined for any other value, and for a number that is exact as it is.
 */
export const wholeIn = (value: unknown): bigint | undefined => {
  if (typeof value === 'bigint') return value;
  if (typeof value !== 'number' || Number.isSafeInteger(value) || !Number.isInteger(value)) return undefined;
  return wholeOf(String(value));
};

/** The number in a text of digits: a `bigint` where it is whole and beyond 2^53; NaN where there is none. */
export const numberIn = (text: string): number | bigint =>
  text.trim() === '' ? NaN : (wholeOf(text.trim()) ?? Number(text));

/** Whether two values are the same one: of whole numbers beyond 2^53 as they print, of lists and maps each for itself. */
export const isSame = (a: unknown, b: unknown): boolean =>
  a === b || ((typeof a === 'bigint' || typeof b === 'bigint') && wholeIn(a) === wholeIn(b));
