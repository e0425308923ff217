import { expect, test } from 'vitest';
import type { Observation } from '../../../../src/core/plan/plan.ts';
import { micros } from '../../../../src/core/units.ts';
import { severalReads } from '../../../../src/measure/iteration/observe/several.ts';
import { newUser, type User } from '../../../../src/measure/user.ts';
import { requestStep } from '../../mode.ts';

const places = new Map([
  ['sum', 0],
  ['at', 1],
]);
const requests = [
  requestStep({ name: 'one', path: '/1', capture: { sum: 'body.sum', at: 'body.at' } }),
  requestStep({ name: 'two', path: '/2', capture: { sum: 'body.sum' } }),
  requestStep({ name: 'three', path: '/3' }),
];
const total: Observation = {
  model: 'transfer',
  step: 'three',
  steps: ['one', 'two', 'three'],
  operation: 'read',
  key: 'all',
  spansSection: false,
};

/** Of a user who is answered by one step after the other, which captures that sum: how many of the answers ended a read. */
const rig = () => {
  const severalOf = severalReads(requests, places);
  const several = severalOf(total)!;
  expect(severalOf(total)).toBe(several);
  let now = 0;
  return {
    several,
    answer: (who: User, step: string, sum: number | undefined): boolean => {
      who.exchange.sentUs = micros(++now);
      if (sum !== undefined && step !== 'three') who.variables[0] = sum;
      return several.answered(step, who, sum !== undefined);
    },
  };
};

const valueOf = (several: ReturnType<typeof rig>['several'], user: User, name: string, property?: string): unknown =>
  several.lookup(name, property)?.({ user, exchange: user.exchange, body: undefined });

test('the last of several answers has what each of them captured, and since when', () => {
  const { several, answer } = rig();
  const who = newUser(3, 2);
  expect([answer(who, 'one', 10), answer(who, 'two', 20), answer(who, 'three', 0)]).toEqual([false, false, true]);
  expect(several.sentUs(who)).toBe(1);
  expect(valueOf(several, who, 'one', 'sum')).toBe(10);
  expect(valueOf(several, who, 'two', 'sum')).toBe(20);
  // Of what two capture, by its name alone, the later one.
  expect(valueOf(several, who, 'sum')).toBe(20);
  expect(several.lookup('body')).toBeUndefined();
  expect(several.lookup('three', 'sum')).toBeUndefined();
});

test('users are told apart', () => {
  const { answer } = rig();
  const [one, other] = [newUser(0, 2), newUser(1, 2)];
  expect(answer(one, 'one', 1)).toBe(false);
  expect(answer(other, 'two', 1)).toBe(false);
  expect(answer(one, 'two', 1)).toBe(false);
  expect(answer(other, 'three', 1)).toBe(false);
  expect(answer(one, 'three', 1)).toBe(true);
});

test.each([
  [
    'a step left out',
    [
      ['one', 1],
      ['three', 1],
    ],
    0,
  ],
  [
    'one that was not answered, and after it the next',
    [
      ['one', 1],
      ['two', undefined],
      ['three', 1],
    ],
    0,
  ],
  [
    'one that was sent again',
    [
      ['one', 1],
      ['two', undefined],
      ['two', 1],
      ['three', 1],
    ],
    1,
  ],
  [
    'a first one that was sent again',
    [
      ['one', undefined],
      ['one', 1],
      ['two', 1],
      ['three', 1],
    ],
    1,
  ],
  [
    'one that was sent twice',
    [
      ['one', 1],
      ['two', 1],
      ['two', 1],
      ['three', 1],
    ],
    0,
  ],
  [
    'a pass that began anew',
    [
      ['one', 1],
      ['two', 1],
      ['one', 1],
      ['two', 1],
      ['three', 1],
    ],
    1,
  ],
  [
    'two passes',
    [
      ['one', 1],
      ['two', 1],
      ['three', 1],
      ['one', 1],
      ['two', 1],
      ['three', 1],
    ],
    2,
  ],
  [
    'a last one alone',
    [
      ['one', 1],
      ['two', 1],
      ['three', 1],
      ['three', 1],
    ],
    1,
  ],
] as const)('of %s', (_, answers, reads) => {
  const { answer } = rig();
  const who = newUser(0, 2);
  expect(answers.filter(([step, sum]) => answer(who, step, sum))).toHaveLength(reads);
});
