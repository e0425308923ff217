import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { micros, type Micros } from '../../../src/core/units.ts';
import { newUser, type User } from '../../../src/measure/user.ts';
import { firstWarmupIteration, type Arrivals } from '../../../src/measure/load/arrivals.ts';
import { open, type OpenOptions } from '../../../src/measure/load/open.ts';
import type { MakePacer } from '../../../src/measure/load/pacer.ts';
import { Schedule, type ScheduleOptions } from '../../../src/measure/load/schedule.ts';

interface Begun {
  readonly user: number;
  readonly iteration: number;
  readonly intendedUs: number;
  readonly atUs: number;
}

type Setting = Partial<Omit<ScheduleOptions, 'fromUs'>> &
  Partial<Pick<OpenOptions, 'users' | 'queue'>> & {
    readonly fromUs?: number;
    readonly toUs?: number;
    /** How long iteration n takes. */
    readonly takesUs?: (iteration: number) => number;
    /** How late the pacer is. */
    readonly lateUs?: number;
    readonly interruptUs?: number;
  };

/** Runs a slot on a clock of its own: users take `takesUs`, the pacer is `lateUs` late. 1,000/s for 20 ms, if not told. */
const simulate = async ({ takesUs = () => 0, lateUs = 0, interruptUs, ...more }: Setting) => {
  const { users = 1, queue = null, fromUs = 0 } = more;
  const window = { fromUs, toUs: more.toUs ?? fromUs + 20_000 };
  let nowUs = 0;
  let wakeUs = Infinity;
  let callBack: (nowUs: number) => void = () => undefined;
  const pacer: MakePacer = (_, due) => {
    callBack = due;
    return {
      idleUs: 0,
      wake: (atUs) => {
        wakeUs = atUs;
      },
      worked: () => undefined,
      stop: () => {
        wakeUs = Infinity;
      },
    };
  };
  const interrupt = new AbortController();
  const arrivals: Arrivals = open({
    clock: { now: () => micros(nowUs) },
    schedule: new Schedule({
      arrival: { name: 'even', options: {} },
      ratePerSecond: 1000,
      stages: [],
      seed: 42,
      round: 0,
      warmupUs: 0,
      iterations: Infinity,
      firstIteration: 0,
      shard: { index: 0, count: 1 },
      ...more,
      fromUs,
    }),
    pacer,
    window,
    users,
    queue,
    signal: interrupt.signal,
  });
  const begun: Begun[] = [];
  const busy: { user: User; untilUs: number }[] = [];
  let gone = 0;
  let waits = 0;
  const begin = (user: User, intendedUs: Micros | undefined): void => {
    if (intendedUs === undefined) {
      gone++;
      return;
    }
    begun.push({ user: user.index, iteration: user.iteration, intendedUs, atUs: nowUs });
    busy.push({ user, untilUs: nowUs + Math.max(1, takesUs(user.iteration)) });
  };
  const ask = (user: User): void => {
    const due = arrivals.next(user);
    if (typeof due === 'object') {
      waits++;
      void due.then((intendedUs) => begin(user, intendedUs));
    } else begin(user, due);
  };
  for (let user = 0; user < users; user++) ask(newUser(user, 0));
  for (;;) {
    await Promise.resolve();
    await Promise.resolve();
    busy.sort((a, b) => a.untilUs - b.untilUs);
    const nextUs = Math.min(
      busy[0]?.untilUs ?? Infinity,
      wakeUs + lateUs,
      interrupt.signal.aborted ? Infinity : (interruptUs ?? Infinity),
    );
    if (nextUs === Infinity) break;
    nowUs = Math.max(nowUs, nextUs);
    if (nextUs === interruptUs && !interrupt.signal.aborted) interrupt.abort();
    else if (nextUs === busy[0]?.untilUs) {
      const { user } = busy.shift()!;
      user.freeUs = micros(nowUs);
      ask(user);
    } else {
      wakeUs = Infinity;
      callBack(nowUs);
    }
  }
  return { begun, dropped: arrivals.dropped, gone, waits };
};

const iterationsOf = (begun: readonly Begun[]): number[] => begun.map(({ iteration }) => iteration);
const numbers = (count: number): number[] => Array.from({ length: count }, (_, n) => n);

