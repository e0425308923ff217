import { describe, expect, test, vi } from 'vitest';
import type { Json } from '../../src/core/json.ts';
import { micros } from '../../src/core/units.ts';
import type { Micros } from '../../src/core/units.ts';
import { critical, type Parts } from '../../src/measure/iteration/run.ts';
import { newUser, type End, type Run, type User } from '../../src/measure/user.ts';
import { guardsIn, locks } from '../../src/measure/lock/index.ts';
import { localGuards } from '../../src/measure/lock/local/local.ts';
import type { Guard, GuardOptions, Lock, MakeGuard } from '../../src/measure/lock/lock.ts';
import { lockMemory, sharedGuards } from '../../src/measure/lock/shared/shared.ts';
import { TemplateValueError } from '../../src/template/compile.ts';
import type { Tally } from '../../src/measure/record/tally.ts';

const clock = { now: (): Micros => micros(performance.now() * 1000) };
const silent: Tally = {
  exchange: () => undefined,
  lock: () => undefined,
  lapsed: () => undefined,
  section: () => undefined,
  attempt: () => undefined,
  group: () => undefined,
  conflict: () => undefined,
  iteration: () => undefined,
};
const turn = async (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/** A lock for users over `threads` threads, or, with 0, over this one alone. A user's thread follows from its index. */
type Make = (signal: AbortSignal, timeoutUs?: Micros) => Lock;

const guardFor = (threads: number, memory: SharedArrayBuffer, how: GuardOptions): MakeGuard => {
  if (threads === 0) return localGuards(how);
  const makes = Array.from({ length: threads }, () => sharedGuards(memory, threads, how));
  return (spec) => {
    // They meet nowhere but in the memory, as they would in threads of their own.
    const [first, ...others] = makes.map((make) => make(spec)) as [Guard, ...Guard[]];
    const guards = [first, ...others];
    return {
      name: spec.name,
      get waiting() {
        return first.waiting;
      },
      acquire: (user, access) => guards[user.index % threads]!.acquire(user, access),
    };
  };
};

/** A template is the name of a user's first variable, whatever it says. */
const text = () => (user: User) => String(user.variables[0]);

const lockOf =
  (name: keyof typeof locks, options: Json, threads = 0): Make =>
  (signal, timeoutUs = micros(60_000_000)) => {
    const memory = lockMemory(guardsIn({ name, options }), Math.max(1, threads));
    const how = { clock, timeoutUs, signal };
    return locks[name](options, { ...how, guard: guardFor(threads, memory, how), text });
  };

interface Form {
  readonly name: string;
  readonly make: Make;
  readonly excludes: boolean;
  readonly threads: number;
}

const over = (name: string, word: keyof typeof locks, options: Json, excludes: boolean): readonly Form[] =>
  [0, 1, 3].map((threads) => ({
    name: `${name}${threads === 0 ? '' : `, shared by ${threads} threads`}`,
    make: lockOf(word, options, threads),
    excludes,
    threads: Math.max(1, threads),
  }));

/** Each lock that excludes, in every form that a scenario can give it, among users who all want the same and to write. */
const excluding: readonly Form[] = [
  over('mutex', 'mutex', {}, true),
  over('request-response', 'request-response', { nested: false }, true),
  over('request-response, nested', 'request-response', { nested: true }, true),
  over('keyed, one key', 'keyed', { key: '${product}' }, true),
  over('read-write, all writers', 'read-write', {}, true),
  over('read-write, all writers of one key', 'read-write', { key: '${product}' }, true),
  over('semaphore, of one', 'semaphore', { permits: 1 }, true),
].flat();

const forms: readonly Form[] = [
  { name: 'none', make: lockOf('none', {}), excludes: false, threads: 1 },
  ...over('semaphore, of nine', 'semaphore', { permits: 9 }, false),
  ...excluding,
];

const partsOf = (lock: Lock, tally: Tally = silent, by = clock): Parts => ({ lock, tally, clock: by });

/** Runs `iterations` critical sections over 64 users, back to back. */
const contend = async (section: Run, iterations: number): Promise<End[]> => {
  let left = iterations;
  const ends: End[] = [];
  const life = async (user: User): Promise<void> => {
    while (left > 0) {
      left--;
      ends.push(await section(user));
    }
  };
  await Promise.all(Array.from({ length: 64 }, async (_, index) => life(newUser(index, 0))));
  return ends;
};

test('every lock that a scenario can name is in this suite', () => {
  const here = forms.map(({ name }) => name.split(',')[0]);
  // The lease in Redis has a suite of its own, redis-lock.test.ts: it needs a server.
  expect(new Set([...here, 'redis'])).toEqual(new Set(Object.keys(locks)));
});

describe.each(forms)('$name', ({ make, excludes }) => {
  test(`a read-modify-write by 64 users ${excludes ? 'loses nothing' : 'loses updates'} in 5,000 iterations`, async () => {
    let value = 0;
    const requests: Run = async () => {
      const read = value;
      await turn();
      value = read + 1;
      return 'completed';
    };
    await contend(
      critical(requests, async () => 'completed', 'exclusive', partsOf(make(new AbortController().signal))),
      5000,
    );
    if (excludes) expect(value).toBe(5000);
    else expect(value).toBeLessThan(1000);
  });

  test('a holder that fails, meets a conflict or throws lets the next one in', async () => {
    const ends: End[] = ['failed', 'conflict', 'interrupted', 'completed'];
    let at = 0;
    const requests: Run = async () => {
      await turn();
      if (at % 5 === 4) {
        at++;
        throw new Error('a bug');
      }
      return ends[at++ % 5]!;
    };
    const section = critical(
      requests,
      async () => 'completed',
      'exclusive',
      partsOf(make(new AbortController().signal)),
    );
    const all = await Promise.allSettled(Array.from({ length: 50 }, async (_, index) => section(newUser(index, 0))));
    expect(all.filter((one) => one.status === 'rejected')).toHaveLength(10);
    expect(all.filter((one) => one.status === 'fulfilled' && one.value === 'completed')).toHaveLength(10);
  });

  test('what processes the answer may fail, and the next one still gets in', async () => {
    const section = critical(
      async () => 'completed',
      async (user) => (user.index % 2 === 0 ? 'failed' : 'completed'),
      'exclusive',
      partsOf(make(new AbortController().signal)),
    );
    const ends = await contend(section, 1000);
    expect(ends).toHaveLength(1000);
    expect(ends.filter((end) => end === 'failed').length).toBeGreaterThan(0);
  });

  test('nobody hangs when the slot ends: who waits is sent away, who comes later is too', async () => {
    const slot = new AbortController();
    const lock = make(slot.signal);
    let release = (): void => undefined;
    const requests: Run = async () =>
      new Promise<End>((resolve) => {
        release = () => resolve('completed');
      });
    const section = critical(requests, async () => 'completed', 'exclusive', partsOf(lock));
    const all = Promise.all(Array.from({ length: 10 }, async (_, index) => section(newUser(index, 0))));
    await turn();
    if (!excludes) return;
    slot.abort();
    release();
    const ends = await all;
    expect(ends.filter((end) => end === 'interrupted').length).toBeGreaterThanOrEqual(9);
    expect(await section(newUser(11, 0))).toBe('interrupted');
  });
});

describe.each(excluding)('$name', ({ make, threads }) => {
  test('is had in the order in which it was asked for in a thread, over a thousand iterations of 64 users', async () => {
    const lock = make(new AbortController().signal);
    const asked = Array.from({ length: threads }, (): number[] => []);
    const had = Array.from({ length: threads }, (): number[] => []);
    const numbered = new WeakMap<User, number>();
    let next = 0;
    const requests: Run = async (user) => {
      had[user.index % threads]!.push(numbered.get(user)!);
      // Some hold it over a turn of the event loop, some for a microtask only.
      if (user.index % 3 !== 0) await turn();
      return 'completed';
    };
    const held = critical(requests, async () => 'completed', 'exclusive', partsOf(lock));
    await contend(async (user) => {
      numbered.set(user, next);
      asked[user.index % threads]!.push(next++);
      return held(user);
    }, 1000);
    expect(had.flat().length).toBeGreaterThanOrEqual(1000);
    expect(had).toEqual(asked);
  });
});

describe.each(excluding.filter(({ threads }) => threads === 1))('$name', ({ make }) => {
  test('a wait that takes too long fails as lock, and only that one', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] });
    try {
      const lock = make(new AbortController().signal, micros(50_000));
      const section = critical(
        async () => new Promise<End>((resolve) => void setTimeout(() => resolve('completed'), 80)),
        async () => 'completed',
        'exclusive',
        partsOf(lock),
      );
      const users = [newUser(0, 0), newUser(1, 0), newUser(2, 0)];
      const first = section(users[0]!);
      const late = section(users[1]!);
      await vi.advanceTimersByTimeAsync(40);
      const inTime = section(users[2]!);
      await vi.advanceTimersByTimeAsync(500);
      expect(await Promise.all([first, late, inTime])).toEqual(['completed', 'failed', 'completed']);
      expect(users[1]!.failure).toBe('lock');
      expect(users[1]!.failureText).toContain('lock not obtained within 50');
    } finally {
      vi.useRealTimers();
    }
  });

  test('waits, holds and the queue are told', async () => {
    const told: { lock: string; waitUs: number; holdUs: number; queue: number }[] = [];
    const tally: Tally = {
      ...silent,
      lock: (_user, lock, waitUs, holdUs, queue) => void told.push({ lock, waitUs, holdUs, queue }),
    };
    const requests: Run = async () => {
      await turn();
      return 'completed';
    };
    let ticks = 0;
    const ticking = { now: (): Micros => micros(ticks++) };
    const section = critical(
      requests,
      async () => 'completed',
      'exclusive',
      partsOf(make(new AbortController().signal), tally, ticking),
    );
    await Promise.all(Array.from({ length: 5 }, async (_, index) => section(newUser(index, 0))));
    const first = told.filter(({ lock }) => lock !== 'response');
    expect(first.map(({ queue }) => queue)).toEqual([0, 1, 2, 3, 4]);
    expect(first.map(({ waitUs }) => waitUs)).toEqual(first.map(({ waitUs }) => waitUs).toSorted((a, b) => a - b));
    expect(first[0]!.waitUs).toBe(1);
    for (const { holdUs } of told) expect(holdUs).toBeGreaterThan(0);
  });
});

