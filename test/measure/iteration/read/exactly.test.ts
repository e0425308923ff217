import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { writeJson } from '../../../../src/core/exact/write.ts';
import type { Capture, Expect } from '../../../../src/core/plan/plan.ts';
import { compileAfter } from '../../../../src/measure/iteration/answer.ts';
import { newUser } from '../../../../src/measure/user.ts';
import { requestStep } from '../../mode.ts';

const places = new Map([
  ['known', 0],
  ['got', 1],
]);
const id = 1541815603606036481n;

/** What a step makes of an answer: what it captures, or why it failed. */
const taken = (body: string, capture: { readonly [name: string]: Capture }, expected: Expect = {}): unknown => {
  const user = newUser(0, 2);
  user.variables[0] = id;
  Object.assign(user.exchange, {
    status: 200,
    body,
    head: '\r\netag: "1541815603606036481"\r\nx-version: 1541815603606036481',
  });
  const end = compileAfter(requestStep({ name: 'read', path: '/', capture, expect: expected }), places)(user);
  return end === 'failed' ? `${user.failure} ${user.failureText}` : user.variables[1];
};
const body = writeJson({ id, list: [{ id }, { id: id + 1n }], text: String(id), small: 7, is: true });
const captured = (got: Capture): unknown => taken(body, { got });

describe('whole numbers beyond 2^53 in an answer', () => {
  test.each<[Capture, unknown]>([
    ['body.id', id],
    ['body.list[1].id', id + 1n],
    ['body["list"][0]', { id }],
    ['body.list', [{ id }, { id: id + 1n }]],
    ['body.id == known', true],
    ['body.list[1].id == known', false],
    ['body.list[1].id > body.id', true],
    ['json(body.list)', '[{"id":1541815603606036481},{"id":1541815603606036482}]'],
    ['number(header["x-version"])', id],
    ['header.etag', '"1541815603606036481"'],
    ['body.text', String(id)],
    ['body.small', 7],
    [{ name: 'jsonpath', options: '$.list[-1].id' }, id + 1n],
    [{ name: 'regex', options: '"id":(\\d+)' }, String(id)],
  ])('are captured digit for digit: %j', (how, value) => {
    expect(captured(how)).toEqual(value);
  });

  test('are captured beside each other, whatever was read of the body before', () => {
    expect(taken(body, { known: 'body.small', got: 'body.id' })).toBe(id);
    expect(taken(body, { known: 'body.id', got: 'body.id == known' })).toBe(true);
    expect(taken('1541815603606036481', { got: 'body' })).toBe(id);
  });

  test.each<[Expect, string | undefined]>([
    [{ body: { id } }, undefined],
    [{ body: { id: '${known}' } }, undefined],
    [{ body: { 'list[0]': { id: '${known}' } } }, undefined],
    [
      { body: { 'list[1].id': '${body.id}' } },
      'check read: body.list[1].id is 1541815603606036482, expected 1541815603606036481',
    ],
    [
      { body: { 'list[1].id': id } },
      'check read: body.list[1].id is 1541815603606036482, expected 1541815603606036481',
    ],
    [{ body: { id: String(id) } }, 'check read: body.id is 1541815603606036481, expected "1541815603606036481"'],
    [{ that: ['body.id == known', 'body.list[1].id != known'] }, undefined],
    [{ that: ['body.list[1].id == known'] }, 'check read: body.list[1].id == known does not hold'],
    [
      { that: ['body.id + 1 == 2'] },
      'check read: "+" was given 1541815603606036481, beyond 2^53: put it in quotes or count in smaller numbers',
    ],
  ])('are checked digit for digit: %o', (expected, why) => {
    expect(taken(body, {}, expected)).toBe(why);
  });

  test('fail a capture that computes with them', () => {
    expect(captured('body.id - 1')).toBe(
      'capture read: "-" was given 1541815603606036481, beyond 2^53: put it in quotes or count in smaller numbers',
    );
  });

  test('of any answer, at any place, are what they are', () => {
    const number = fc.bigInt({ min: -(2n ** 70n), max: 2n ** 70n });
    fc.assert(
      fc.property(fc.array(number, { minLength: 1, maxLength: 6 }), fc.nat(5), fc.boolean(), (numbers, at, isPath) => {
        const place = at % numbers.length;
        const found = taken(writeJson({ a: numbers }, at), {
          got: isPath ? `body.a[${place}]` : `body.a[${place}] ?? 1`,
        });
        expect(String(found)).toBe(String(numbers[place]));
      }),
    );
  });
});
