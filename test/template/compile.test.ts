import { describe, expect, test } from 'vitest';
import { compileJson, compileText, compileValue, TemplateValueError, type Lookup } from '../../src/template/compile.ts';
import { parseTemplate } from '../../src/template/parse.ts';

type Scope = { readonly [name: string]: unknown };
const lookup: Lookup<Scope> = (name, property) => (property === undefined ? (scope) => scope[name] : undefined);

const text = (source: string, scope: Scope): string => {
  const compiled = compileText(parseTemplate(source), lookup);
  return typeof compiled === 'string' ? compiled : compiled(scope);
};
const value = (source: string, scope: Scope): unknown => compileValue(parseTemplate(source), lookup)(scope);
const json = (body: Parameters<typeof compileJson>[0], scope: Scope): unknown => {
  const compiled = compileJson(body, lookup);
  return JSON.parse(typeof compiled === 'string' ? compiled : compiled(scope));
};

describe('compileText', () => {
  test('puts values into the text', () => {
    expect(text('/products/${id}?q=${name}', { id: 7, name: 'tea' })).toBe('/products/7?q=tea');
  });

  test('a text without expressions is a constant', () => {
    expect(compileText(parseTemplate('/reset'), lookup)).toBe('/reset');
  });

  test('encodes values and leaves the text around them', () => {
    const compiled = compileText(parseTemplate('/a/${x}/b'), lookup, encodeURIComponent);
    expect(typeof compiled === 'string' ? compiled : compiled({ x: 'c/d' })).toBe('/a/c%2Fd/b');
  });

  test.each([
    ['a missing value', undefined],
    ['null', null],
    ['an object', { a: 1 }],
    ['not a number', Number.NaN],
  ])('%s is an error, never a word in the text', (_what, x) => {
    expect(() => text('/p/${x}', { x })).toThrow(TemplateValueError);
  });
});

describe('compileValue', () => {
  test('a template that is one expression keeps its type', () => {
    expect(value('${stock - 1}', { stock: 5 })).toBe(4);
    expect(value('${list}', { list: [1] })).toEqual([1]);
    expect(value('n = ${stock}', { stock: 5 })).toBe('n = 5');
  });

  test.each([
    ['a + b * 2', { a: 1, b: 3 }, 7],
    ['-a', { a: 4 }, -4],
    ['a % 3', { a: 7 }, 1],
    ['a > 2 && a < 9', { a: 5 }, true],
    ['a ?? "none"', {}, 'none'],
    ['a == 1 ? "one" : "other"', { a: 1 }, 'one'],
    ['"v" + a', { a: 2 }, 'v2'],
    ['a.b[0].c', { a: { b: [{ c: 9 }] } }, 9],
    ['a["b c"]', { a: { 'b c': 3 } }, 3],
    ['!a', { a: false }, true],
  ])('%s', (source, scope, expected) => {
    expect(value(`\${${source}}`, scope)).toBe(expected);
  });

  test('nothing inherited can be reached', () => {
    expect(() => value('${a.toString}', { a: {} })).toThrow(TemplateValueError);
    expect(() => value('${a["constructor"]}', { a: {} })).toThrow(TemplateValueError);
  });

  test('arithmetic on what is no number is an error that says so', () => {
    expect(() => value('${stock - 1}', { stock: 'many' })).toThrow('"-" needs a number and was given "many"');
    expect(() => value('${1 / n}', { n: 0 })).toThrow('is null');
  });
});

describe('compileJson', () => {
  test('fills strings in, keeps types, escapes text', () => {
    const body = { stock: '${stock - 1}', note: 'was "${stock}"', tags: ['${name}', true, null], deep: { n: 1.5 } };
    expect(json(body, { stock: 3, name: 'a"b\n' })).toEqual({
      stock: 2,
      note: 'was "3"',
      tags: ['a"b\n', true, null],
      deep: { n: 1.5 },
    });
  });

  test('a body without expressions is a constant', () => {
    expect(compileJson({ products: 20, name: 'a' }, lookup)).toBe('{"products":20,"name":"a"}');
    expect(compileJson('$${x}', lookup)).toBe('"${x}"');
  });
});
