/**
 * A number of more digits than a number keeps, as a text of JSON has it: no number to compute with, and written as it was read.
 * `JSON.stringify` refuses it as it refuses a `bigint`.
 */
export class LongFraction {
  readonly digits: string;

  constructor(digits: string) {
    this.digits = digits;
  }

  toJSON(): never {
    throw new TypeError(`${this.digits} has more digits than JSON.stringify can write`);
  }
}

/** So many digits say which number is meant, whoever has printed it. */
const enough = 17;

/** Whether a literal of JSON, which is no whole number, has more digits than a number keeps, or is too large for one. */
export const isLongFraction = (literal: string): boolean => {
  const [mantissa = ''] = literal.split(/e/iu);
  const digits = mantissa.replaceAll(/[-.]/gu, '').replace(/^0+/u, '');
  let end = digits.length;
  while (digits[end - 1] === '0') end--;
  return end > enough || !Number.isFinite(Number(literal));
};
