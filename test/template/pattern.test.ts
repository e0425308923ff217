import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { compileJsonPath } from '../../src/template/json-path.ts';
import { TemplateSyntaxError } from '../../src/template/parse.ts';
import { compilePattern } from '../../src/template/pattern.ts';

describe('a pattern', () => {
  test.each([
    ['name="csrf" value="([^"]+)"', '<p><input name="csrf" value="a1b2">', 'a1b2'],
    [String.raw`\d+`, 'order 66 of 99', '66'],
    ['ab*c', 'xx ac', 'ac'],
    ['cat|dog', 'a dog', 'dog'],
    ['(x)?y', 'y', ''],
    ['^end$', 'the end', undefined],
    ['(?i)HELLO', 'say hello', 'hello'],
  ])('%s finds the first group, or all of the match', (source, text, expected) => {
    expect(compilePattern(source).first(text)).toBe(expected);
  });

  test.each(['(?=a)b', String.raw`(a)\1`, '(a', '[z-a]', 'a{1001}'])('%s is refused', (source) => {
    expect(() => compilePattern(source)).toThrow(TemplateSyntaxError);
  });

  test('finds what a regular expression of JavaScript finds', () => {
    const source = fc.string({ unit: fc.constantFrom('a', 'b', '.', '*', '+', '?', '|', '(', ')', '^', '$', '[ab]') });
    const text = fc.string({ unit: fc.constantFrom('a', 'b', 'c') });
    fc.assert(
      fc.property(source, text, (pattern, searched) => {
        let theirs: RegExp;
        let ours: ReturnType<typeof compilePattern>;
        try {
          theirs = new RegExp(pattern);
          ours = compilePattern(pattern);
        } catch {
          return;
        }
        expect(ours.test(searched)).toBe(theirs.test(searched));
      }),
    );
  });

  test('that goes back for ever elsewhere takes time in proportion to the text', () => {
    const { test: isMatch } = compilePattern('^(a+)+$');
    // 2^100000 steps for one that goes back.
    expect(isMatch(`${'a'.repeat(100_000)}b`)).toBe(false);
  });
});

describe('a JSONPath query', () => {
  const body = {
    items: [
      { id: 1, price: 5 },
      { id: 2, price: 20, name: 'pen' },
      { id: 3, price: 30 },
    ],
  };

  test.each([
    ['$.items[?(@.price > 10)].id', 2],
    ['$.items[-1].id', 3],
    ['$..name', 'pen'],
    ['$.items[?search(@.name, "^p")].id', 2],
    ['$.items[?match(@.name, "p.n")].id', 2],
    ['$.items[?match(@.name, "p")].id', undefined],
    ['$.items[?match(@.name, "(a+)+(")].id', undefined],
    ['$.none', undefined],
    ['$.constructor', undefined],
    ['$.items.length', undefined],
  ])('%s', (source, expected) => expect(compileJsonPath(source)(body)).toBe(expected));

  test.each([
    ['$.a[', 'unclosed'],
    ['items', "expected '$'"],
    ['$[?foo(@)]', 'no such function'],
  ])('%s is refused with a place', (source, message) => {
    try {
      compileJsonPath(source);
      expect.unreachable();
    } catch (error) {
      expect(error).toBeInstanceOf(TemplateSyntaxError);
      expect((error as TemplateSyntaxError).message).toContain(message);
      expect((error as TemplateSyntaxError).offset).toBeLessThanOrEqual(source.length);
    }
  });
});
