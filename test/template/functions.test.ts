import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { compileExpression, TemplateValueError } from '../../src/template/compile.ts';
import { arityOf, functions } from '../../src/template/functions.ts';
import { parseExpression } from '../../src/template/parse.ts';

const valueOf = (source: string, scope: { readonly [name: string]: unknown } = {}): unknown =>
  compileExpression<typeof scope>(parseExpression(source), (name) => (from) => from[name])(scope);

describe('the functions of expressions', () => {
  test.each([
    ['upper("straße")', 'STRASSE'],
    ['lower("ABC")', 'abc'],
    ['trim("  a ")', 'a'],
    ['replace("a-b-c", "-", "$&")', 'a$&b$&c'],
    ['substring("abcdef", 2)', 'cdef'],
    ['substring("abcdef", 1, 3)', 'bc'],
    ['split("a,b", ",")[1]', 'b'],
    ['join(split("a b", " "), "-")', 'a-b'],
    ['join(list)', '1,x'],
    ['padStart(7, 3, "0")', '007'],
    ['length("four")', 4],
    ['length(list)', 2],
    ['contains("haystack", "st")', true],
    ['contains(list, "x")', true],
    ['join(pluck(rows, "id"))', '7,8,7'],
    ['contains(pluck(rows, "isHere"), false)', true],
    ['count(pluck(rows, "id"), 7)', 2],
    ['count(pluck(rows, "id"), "7")', 0],
    ['length(unique(pluck(rows, "id"))) == length(rows)', false],
    ['length(unique(rows))', 2],
    ['sum(pluck(rows, "id"))', 22],
    ['startsWith("abc", "ab")', true],
    ['endsWith("abc", "ab")', false],
    ['round(2.5)', 3],
    ['round(1.2345, 2)', 1.23],
    ['floor(-1.5)', -2],
    ['ceil(1.2)', 2],
    ['abs(-3)', 3],
    ['min(3, 1, 2)', 1],
    ['max(3)', 3],
    ['number(" 12.5 ")', 12.5],
    ['string(12.5) + "!"', '12.5!'],
    ['json(list)', '[1,"x"]'],
    ['urlencode("a b&c/ü")', 'a%20b%26c%2F%C3%BC'],
    ['base64("user:pass")', 'dXNlcjpwYXNz'],
    ['base64decode("dXNlcjpwYXNz")', 'user:pass'],
    ['md5("a")', '0cc175b9c0f1b6a831c399e269772661'],
    ['sha1("abc")', 'a9993e364706816aba3e25717850c26c9cd0d89d'],
    ['sha256("abc", "base64")', 'ungWv48Bz+pBQUDeXa4iI7ADYaOWF3qctBD/YfIAFa0='],
    // RFC 4231, test case 2.
    [
      'hmac("Jefe", "what do ya want for nothing?")',
      '5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843',
    ],
    ['upper(missing ?? "none")', 'NONE'],
    ['"a" < "b" ? "before" : "after"', 'before'],
  ])('%s', (source, expected) => {
    const rows = [
      { id: 7, isHere: true },
      { id: 8, isHere: false },
      { isHere: true, id: 7 },
    ];
    expect(valueOf(source, { list: [1, 'x'], rows })).toEqual(expected);
  });

  test('say what they were given where it is unfit', () => {
    expect(() => valueOf('upper(missing)')).toThrow('"upper" needs a text and was given missing');
    expect(() => valueOf('number("many")')).toThrow('"number" needs what can be read as a number and was given "many"');
    expect(() => valueOf('sha256("a", "latin1")')).toThrow('"sha256" needs one of hex, base64, base64url');
    expect(() => valueOf('pluck("a", "id")')).toThrow('"pluck" needs a list and was given "a"');
    const rows = [{ id: 1 }, JSON.parse('{"ID": 2}') as object];
    expect(() => valueOf('pluck(rows, "id")', { rows })).toThrow('"pluck" found no "id" in element 1 of the list');
    expect(() => valueOf('pluck(rows, "constructor")', { rows })).toThrow('found no "constructor"');
    expect(() => valueOf('sum(list)', { list: [1, '2'] })).toThrow('"sum" needs a number and was given "2"');
    expect(() => valueOf('padStart("a", 1000000000)')).toThrow('a length up to 10000');
  });

  test('give a value or a TemplateValueError, whatever they are given', () => {
    const any = fc.oneof(fc.jsonValue(), fc.constant(undefined), fc.double(), fc.string({ unit: 'binary' }));
    fc.assert(
      fc.property(fc.constantFrom(...Object.keys(functions)), fc.array(any, { maxLength: 4 }), (name, given) => {
        const [least, most] = arityOf(functions[name]!);
        const values = given.slice(0, most);
        while (values.length < least) values.push(undefined);
        try {
          functions[name]!.apply(...values);
        } catch (error) {
          expect(error).toBeInstanceOf(TemplateValueError);
        }
      }),
      { numRuns: 2000 },
    );
  });
});
