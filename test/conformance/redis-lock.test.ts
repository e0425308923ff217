import { Redis } from 'ioredis';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { micros, microsFromMs, type Micros } from '../../src/core/units.ts';
import { newUser, type User } from '../../src/measure/user.ts';
import type { Guard, Hold, Lock } from '../../src/measure/lock/lock.ts';
import { loadRedis } from '../../src/measure/lock/redis/client.ts';
import { redis } from '../../src/measure/lock/redis/redis.ts';
import { freePort, hasRedis, RedisServer, withRedis } from '../redis.ts';
import { expectNoneLost } from './redis-threads.ts';

const clock = { now: (): Micros => micros(performance.now() * 1000) };

let server: RedisServer;
let admin: Redis;
const opened: Lock[] = [];

interface How {
  readonly ttlMs?: number;
  readonly renew?: boolean;
  readonly timeoutMs?: number;
  readonly signal?: AbortSignal;
  readonly keyOf?: (user: User) => string;
  readonly url?: string;
}

/** A lock as a process or thread of its own has it: they meet in Redis alone. */
const openLock = async (how: How = {}): Promise<Guard> => {
  const { ttlMs = 10_000, renew = true, timeoutMs = 20_000, signal = new AbortController().signal } = how;
  const options = {
    url: how.url ?? server.url,
    key: 'lease',
    ttlUs: microsFromMs(ttlMs),
    renew,
    retryUs: [microsFromMs(2), microsFromMs(50)] as const,
  };
  const lock = redis(options, {
    clock,
    timeoutUs: microsFromMs(timeoutMs),
    signal,
    guard: () => expect.unreachable('the lease needs no guard in memory'),
    text: (template) => how.keyOf ?? (() => template),
  });
  await lock.open!();
  opened.push(lock);
  return lock.section!;
};

const enter = async (guard: Guard, index = 0): Promise<Hold> => guard.acquire(newUser(index, 0), 'exclusive');