describe('open load', () => {
  test('begins every iteration when it is due, as long as a user is free', async () => {
    const { begun, dropped, gone } = await simulate({ users: 3, takesUs: () => 2500 });
    expect(begun.map(({ atUs }) => atUs)).toEqual(numbers(20).map((n) => n * 1000));
    expect(iterationsOf(begun)).toEqual(numbers(20));
    expect({ dropped, gone }).toEqual({ dropped: 0, gone: 3 });
  });

  test('gives the arrival to the user that became free last', async () => {
    const { begun } = await simulate({ users: 5, takesUs: () => 10 });
    expect(new Set(begun.slice(1).map(({ user }) => user)).size).toBe(1);
  });

  test('an arrival that was due while all were busy begins at once when one is free, its intended start in the past', async () => {
    const { begun, waits } = await simulate({ users: 1, takesUs: (n) => (n === 0 ? 5500 : 100) });
    expect(begun.slice(0, 8).map(({ intendedUs, atUs }) => [intendedUs, atUs])).toEqual([
      [0, 0],
      [1000, 5500],
      [2000, 5600],
      [3000, 5700],
      [4000, 5800],
      [5000, 5900],
      [6000, 6000],
      [7000, 7000],
    ]);
    // Nobody waits for what is due already.
    expect(waits).toBe(14);
  });

  test('what still waits for a user at the end of the window is dropped', async () => {
    const { begun, dropped } = await simulate({ users: 1, takesUs: () => 2000 });
    expect(begun).toHaveLength(10);
    expect(dropped).toBe(10);
  });

  test('what was due before the end begins a little after it, if a user was free', async () => {
    const { begun, dropped } = await simulate({ users: 30, takesUs: () => 50_000, lateUs: 1500 });
    expect(iterationsOf(begun)).toEqual(numbers(20));
    expect(begun.at(-1)!.atUs).toBeGreaterThan(20_000);
    expect(dropped).toBe(0);
  });

  test('a number of iterations is begun exactly, however slow the users are', async () => {
    const { begun, dropped, gone } = await simulate({
      users: 2,
      takesUs: () => 5000,
      iterations: 9,
      toUs: Infinity,
    });
    expect(iterationsOf(begun)).toEqual(numbers(9));
    expect({ dropped, gone }).toEqual({ dropped: 0, gone: 2 });
  });

  test('warm-up iterations are those due before the window, whenever they begin, and none of them counts as dropped', async () => {
    const { begun, dropped } = await simulate({
      users: 1,
      fromUs: 5000,
      warmupUs: 5000,
      toUs: 15_000,
      takesUs: () => 4000,
    });
    const warmup = begun.filter(({ iteration }) => iteration >= firstWarmupIteration);
    expect(warmup).toHaveLength(4);
    expect(begun).toHaveLength(4);
    expect(dropped).toBe(10);
  });

  test('an interruption ends it at once: what was due until then and had not begun is dropped', async () => {
    const { begun, dropped, gone } = await simulate({ users: 1, takesUs: () => 3000, interruptUs: 7500 });
    expect(begun).toHaveLength(3);
    expect(dropped).toBe(5);
    expect(gone).toBe(1);
  });

  test('an interruption lets users that wait go', async () => {
    const { gone, dropped } = await simulate({ users: 4, ratePerSecond: 1, toUs: 5_000_000, interruptUs: 7500 });
    expect({ gone, dropped }).toEqual({ gone: 4, dropped: 0 });
  });
});

describe('queue', () => {
  test('0: an arrival that finds no free user is dropped', async () => {
    const { begun, dropped } = await simulate({ users: 2, queue: 0, takesUs: () => 3500 });
    expect(iterationsOf(begun)).toEqual([0, 1, 4, 5, 8, 9, 12, 13, 16, 17]);
    expect(dropped).toBe(10);
  });

  test('0: users that have not come yet when the first are due are free', async () => {
    const { begun, dropped } = await simulate({
      users: 3,
      queue: 0,
      ratePerSecond: 1000,
      lateUs: 2500,
      takesUs: () => 1,
    });
    expect(begun).toHaveLength(20);
    expect(dropped).toBe(0);
  });

  test('so many wait, first come first served, and more are dropped', async () => {
    const { begun, dropped } = await simulate({ users: 1, queue: 2, takesUs: (n) => (n === 0 ? 5500 : 100) });
    expect(iterationsOf(begun)).toEqual([0, 1, 2, ...numbers(14).map((n) => n + 6)]);
    expect(dropped).toBe(3);
  });

  test('is exact, although nobody looks while all are busy: each arrival meets what it would have met', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 4 }),
        fc.option(fc.integer({ min: 0, max: 4 }), { nil: null }),
        fc.array(fc.integer({ min: 1, max: 9000 }), { minLength: 20, maxLength: 20 }),
        async (users, queue, takes) => {
          const setting = { users, queue, toUs: 20_000, takesUs: (n: number) => takes[n % 20]! };
          const { begun, dropped } = await simulate(setting);
          expect(iterationsOf(begun)).toEqual(expected(users, queue, setting.takesUs).filter((at) => at >= 0));
          expect(begun.length + dropped).toBe(20);
        },
      ),
      { numRuns: 100 },
    );
  });
});

/** The same by the book, arrival by arrival, with every user and the line in view. */
const expected = (users: number, queue: number | null, takesUs: (iteration: number) => number): number[] => {
  const freeAt = numbers(users).map(() => 0);
  const line: number[] = [];
  const order: number[] = [];
  const serve = (byUs: number): void => {
    for (;;) {
      const at = Math.min(...freeAt);
      if (line.length === 0 || at > byUs || at >= 20_000) return;
      const iteration = line.shift()!;
      order.push(iteration);
      freeAt[freeAt.indexOf(at)] = at + takesUs(iteration);
    }
  };
  for (const iteration of numbers(20)) {
    const dueUs = iteration * 1000;
    serve(dueUs);
    const free = Math.min(...freeAt);
    if (free <= dueUs) {
      order.push(iteration);
      freeAt[freeAt.indexOf(free)] = dueUs + takesUs(iteration);
    } else if (queue === null || line.length < queue) line.push(iteration);
  }
  serve(20_000);
  return order;
};
