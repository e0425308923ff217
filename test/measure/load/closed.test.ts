import { describe, expect, test } from 'vitest';
import { micros } from '../../../src/core/units.ts';
import { newUser } from '../../../src/measure/iteration/user.ts';
import { firstWarmupIteration } from '../../../src/measure/load/arrivals.ts';
import { closed, type ClosedOptions } from '../../../src/measure/load/closed.ts';

const options = (more: Partial<ClosedOptions> & { at?: { us: number } } = {}): ClosedOptions => ({
  clock: { now: () => micros(more.at?.us ?? 0) },
  window: { fromUs: 100, toUs: 200 },
  iterations: Infinity,
  firstIteration: 1000,
  shard: { index: 0, count: 1 },
  signal: new AbortController().signal,
  ...more,
});

describe('closed load', () => {
  test('an iteration belongs to the part in which its intended start lies', () => {
    const at = { us: 0 };
    const arrivals = closed(options({ at }));
    const user = newUser(0, 0);
    const begin = (us: number): [unknown, boolean, number] => {
      at.us = us;
      return [arrivals.next(user), user.measured, user.iteration];
    };
    expect(begin(99)).toEqual([99, false, firstWarmupIteration]);
    expect(begin(100)).toEqual([100, true, 1000]);
    expect(begin(199)).toEqual([199, true, 1001]);
    expect(begin(200)[0]).toBeUndefined();
  });

  test('a number of iterations is begun exactly, over all users', () => {
    const at = { us: 150 };
    const arrivals = closed(options({ at, iterations: 3, window: { fromUs: 0, toUs: Infinity } }));
    const [a, b] = [newUser(0, 0), newUser(1, 0)];
    expect([a, b, a, b, a].map((user) => arrivals.next(user) !== undefined)).toEqual([true, true, true, false, false]);
  });

  test('the shards own every iteration once', () => {
    const numbers = [0, 1, 2].flatMap((index) => {
      const arrivals = closed(options({ at: { us: 150 }, iterations: 12, shard: { index, count: 3 } }));
      const user = newUser(0, 0);
      return Array.from({ length: 4 }, () => {
        void arrivals.next(user);
        return user.iteration;
      });
    });
    expect(numbers.toSorted((a, b) => a - b)).toEqual(Array.from({ length: 12 }, (_, at) => 1000 + at));
  });

  test('nothing begins after an interruption', () => {
    const interrupt = new AbortController();
    const arrivals = closed(options({ at: { us: 150 }, signal: interrupt.signal }));
    interrupt.abort();
    expect(arrivals.next(newUser(0, 0))).toBeUndefined();
  });
});
