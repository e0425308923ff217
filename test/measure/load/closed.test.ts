import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { micros } from '../../../src/core/units.ts';
import { Pauses } from '../../../src/measure/pauses.ts';
import { newUser } from '../../../src/measure/user.ts';
import { firstWarmupIteration } from '../../../src/measure/load/arrivals.ts';
import { closed, type ClosedOptions } from '../../../src/measure/load/closed.ts';

const options = ({ at, ...more }: Partial<ClosedOptions> & { at?: { us: number } } = {}): ClosedOptions => ({
  clock: { now: () => micros(at?.us ?? 0) },
  window: { fromUs: 100, toUs: 200 },
  iterations: Infinity,
  firstIteration: 1000,
  shard: { index: 0, count: 1 },
  signal: new AbortController().signal,
  thinkUs: [0, 0],
  pauses: new Pauses(new AbortController().signal),
  seed: 42,
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

describe('think', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  const second = 1_000_000;
  const thinking = (more: Partial<ClosedOptions> = {}) => {
    const epochMs = Date.now();
    const clock = { now: () => micros((Date.now() - epochMs) * 1000) };
    const interrupt = new AbortController();
    const arrivals = closed(
      options({
        clock,
        window: { fromUs: 0, toUs: 300 * second },
        thinkUs: [10_000, 50_000],
        signal: interrupt.signal,
        pauses: new Pauses(interrupt.signal),
        ...more,
      }),
    );
    return { arrivals, clock, interrupt };
  };

  test('lies between iterations, drawn evenly from its range by the number of the one before', async () => {
    const pausesOf = async (): Promise<number[]> => {
      const { arrivals, clock } = thinking();
      const user = newUser(0, 0);
      expect(await arrivals.next(user)).toBe(0);
      const pauses: number[] = [];
      for (let iteration = 0; iteration < 200; iteration++) {
        await vi.advanceTimersByTimeAsync(5);
        user.freeUs = clock.now();
        const due = arrivals.next(user);
        await vi.advanceTimersByTimeAsync(50);
        pauses.push(((await due) as number) - user.freeUs);
      }
      return pauses;
    };
    const pauses = await pausesOf();
    expect(Math.min(...pauses)).toBeGreaterThanOrEqual(10_000);
    expect(Math.max(...pauses)).toBeLessThanOrEqual(50_000);
    const mean = pauses.reduce((sum, us) => sum + us, 0) / pauses.length;
    expect(mean).toBeGreaterThan(27_000);
    expect(mean).toBeLessThan(34_000);
    expect(await pausesOf()).toEqual(pauses);
  });

  test('ends with the window', async () => {
    const { arrivals, clock } = thinking({ window: { fromUs: 0, toUs: 8000 } });
    const user = newUser(0, 0);
    await arrivals.next(user);
    await vi.advanceTimersByTimeAsync(1);
    user.freeUs = clock.now();
    const due = arrivals.next(user);
    await vi.advanceTimersByTimeAsync(7);
    expect(await due).toBeUndefined();
    expect(clock.now()).toBe(8000);
  });

  test('ends with an interruption', async () => {
    const { arrivals, clock, interrupt } = thinking();
    const user = newUser(0, 0);
    await arrivals.next(user);
    await vi.advanceTimersByTimeAsync(1);
    user.freeUs = clock.now();
    const due = arrivals.next(user);
    interrupt.abort();
    expect(await due).toBeUndefined();
    expect(vi.getTimerCount()).toBe(0);
  });
});
