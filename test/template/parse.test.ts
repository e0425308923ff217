import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseExpression, parseTemplate, TemplateSyntaxError } from '../../src/template/parse.ts';

const offsetOf = (text: string): number => {
  try {
    parseTemplate(text);
  } catch (error) {
    if (error instanceof TemplateSyntaxError) return error.offset;
  }
  return -1;
};

describe('parseTemplate', () => {
  test('takes text and expressions apart and lists the names', () => {
    const { parts, names } = parseTemplate('/shops/${shop}/items/${item.id}?v=${shop}');
    expect(parts.map((part) => (typeof part === 'string' ? part : `<${part.source}>`))).toEqual([
      '/shops/',
      '<shop>',
      '/items/',
      '<item.id>',
      '?v=',
      '<shop>',
    ]);
    expect(names).toEqual(['shop', 'item']);
  });

  test('a brace inside quotes does not end an expression', () => {
    expect(parseTemplate('${a["}"]}').parts).toHaveLength(1);
  });

  test('$${ stands for a plain ${', () => {
    expect(parseTemplate('cost: $${5}').parts).toEqual(['cost: ${5}']);
  });

  test('an error names the character where it is', () => {
    expect(offsetOf('/p/${id')).toBe(3);
    expect(offsetOf('/p/${}')).toBe(5);
    expect(offsetOf('/p/${a +}')).toBeGreaterThanOrEqual(5);
  });

  test.each([
    ['a call of what it has not', 'constructor("x")'],
    ['a call of what every object has', 'hasOwnProperty("x")'],
    ['a call on a property', 'body.toString()'],
    ['a call of what a call gave', 'upper(a)(b)'],
    ['an assignment', 'a = 1'],
    ['a list', '[1]'],
    ['two expressions', 'a, b'],
    ['this', 'this'],
    ['a way to the prototype', 'a.__proto__'],
    ['a way to the constructor', 'a.constructor'],
    ['a bit operator', 'a | b'],
  ])('refuses %s', (_what, source) => {
    expect(() => parseExpression(source)).toThrow(TemplateSyntaxError);
  });

  test('says which functions there are, and where the unknown one stands', () => {
    try {
      parseTemplate('/a/${1 + uper(name)}');
      expect.unreachable();
    } catch (error) {
      expect(error).toMatchObject({ message: 'unknown function "uper"', offset: 9, unknown: { word: 'uper' } });
      expect((error as TemplateSyntaxError).unknown!.known).toContain('upper');
    }
  });

  test.each([
    ['upper()', '"upper" takes (text), and is given 0'],
    ['upper(a, b)', '"upper" takes (text), and is given 2'],
    ['substring(a)', '"substring" takes (text, from, to?), and is given 1'],
    ['min()', '"min" takes (number, ...), and is given 0'],
    ['body.jobs[*].id', '"[*]" in "body.jobs[*].id": what each element of a list has is pluck(list, "property")'],
  ])('refuses %s', (source, message) => {
    expect(() => parseExpression(source)).toThrow(message);
  });

  test('the names of an expression are its variables, not its functions', () => {
    expect(parseExpression('upper(name) + join(split(tags, ","), sep)').names).toEqual(['name', 'tags', 'sep']);
  });

  test('any text is parsed or refused with a place in it, never anything else', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: fc.constantFrom('$', '{', '}', 'a', '.', '[', '"', "'", '-', '(', '1', '\\', '\n', ' ') }),
        (text) => {
          try {
            parseTemplate(text);
          } catch (error) {
            expect(error).toBeInstanceOf(TemplateSyntaxError);
            expect((error as TemplateSyntaxError).offset).toBeLessThanOrEqual(text.length);
          }
        },
      ),
    );
  });
});
