import { expect, test } from 'vitest';
import { Live } from '../../src/core/recording/live.ts';
import { secondBucketOf } from '../../src/core/recording/seconds.ts';
import { newWatch, Watch, type Standing } from '../../src/core/watch.ts';
import { planOf } from '../scenario/reading.ts';

const plan = planOf(
  'target: http://shop.test\nrounds: 3\nsteps: [{ get: /x }]\nmodes: { free: none, locked: { lock: mutex, workers: 2 } }\n',
);

test('what one thread tells is there for another that has the same memory', () => {
  const told = newWatch(plan, 8);
  const seen = new Watch(told.data);
  Object.assign(told, {
    mode: 'locked',
    round: 2,
    slotsDone: 3,
    phase: 'measuring',
    slotStartedUs: 5,
    slotExpectedUs: 7,
  });
  expect(seen).toMatchObject({ modes: 2, rounds: 3, slotsTotal: 6, mode: 'locked', round: 2, slotsDone: 3 });
  expect(seen).toMatchObject({ phase: 'measuring', slotStartedUs: 5, slotExpectedUs: 7, completed: 0 });
});

test('how a mode stands is told apart from the others', () => {
  const watch = newWatch(plan, 8);
  const standing: Standing = {
    rounds: 2,
    perSecond: 1234.5,
    p50Us: 10,
    p99Us: Number.NaN,
    failed: 3,
    conflicts: 4,
    lostAtLeast: 5,
    lostAtMost: 6,
    findings: 7,
    histogram: Array.from({ length: 64 }, (_, at) => at),
  };
  watch.stands('locked', standing);
  expect(watch.standing(1)).toEqual(standing);
  expect(watch.standing(0)).toMatchObject({ rounds: 0, failed: 0 });
});

test('every thread counts in its own row, and who looks sees the sum', () => {
  const { live } = newWatch(plan, 8);
  const [first, second] = [new Live(live.memory, 0), new Live(live.memory, 1)];
  first.completedIn(5000);
  second.completedIn(5000);
  second.completedIn(0);
  second.completedIn(3_600_000_000);
  second.failedOnce();
  expect([live.completed, live.failed]).toEqual([4, 1]);
  const histogram = live.histogram();
  expect([histogram[secondBucketOf(5000)], histogram[0], histogram[63]]).toEqual([2, 1, 1]);
  live.clear();
  expect([live.completed, live.failed, Math.max(...live.histogram())]).toEqual([0, 0, 0]);
});