const turn = async (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

describe.skipIf(!hasRedis)(`a lease in Redis${withRedis}`, () => {
  beforeAll(async () => {
    server = await RedisServer.start();
    admin = new Redis(server.url);
    admin.on('error', () => undefined);
  });
  beforeEach(async () => admin.flushall());
  afterEach(async () => {
    await Promise.all(opened.splice(0).map(async (lock) => lock.close!()));
  });
  afterAll(async () => {
    admin.disconnect();
    await server[Symbol.asyncDispose]();
  });

  test('excludes: 64 users over 3 clients lose none of 3,000 read-modify-writes, each gets its share, tokens grow', async () => {
    const guards = await Promise.all([openLock(), openLock(), openLock()]);
    const had = [0, 0, 0];
    let value = 0;
    let last = 0;
    let left = 3000;
    const live = async (index: number): Promise<void> => {
      const at = index % guards.length;
      while (left-- > 0) {
        const hold = await enter(guards[at]!, index);
        expect(hold.refused).toBeUndefined();
        expect(hold.token).toBeGreaterThan(last);
        last = hold.token!;
        const read = value;
        await turn();
        value = read + 1;
        had[at]!++;
        expect(await hold.release()).toBe('kept');
      }
    };
    await Promise.all(Array.from({ length: 64 }, async (_, index) => live(index)));
    expect(value).toBe(3000);
    expect(Math.min(...had)).toBeGreaterThan(3000 / guards.length / 4);
    expect(await admin.exists('lease')).toBe(0);
  });

  test('excludes across threads: 64 users over 2 of them lose none of 4,000 read-modify-writes, and neither is kept out', async () =>
    expectNoneLost(server.url, 4000));

  test('is nobody’s for ever: of two clients with one user each neither is kept out', async () => {
    const guards = await Promise.all([openLock(), openLock()]);
    const had = [0, 0];
    const untilUs = clock.now() + 500_000;
    await Promise.all(
      guards.map(async (guard, at) => {
        while (clock.now() < untilUs) {
          const hold = await enter(guard);
          had[at]!++;
          await turn();
          await hold.release();
        }
      }),
    );
    expect(Math.min(...had)).toBeGreaterThan(Math.max(...had) / 10);
  });

  test('tells how long the line is, and that another process has it', async () => {
    const [one, other] = [await openLock(), await openLock()];
    const users = [0, 1, 2].map((index) => newUser(index, 0));
    const holds = users.map((user) => one.acquire(user, 'exclusive'));
    const elsewhere = newUser(3, 0);
    const first = await holds[0]!;
    const held = other.acquire(elsewhere, 'exclusive');
    await vi.waitFor(() => expect(elsewhere.queue).toBe(1), { timeout: 10_000 });
    expect(users.map(({ queue }) => queue)).toEqual([0, 2, 3]);
    expect([one.waiting, other.waiting]).toEqual([2, 1]);
    await first.release();
    for (const hold of holds.slice(1)) await (await hold).release();
    await (await held).release();
  });

  test('is one for each key, and leaves no key behind', async () => {
    const guard = await openLock({ keyOf: ({ index }) => `key-${index}` });
    const holds = await Promise.all(Array.from({ length: 300 }, async (_, index) => enter(guard, index)));
    expect(await admin.dbsize()).toBe(301);
    await Promise.all(holds.map(async (hold) => hold.release()));
    expect(await admin.keys('*')).toEqual(['contend:tokens']);
  });

  test('who waits too long is sent away, and never gets in', async () => {
    const guard = await openLock({ timeoutMs: 500 });
    const other = await openLock({ timeoutMs: 500 });
    const hold = await enter(guard);
    const waits = await Promise.all([enter(guard), enter(guard), enter(other)]);
    expect(waits.map(({ refused }) => refused)).toEqual(['too late', 'too late', 'too late']);
    expect([guard.waiting, other.waiting]).toEqual([0, 0]);
    await hold.release();
    await sleep(80);
    // What was granted too late is given back.
    await vi.waitFor(async () => expect(await admin.exists('lease')).toBe(0), { timeout: 10_000 });
    expect((await enter(other)).refused).toBeUndefined();
  });

  test('an abort sends all away at once; who is inside still gives it back, and a lease granted too late is given back', async () => {
    const over = new AbortController();
    const guard = await openLock({ signal: over.signal });
    const other = await openLock();
    const hold = await enter(guard);
    const waits = [enter(guard), enter(guard)];
    over.abort();
    expect((await Promise.all(waits)).map(({ refused }) => refused)).toEqual(['aborted', 'aborted']);
    expect((await enter(guard)).refused).toBe('aborted');
    expect(await hold.release()).toBe('kept');
    const next = await enter(other);
    expect(next.refused).toBeUndefined();
    await next.release();

    const late = new AbortController();
    const asking = await openLock({ signal: late.signal });
    const held = enter(asking);
    late.abort();
    expect((await held).refused).toBe('aborted');
    await opened.at(-1)!.close!();
    expect(await admin.exists('lease')).toBe(0);
  });

  test('a lease that is not renewed runs out: it has lapsed, and the next holder’s token fences it off', async () => {
    const [one, other] = [await openLock({ ttlMs: 50, renew: false }), await openLock()];
    const hold = await enter(one);
    const next = await enter(other);
    expect(next.token).toBeGreaterThan(hold.token!);
    await sleep(150);
    expect(await hold.release()).toBe('lapsed');
    // Whoever lost it takes it from nobody.
    expect(await admin.exists('lease')).toBe(1);
    expect(await next.release()).toBe('kept');
  });

  test('a lease that is renewed is kept as long as it is held', async () => {
    const [one, other] = [await openLock({ ttlMs: 1200 }), await openLock()];
    const hold = await enter(one);
    const held = enter(other);
    await sleep(1700);
    expect(other.waiting).toBe(1);
    expect(await hold.release()).toBe('kept');
    await (await held).release();
  });

  test('a lease that somebody deleted is found lost when it is renewed, and counted once', async () => {
    const guard = await openLock({ ttlMs: 600 });
    const hold = await enter(guard);
    await admin.del('lease');
    await sleep(300);
    expect(await hold.release()).toBe('lapsed');
    const next = await enter(guard);
    expect(await next.release()).toBe('kept');
  });

  test('a holder that died lets others in once its lease has run out', async () => {
    await admin.set('lease', 'somebody who is gone', 'PX', 80);
    const guard = await openLock();
    const askedUs = clock.now();
    expect((await enter(guard)).refused).toBeUndefined();
    expect(clock.now() - askedUs).toBeLessThan(10_000_000);
  });

  test('tokens grow over a restart that kept nothing', async () => {
    const guard = await openLock();
    const first = await enter(guard);
    await first.release();
    await admin.flushall();
    const next = await enter(guard);
    expect(next.token).toBeGreaterThan(first.token!);
  });

  test('a server that is lost fails those who wait and those who come, in words and not at once; back again it goes on', async () => {
    await using own = await RedisServer.start();
    const guard = await openLock({ url: own.url });
    const hold = await enter(guard);
    const waits = [enter(guard), enter(guard)];
    await own.kill();
    const left = hold.release();
    expect(['kept', 'lapsed']).toContain(await left);
    for (const { refused } of await Promise.all(waits)) {
      expect(refused).toMatchObject({ failure: 'redis', text: expect.stringContaining(own.url) as string });
    }
    const askedUs = clock.now();
    expect((await enter(guard)).refused).toMatchObject({ failure: 'redis' });
    expect(clock.now() - askedUs).toBeGreaterThan(40_000);
    await own.start();
    let back = await enter(guard);
    for (let tries = 0; back.refused !== undefined && tries < 50; tries++) back = await enter(guard);
    expect(back.refused).toBeUndefined();
    await back.release();
  });

  test('a server that stands still holds nobody longer than its patience, and what it grants too late is given back', async () => {
    const guard = await openLock({ timeoutMs: 1000 });
    server.signal('SIGSTOP');
    const asked = await enter(guard).finally(() => server.signal('SIGCONT'));
    expect(asked.refused).toBe('too late');
    const next = await enter(guard);
    expect(next.refused).toBeUndefined();
    await next.release();
  });

  test.each([
    ['nobody listens', async () => `redis://:secret@127.0.0.1:${await freePort()}`, /ECONNREFUSED/],
    [
      'a password is wrong',
      async () => `redis://user:secret@127.0.0.1:${server.port}`,
      /WRONGPASS|without any password/,
    ],
    ['the database is not there', async () => `${server.url}/99`, /DB index/],
  ])('is refused when it is opened where %s, with the address but not the password', async (_what, urlOf, why) => {
    const url = await urlOf();
    const error = await openLock({ url }).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ code: 'ERR_REDIS', message: expect.stringMatching(why) as string });
    expect((error as Error).message).not.toContain('secret');
  });
});

test('without ioredis a lease is refused, and it is told how to install it', async () => {
  const missing = Object.assign(new Error('Cannot find package'), { code: 'ERR_MODULE_NOT_FOUND' });
  await expect(loadRedis(() => Promise.reject(missing))).rejects.toMatchObject({
    code: 'ERR_MISSING_PACKAGE',
    hint: expect.stringContaining('npm install ioredis') as string,
  });
});
