import { describe, expect, test } from 'vitest';
import type { Capture, Expect, RequestStep } from '../../../src/core/plan/plan.ts';
import { micros } from '../../../src/core/units.ts';
import { compileAfter, keepOf } from '../../../src/measure/iteration/answer.ts';
import { newUser, type User } from '../../../src/measure/user.ts';
import { requestStep } from '../mode.ts';

const places = new Map([
  ['id', 0],
  ['got', 1],
]);

const answered = (step: Partial<RequestStep>, exchange: Partial<User['exchange']>): { end: string; user: User } => {
  const user = newUser(0, 2);
  user.variables[0] = 7;
  Object.assign(user.exchange, { status: 200, body: '{"id":7,"stock":4,"items":[{"n":"a"}]}', ...exchange });
  const end = compileAfter(requestStep({ name: 'read', path: '/', ...step }), places)(user);
  return { end, user };
};
const why = (expected: Expect, exchange: Partial<User['exchange']> = {}): string => {
  const { end, user } = answered({ expect: expected }, exchange);
  return end === 'failed' ? `${user.failure} ${user.failureText}` : end;
};
const capture = (how: Capture, exchange: Partial<User['exchange']> = {}): unknown => {
  const { end, user } = answered({ capture: { got: how } }, exchange);
  return end === 'failed' ? `${user.failure} ${user.failureText}` : user.variables[1];
};

const head = '\r\ncontent-type: application/json; charset=utf-8\r\nlocation: /orders/12';

describe('what an answer must be', () => {
  test.each<[expected: Expect, outcome: string, exchange?: Partial<User['exchange']>]>([
    [{ status: [201] }, 'check read: status 200, expected 201'],
    [{ withinUs: micros(1000) }, 'completed', { sentUs: micros(0), doneUs: micros(1000) }],
    [{ withinUs: micros(1000) }, 'check read: it took 1.5 ms, expected within 1 ms', { doneUs: micros(1500) }],
    [{ headers: { location: { name: 'equals', options: '/orders/12' } } }, 'completed', { head }],
    [
      { headers: { location: { name: 'equals', options: '/orders/${id}' } } },
      'check read: header location is "/orders/12", expected "/orders/7"',
      { head },
    ],
    [{ headers: { 'content-type': { name: 'contains', options: 'json' } } }, 'completed', { head }],
    [
      { headers: { 'content-type': { name: 'contains', options: 'xml' } } },
      'check read: header content-type is "application/json; charset=utf-8", expected what contains "xml"',
      { head },
    ],
    [{ headers: { location: { name: 'matches', options: '/\\d+$' } } }, 'completed', { head }],
    [
      { headers: { etag: { name: 'matches', options: '.' } } },
      'check read: header etag is missing, expected what matches .',
      { head },
    ],
    [
      { headers: { etag: { name: 'present', options: true } } },
      'check read: header etag is missing, expected one',
      { head },
    ],
    [
      { headers: { location: { name: 'present', options: false } } },
      'check read: header location is "/orders/12", expected none',
      { head },
    ],
    [{ size: { from: 2, to: 4 } }, 'completed', { body: '€' }],
    [{ size: { from: 4, to: 4 } }, 'check read: the body has 3 bytes, expected 4', { body: '€' }],
    [{ body: { 'stock': 4, 'items[0]': { n: 'a' }, 'items.length': 1, 'id': '${id}' } }, 'completed'],
    [{ body: { '[1]': true } }, 'completed', { body: '[0,true]' }],
    [{ body: { stock: 5 } }, 'check read: body.stock is 4, expected 5'],
    [{ body: { stock: '4' } }, 'check read: body.stock is 4, expected "4"'],
    [{ body: { 'a.b': null } }, 'check read: body.a.b is missing, expected null'],
    [{ body: { stock: 4 } }, 'check read: the body is not JSON: Unexpected end of JSON input', { body: '' }],
    [{ that: ['body.stock >= 0', 'body.id == id', 'status == 200'] }, 'completed'],
    [{ that: ['body.stock >= 0', 'body.stock > id'] }, 'check read: body.stock > id does not hold'],
    [{ that: ['body.price > 0'] }, 'check read: ">" needs a number and was given missing'],
    [{ that: ['body.stock'] }, 'check read: body.stock does not hold'],
  ])('%j: %s', (expected, outcome, exchange) => expect(why(expected, exchange)).toBe(outcome));

  test('is looked for before anything is captured', () => {
    const { end, user } = answered({ expect: { body: { stock: 5 } }, capture: { got: 'body.stock' } }, {});
    expect([end, user.failure, user.variables[1]]).toEqual(['failed', 'check', undefined]);
  });
});

describe('what is kept of an answer', () => {
  test.each<[how: Capture, value: unknown, exchange?: Partial<User['exchange']>]>([
    ['body.items[0].n', 'a'],
    ['upper(body.items[0].n) + id', 'A7'],
    ['header.location', '/orders/12', { head }],
    [{ name: 'jsonpath', options: '$.items[?(@.n == "a")].n' }, 'a'],
    [{ name: 'jsonpath', options: '$..none' }, 'capture read: the answer has no $..none'],
    [{ name: 'text', options: 'value="([^"]*)"' }, 'x', { body: '<input value="x">' }],
    [{ name: 'text', options: 'value=(.)' }, 'capture read: the answer has no text that matches value=(.)'],
    ['body.none', 'capture read: the answer has no body.none'],
    ['body.none ?? "none"', 'none'],
    ['body.id', 'capture read: the body is not JSON: Unexpected token < in JSON at position 0', { body: '<' }],
  ])('%j', (how, value, exchange) => {
    const got = capture(how, exchange);
    if (exchange?.body === '<') expect(got).toMatch(/^capture read: the body is not JSON/);
    else expect(got).toBe(value);
  });
});

describe('no more of an answer is read than somebody asks for', () => {
  const step = (more: Partial<RequestStep>): RequestStep => requestStep({ name: 'x', path: '/', ...more });
  test.each<[more: Partial<RequestStep>, keep: string]>([
    [{}, 'status'],
    [{ expect: { withinUs: micros(1) } }, 'status'],
    [{ expect: { that: ['status < 300 && id > 0'] } }, 'status'],
    [{ expect: { headers: { a: { name: 'present', options: true } } } }, 'head'],
    [{ expect: { that: ['header.etag == "1"'] } }, 'head'],
    [{ expect: { size: { from: 0, to: 1 } } }, 'body'],
    [{ expect: { body: { a: 1 } } }, 'body'],
    [{ capture: { got: { name: 'text', options: 'a' } } }, 'body'],
    [{ capture: { got: 'header.etag' } }, 'head'],
  ])('%j: %s', (more, keep) => expect(keepOf(step(more))).toBe(keep));

  test('and what an earlier step has read is not taken for a part of it', () => {
    const { user } = answered({ expect: { status: [201] } }, { head });
    expect([user.failedStep, user.exchange.head, user.exchange.body]).toEqual(['read', '', '']);
  });
});