describe('request-response', () => {
  const trace = async (nested: boolean): Promise<string[]> => {
    const events: string[] = [];
    const lock = lockOf('request-response', { nested })(new AbortController().signal);
    const requests: Run = async (user) => {
      events.push(`request ${user.index}`);
      await turn();
      events.push(`answered ${user.index}`);
      return 'completed';
    };
    const processed: Run = async (user) => {
      events.push(`process ${user.index}`);
      for (let turns = 0; turns < 5; turns++) await turn();
      events.push(`processed ${user.index}`);
      return 'completed';
    };
    const section = critical(requests, processed, 'exclusive', partsOf(lock));
    await Promise.all([section(newUser(1, 0)), section(newUser(2, 0))]);
    return events;
  };

  test('processes one response while the next request is already on its way', async () => {
    const events = await trace(false);
    expect(events.indexOf('request 2')).toBeLessThan(events.indexOf('processed 1'));
    expect(events.indexOf('process 2')).toBeGreaterThan(events.indexOf('processed 1'));
  });

  test('nested: true sends nothing while a response is processed', async () => {
    const events = await trace(true);
    expect(events.indexOf('request 2')).toBeGreaterThan(events.indexOf('processed 1'));
  });
});

/** Sections that note who is inside with whom. */
const crowd = () => {
  let inside: readonly User[] = [];
  const seen: (readonly User[])[] = [];
  const requests: Run = async (user) => {
    inside = [...inside, user];
    seen.push(inside);
    for (let turns = 0; turns < 3; turns++) await turn();
    inside = inside.filter((one) => one !== user);
    return 'completed';
  };
  return { requests, seen };
};

