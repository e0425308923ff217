import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { isSame, numberIn, wholeIn, wholeOf } from '../../../src/core/exact/whole.ts';

describe('a whole number beyond 2^53', () => {
  test('is told from its literal, whatever its spelling', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: 2n ** 53n, max: 10n ** 60n }), fc.nat(20), fc.boolean(), (size, places, isBelow) => {
        const digits = String(size);
        const at = Math.max(1, digits.length - places);
        const sign = isBelow ? '-' : '';
        const value = isBelow ? -size : size;
        expect(wholeOf(`${sign}${digits}`)).toBe(value);
        expect(wholeOf(`${sign}${digits}.${'0'.repeat(places + 1)}`)).toBe(value);
        expect(wholeOf(`${sign}${digits.slice(0, at)}.${digits.slice(at)}0e${digits.length - at}`)).toBe(value);
        expect(wholeOf(`${sign}${digits}${'0'.repeat(places)}e-${places}`)).toBe(value);
      }),
    );
  });

  test.each([
    '9007199254740991',
    '1.5',
    '1541815603606036481.5',
    '1e3',
    '5.0',
    '',
    'x',
    '1541815603606036481 ',
    '1e99999',
    `1${'0'.repeat(10_000)}`,
    '0e999',
  ])('is not %s', (literal) => {
    expect(wholeOf(literal)).toBeUndefined();
  });

  test('is, of a number, what it prints', () => {
    expect(wholeIn(1e21)).toBe(10n ** 21n);
    expect(wholeIn(Number('1541815603606036481'))).toBe(1541815603606036500n);
    expect(wholeIn(5)).toBeUndefined();
    expect(wholeIn(Infinity)).toBeUndefined();
    expect(wholeIn('9007199254740993')).toBeUndefined();
  });

  test('equals its like', () => {
    expect(isSame(10n ** 18n, 1e18)).toBe(true);
    expect(isSame(1e18, 10n ** 18n)).toBe(true);
    expect(isSame(10n ** 18n, 10n ** 18n + 1n)).toBe(false);
    expect(isSame(10n ** 18n, '1000000000000000000')).toBe(false);
    expect(isSame(10n ** 18n, undefined)).toBe(false);
  });

  test('is read out of a text', () => {
    expect(numberIn(' 1541815603606036481 ')).toBe(1541815603606036481n);
    expect(numberIn('5.0')).toBe(5);
    expect(numberIn(' ')).toBeNaN();
    expect(numberIn('x')).toBeNaN();
  });
});
