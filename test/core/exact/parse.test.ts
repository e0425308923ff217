import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { LongFraction } from '../../../src/core/exact/fraction.ts';
import { parseDigits, parseJson } from '../../../src/core/exact/parse.ts';
import { canonicalJson, writeJson } from '../../../src/core/exact/write.ts';

describe('whole numbers beyond 2^53 in JSON', () => {
  const cases: readonly (readonly [text: string, value: unknown])[] = [
    ['1541815603606036481', 1541815603606036481n],
    ['-1541815603606036481', -1541815603606036481n],
    ['9007199254740991', 9007199254740991],
    ['9007199254740992', 9007199254740992n],
    ['-9007199254740993', -9007199254740993n],
    ['9007199254740993.0', 9007199254740993n],
    ['1.541815603606036481e18', 1541815603606036500],
    ['15418156036060364810E-1', 1541815603606036500],
    ['1541815603606036481.5', 1541815603606036500],
    ['0.12345678901234567890', 0.12345678901234568],
    ['5.0000000000000000', 5],
    ['1e3', 1000],
    ['1.7976931348623157e+308', Number.MAX_VALUE],
    ['1.5418156036060365e18', 1541815603606036500],
    ['-0', -0],
    [
      '[[{"a":[1541815603606036481, {"b": 1541815603606036482}]}]]',
      [[{ a: [1541815603606036481n, { b: 1541815603606036482n }] }]],
    ],
    ['{"id":"1541815603606036481"}', { id: '1541815603606036481' }],
    [
      '{"a\\\\":1541815603606036481,"b\\"":"\\\\\\", 1541815603606036482,"}',
      { 'a\\': 1541815603606036481n, 'b"': '\\", 1541815603606036482,' },
    ],
    ['{"a":1541815603606036481,"a":1541815603606036482}', { a: 1541815603606036482n }],
    ['["\\u0001","\\u00011","\\\\u0001",1541815603606036481]', ['\u0001', '\u00011', '\\u0001', 1541815603606036481n]],
  ];
  test.each(cases)('%s', (text, value) => {
    expect(parseJson(text)).toStrictEqual(value);
  });

  test.each([
    '1541815603606036481x',
    '{1541815603606036481:1}',
    '{1541815603606036481 :1}',
    '[1541815603606036481,]',
    '01541815603606036481',
    '1541815603606036481"a"',
    '-',
    '"1541815603606036481',
    '[1541815603606036481 1541815603606036481]',
    '1541815603606036481.',
  ])('what is no JSON is refused in the words of JSON.parse: %s', (text) => {
    const message = (parse: (text: string) => unknown): unknown => {
      try {
        return parse(text);
      } catch (error) {
        return [(error as Error).name, (error as Error).message];
      }
    };
    expect(message(parseJson)).toEqual(message(JSON.parse));
  });

  test('a key called __proto__ is a key like any other', () => {
    const value = parseJson('{"__proto__":1541815603606036481,"a":{"__proto__":{"b":1541815603606036482}}}') as object;
    expect(Object.getPrototypeOf(value)).toBe(Object.prototype);
    expect(writeJson(value)).toBe('{"__proto__":1541815603606036481,"a":{"__proto__":{"b":1541815603606036482}}}');
  });

  test('depth is no limit', () => {
    const depth = 100_000;
    let value = parseJson(`${'['.repeat(depth)}1541815603606036481${']'.repeat(depth)}`);
    for (let level = 0; level < depth; level++) value = (value as readonly unknown[])[0];
    expect(value).toBe(1541815603606036481n);
  });

  test('a mark is found however many there are in the text', () => {
    const text = `["${'\\\\u0001'.repeat(200_000)}",1541815603606036481]`;
    expect((parseJson(text) as readonly unknown[])[1]).toBe(1541815603606036481n);
  });

  test.each<[text: string, value: unknown]>([
    ['0.12345678901234567890', new LongFraction('0.12345678901234567890')],
    [
      '[-1234567890123456.789, {"a": 1.541815603606036481e18}]',
      [new LongFraction('-1234567890123456.789'), { a: new LongFraction('1.541815603606036481e18') }],
    ],
    ['1e400', new LongFraction('1e400')],
    ['[0.1000000000000000000, 0.10000000000000001, 1.7976931348623157e+308, 5.0]', [0.1, 0.1, Number.MAX_VALUE, 5]],
    ['1541815603606036481', 1541815603606036481n],
    ['"0.12345678901234567890"', '0.12345678901234567890'],
  ])('of what is compared, other numbers keep their digits, too: %s', (text, value) => {
    const read = parseDigits(text);
    expect(read).toStrictEqual(value);
    expect(canonicalJson(read)).toBe(canonicalJson(value));
  });

  test('digits in quotes, as many as there may be, are looked at once', () => {
    const text = '9'.repeat(2_000_000);
    expect(parseJson(`["${text}"]`)).toEqual([text]);
  });

  const whole = fc.bigInt({ min: -(10n ** 40n), max: 10n ** 40n });
  const { tree } = fc.letrec((tie) => ({
    tree: fc.oneof(
      { maxDepth: 4 },
      whole.map((one) => (one >= -(2n ** 53n - 1n) && one <= 2n ** 53n - 1n ? Number(one) : one)),
      fc.constantFrom('\u0001', '\\u0001', '", 1541815603606036481', '1541815603606036481'),
      fc.string({ unit: 'binary' }),
      fc.double({ noNaN: true, noDefaultInfinity: true, max: 1e9, min: -1e9 }).map((one) => one + 0),
      fc.constantFrom(null, true, false),
      fc.array(tie('tree')),
      fc.dictionary(fc.string({ unit: 'binary' }), tie('tree'), { noNullPrototype: true }),
    ),
  }));

  test('what was written is what is read', () => {
    fc.assert(
      fc.property(tree, fc.nat(3), (value, space) => {
        expect(parseJson(writeJson(value, space))).toStrictEqual(value);
        expect(parseJson(canonicalJson(value))).toStrictEqual(value);
      }),
    );
  });

  test('what has no such number is read and written as JSON does', () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 5 }), fc.nat(3), (value, space) => {
        const small = JSON.parse(
          JSON.stringify(value, (_, one: unknown) => (typeof one === 'number' && Math.abs(one) >= 2 ** 53 ? 0.5 : one)),
        ) as unknown;
        expect(writeJson(small, space)).toBe(JSON.stringify(small, null, space));
        expect(parseJson(JSON.stringify(small, null, space))).toStrictEqual(
          JSON.parse(JSON.stringify(small, null, space)),
        );
      }),
    );
  });

  test('of two texts of JSON with as many blanks the numbers are told by their digits alone', () => {
    fc.assert(
      fc.property(whole, fc.nat(40), fc.constantFrom('', ' ', '\n', '\t'), (number, shift, blank) => {
        const text = `${' '.repeat(shift)}[${blank}${number}${blank}]`;
        expect(String((parseJson(text) as readonly unknown[])[0])).toBe(
          Number.isSafeInteger(Number(number)) ? String(Number(number)) : String(number),
        );
      }),
    );
  });
});
