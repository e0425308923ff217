import { expect, test } from 'vitest';
import { Users, withRoomForUsers } from '../../../src/cli/progress/users.ts';
import type { ClosedLoad, Plan } from '../../../src/core/plan/plan.ts';
import { micros } from '../../../src/core/units.ts';
import { newWatch } from '../../../src/core/watch.ts';
import { planOf } from '../../scenario/reading.ts';

const planWith = (more: string, users = 20): Plan =>
  planOf(`target: http://shop.test\nload: { users: ${users}${more} }\nsteps: [{ get: /x }]\n`);

const mostOf = (plan: Plan, openFiles?: number): number | undefined =>
  (withRoomForUsers(plan, openFiles)?.modes[0].load as ClosedLoad | undefined)?.mostUsers;

test('there is room for ten times as many, as far as files may be open, and never for fewer than planned', () => {
  expect(mostOf(planWith(''))).toBe(200);
  expect(mostOf(planWith(''), 300)).toBe(100);
  expect(mostOf(planWith(''), 10)).toBe(20);
  expect(mostOf(planWith('', 5000))).toBe(10_000);
  expect(mostOf(planWith('', 20_000))).toBe(20_000);
});

test('several modes, an open load and stages have users that nobody changes by hand', () => {
  const two = planOf('target: http://shop.test\nsteps: [{ get: /x }]\nmodes: { a: none, b: mutex }\n');
  expect(withRoomForUsers(two, undefined)).toBeUndefined();
  expect(withRoomForUsers(planWith(', rate: 10/s'), undefined)).toBeUndefined();
  const staged = planOf(
    'target: http://shop.test\nload: { stages: [{ duration: 1s, users: 5 }] }\nsteps: [{ get: /x }]\n',
  );
  expect(withRoomForUsers(staged, undefined)).toBeUndefined();
});

const pressing = (plan: Plan) => {
  const roomy = withRoomForUsers(plan, undefined)!;
  const watch = newWatch(roomy, 2);
  const clock = { nowUs: 0, now: () => micros(clock.nowUs) };
  const users = new Users(roomy.modes[0], watch, clock);
  return { watch, clock, users };
};

test('a key adds or takes a tenth of those planned, and when is kept; what follows at once is one change', () => {
  const { watch, clock, users } = pressing(planWith(''));
  for (const key of ['more users', 'more users', 'hold', 'more users'] as const) users.press(key);
  clock.nowUs = 600_000;
  users.press('fewer users');
  Object.assign(watch, { round: 2 });
  users.press('fewer users');
  expect(watch.live.users).toBe(22);
  expect(watch.changes).toEqual([
    { round: 1, atUs: 0, users: 26 },
    { round: 1, atUs: 600_000, users: 24 },
    { round: 2, atUs: 600_000, users: 22 },
  ]);
  watch.live.clear();
  expect(watch.live.users).toBe(22);
});

test('a thousand times is as far as it goes, and says so once', () => {
  const { watch, clock, users } = pressing(planWith(', duration: 1s', 5));
  for (let press = 0; press < 1000; press++) {
    clock.nowUs += 1e6;
    users.press('more users');
  }
  expect([watch.live.users, watch.changes.length]).toEqual([50, 45]);
  for (let press = 0; press < 1000; press++) users.press('fewer users');
  expect(watch.live.users).toBe(1);
});

test('no thread is left without a user', () => {
  const plan = planOf('target: http://shop.test\nworkers: 4\nload: { users: 8 }\nsteps: [{ get: /x }]\n');
  const { watch, users } = pressing(plan);
  for (let press = 0; press < 100; press++) users.press('fewer users');
  expect(watch.live.users).toBe(4);
});
