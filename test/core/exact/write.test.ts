import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { canonicalJson, writeJson } from '../../../src/core/exact/write.ts';

describe('whole numbers beyond 2^53, written as JSON', () => {
  const value = { b: [1541815603606036481n, {}, [], undefined], a: { c: 'x', d: undefined, e: 1e21 } };

  test('are their digits', () => {
    expect(writeJson(value)).toBe('{"b":[1541815603606036481,{},[],null],"a":{"c":"x","e":1e+21}}');
    expect(writeJson(value, 2)).toBe(
      JSON.stringify({ ...value, b: ['#', {}, [], undefined] }, null, 2).replace('"#"', '1541815603606036481'),
    );
    expect(writeJson(1541815603606036481n)).toBe('1541815603606036481');
    expect(writeJson(undefined)).toBe('null');
  });

  test('have one text, however they came to be', () => {
    expect(canonicalJson(value)).toBe(
      '{"a":{"c":"x","e":1000000000000000000000},"b":[1541815603606036481,{},[],null]}',
    );
    expect(canonicalJson(1e21)).toBe(canonicalJson(10n ** 21n));
    expect(canonicalJson({ a: 1e21 })).toBe(canonicalJson({ a: 10n ** 21n }));
    expect(canonicalJson(1e18)).toBe(canonicalJson(10n ** 18n));
    expect(canonicalJson(1541815603606036500)).toBe('1541815603606036500');
    expect(canonicalJson(-0)).toBe('0');
  });

  test('a number is written as JSON.stringify writes it', () => {
    const number = fc.oneof(
      fc.double(),
      fc.integer(),
      fc.constantFrom(-0, NaN, Infinity, -Infinity, 1e21, 1e-7, 2 ** 53),
    );
    fc.assert(
      fc.property(number, (given) => {
        expect(writeJson(given)).toBe(JSON.stringify(given));
      }),
    );
  });

  test('a value that goes round is refused as JSON.stringify refuses it', () => {
    const round: unknown[] = [];
    round.push(round);
    expect(() => writeJson(round)).toThrow(RangeError);
  });
});
