import { describe, expect, test } from 'vitest';
import { compileHolds } from '../../src/template/holds.ts';
import { parseExpression } from '../../src/template/parse.ts';
import { onlyRead, readsOf } from '../../src/template/reads.ts';

const answer = { body: { debit: 5, credit: 5, items: [1, 2], name: 'x', none: null }, status: 200 };

describe('what is right of an answer', () => {
  test.each([
    ['body.debit == body.credit', true],
    ['body.debit < 5', false],
    ['length(body.items) == 2 && status == 200', true],
    ['!body.broken', true],
    ['(body.missing ?? 5) == body.debit', true],
    ['length(body.items) == 0 || body.items[1] == 2', true],
    ['body.name == "y" ? body.missing == 1 : body.debit == 5', true],
    ['body.none == null', true],
  ])('%s: %s', (source, found) => expect(compileHolds(source)(answer)).toBe(found));

  test.each([
    ['body.debt == body.credit', 'body.debt == body.credit: body.debt is not there'],
    ['body.debt == body.crdt', 'body.debt == body.crdt: body.debt is not there'],
    ['body.debit != body.items[7]', 'body.debit != body.items[7]: body.items[7] is not there'],
    [
      'body.name == "x" ? body.missing == 1 : true',
      'body.name == "x" ? body.missing == 1 : true: body.missing is not there',
    ],
    ['!(body.a == 1)', '!(body.a == 1): body.a is not there'],
    ['body.debit', 'body.debit is 5, neither true nor false'],
    ['body.missing', 'body.missing is not there, neither true nor false'],
    ['body.missing > 1', expect.stringContaining('body.missing > 1: ')],
  ])('%s cannot be told, and never passes for right', (source, why) =>
    expect(compileHolds(source)(answer)).toEqual(why),
  );
});

describe('what an expression reads', () => {
  test.each([
    [
      'body.debit == body.credit',
      [
        ['body', 'debit'],
        ['body', 'credit'],
      ],
    ],
    ['body.rows[n].id + body["a b"].c', [['body', 'rows'], ['n'], ['body', 'a b', 'c']]],
    ['body.a.b > 1 && length(body.a) > 0', [['body', 'a']]],
    ['status == 200 ? header.etag : sum', [['status'], ['header', 'etag'], ['sum']]],
    ['1 + 1', []],
  ])('%s', (source, paths) => expect(readsOf(parseExpression(source))).toEqual(paths));

  test('is all that is kept of a value, and its lists whole', () => {
    const value = { a: { b: 1, c: 2 }, list: [{ id: 1, x: 2 }], d: 4, e: { f: undefined } };
    expect(onlyRead(value, [['a', 'b'], ['list', 'length'], ['none'], ['d', 'deeper']])).toEqual({
      a: { b: 1 },
      list: [{ id: 1, x: 2 }],
      d: 4,
    });
    expect(onlyRead(value, [[]])).toBe(value);
    expect(onlyRead('text', [['a']])).toBe('text');
  });
});
