import { expect, test } from 'vitest';
import { Looks } from '../../../src/cli/screen/view/window.ts';
import { newWatch } from '../../../src/core/watch.ts';
import { planOf } from '../../scenario/reading.ts';

const plan = planOf('target: http://shop.test\nsteps: [{ get: /x }]\nmodes: { a: none, b: mutex }\n');

test('two looks give what completed between them: rate, percentiles, histogram', () => {
  const watch = newWatch(plan, 1);
  const looks = new Looks(watch);
  const pass = (fromS: number, toS: number, us: number): void => {
    for (let s = fromS; s < toS; s += 0.5) {
      for (let one = 0; one < 50; one++) watch.live.completedIn(us);
      looks.look((s + 0.5) * 1e6);
    }
  };
  looks.look(0);
  expect(looks.over(2)).toMatchObject({ perSecond: undefined, completed: 0, p50Us: null });
  pass(0, 10, 1000);
  pass(10, 12, 100_000);
  expect(looks.over(2)).toMatchObject({ perSecond: 100, completed: 200 });
  expect(looks.over(2).p50Us! / 100_000).toBeCloseTo(1, 0);
  expect(looks.over(5)).toMatchObject({ perSecond: 100, completed: 500 });
  expect(looks.over(5).p50Us! / 1000).toBeCloseTo(1, 0);
  expect(looks.over(5).p99Us! / 100_000).toBeCloseTo(1, 0);
  pass(12, 100, 1000);
  expect(looks.over(30)).toMatchObject({ perSecond: 100, completed: 3000 });
  expect(looks.over(Infinity)).toMatchObject({ perSecond: 100, completed: 10_000 });
});

test('a new slot begins with nothing', () => {
  const watch = newWatch(plan, 1);
  const looks = new Looks(watch);
  for (let one = 0; one < 50; one++) watch.live.completedIn(10);
  looks.look(1e6);
  Object.assign(watch, { mode: 'b', slotStartedUs: 2e6 });
  watch.live.clear();
  watch.live.failedOnce();
  looks.look(3e6);
  expect(looks.over(5)).toMatchObject({ perSecond: 0, completed: 0, failed: 1, p99Us: null });
});