const most = (seen: readonly (readonly User[])[]): number => Math.max(...seen.map(({ length }) => length));

const usersWithKeys = (count: number, keys: number): User[] =>
  Array.from({ length: count }, (_, index) => {
    const user = newUser(index, 1);
    user.variables[0] = index % keys;
    return user;
  });

describe.each([0, 3])('over %d threads', (threads) => {
  const never = new AbortController().signal;

  test('keyed lets in one for each key, and all keys at once', async () => {
    const { requests, seen } = crowd();
    const parts = partsOf(lockOf('keyed', { key: '${product}' }, threads)(never));
    const section = critical(requests, async () => 'completed', 'exclusive', parts);
    await Promise.all(usersWithKeys(40, 5).map(section));
    expect(most(seen)).toBe(5);
    for (const inside of seen) expect(new Set(inside.map(({ variables }) => variables[0])).size).toBe(inside.length);
  });

  test('read-write lets in readers together and a writer alone, for each key where it has one', async () => {
    for (const [options, keys] of [
      [{}, 1],
      [{ key: '${product}' }, 2],
    ] as const) {
      const { requests, seen } = crowd();
      const parts = partsOf(lockOf('read-write', options, threads)(never));
      const [read, write] = (['shared', 'exclusive'] as const).map((access) =>
        critical(requests, async () => 'completed', access, parts),
      );
      const isWriter = ({ index }: User): boolean => index % 7 === 3;
      await Promise.all(usersWithKeys(42, keys).map(async (user) => (isWriter(user) ? write! : read!)(user)));
      expect(most(seen)).toBeGreaterThan(2);
      for (const inside of seen) {
        for (const writer of inside.filter(isWriter)) {
          expect(inside.filter(({ variables }) => variables[0] === writer.variables[0])).toEqual([writer]);
        }
      }
    }
  });

  test('semaphore lets in so many and no more', async () => {
    const { requests, seen } = crowd();
    const parts = partsOf(lockOf('semaphore', { permits: 4 }, threads)(never));
    await Promise.all(usersWithKeys(30, 1).map(critical(requests, async () => 'completed', 'exclusive', parts)));
    expect(most(seen)).toBe(4);
    expect(seen).toHaveLength(30);
  });
});

test('a user whose key has no value fails, holds nothing, and nobody else does', async () => {
  const lock = lockOf('keyed', { key: '${product}' })(new AbortController().signal);
  const section = lock.section!;
  const broken: Lock = {
    section: {
      name: section.name,
      waiting: 0,
      acquire: (user, access) => {
        if (user.index === 1) throw new TemplateValueError('${product} has no value here');
        return section.acquire(user, access);
      },
    },
  };
  const run = critical(
    async () => 'completed',
    async () => 'completed',
    'exclusive',
    partsOf(broken),
  );
  const users = usersWithKeys(3, 1);
  expect(await Promise.all(users.map(run))).toEqual(['completed', 'failed', 'completed']);
  expect(users[1]!.failure).toBe('capture');
  expect(users[1]!.failureText).toContain('keyed');
});
