import { setMaxListeners } from 'node:events';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { micros } from '../../../../src/core/units.ts';
import { newUser } from '../../../../src/measure/user.ts';
import type { LinePerKey } from '../../../../src/measure/lock/local/line.ts';
import type { Guard, GuardSpec, Hold } from '../../../../src/measure/lock/lock.ts';
import { lockMemory, sharedGuards } from '../../../../src/measure/lock/shared/shared.ts';
import { stripeOf, stripes } from '../../../../src/measure/lock/shared/stripes.ts';
import { follow, keyOf, Model, passesAtMost, specs, stepsOf, turns, userOf } from '../model.ts';

// Several guards over one memory, each as in a thread of its own: they meet nowhere else. Threads that are real are in
// test/conformance/shared-lock.test.ts.

const mutex: GuardSpec = { name: 'mutex', room: 1 };
const how = { clock: { now: () => micros(0) }, timeoutUs: micros(1000), signal: new AbortController().signal };
setMaxListeners(0, how.signal);

beforeEach(() => void vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] }));
afterEach(() => void vi.useRealTimers());

const modelOf = (threads: number, spec: GuardSpec = mutex, firstTicket = 0): Model => {
  const memory = lockMemory([spec], threads);
  afterTickets(new Int32Array(memory), firstTicket, spec);
  return new Model({ threads, spec, make: (options) => sharedGuards(memory, threads, options) });
};

/** As if all tickets before this one had been drawn and passed on, of every lock that the guard is made of. */
const afterTickets = (words: Int32Array, ticket: number, { key }: GuardSpec): void => {
  if (ticket === 0) return;
  const [stride, length] = key === undefined ? [16, words.length] : [1, words.length / stripes];
  const turnWords = length / stride - 4;
  for (let at = 0; at < words.length; at += length) {
    words[at] = ticket;
    for (let before = 0; before < turnWords; before++) {
      const one = (ticket - before) | 0;
      words[at + (4 + (one & (turnWords - 1))) * stride] = one;
    }
  }
};

/** Where ticket numbers begin, change their sign, and come round. */
const firstTickets = [0, 2 ** 31 - 3, -3];

describe.each(specs)('a $name guard that threads share', (spec) => {
  test('has so many inside as there is room for, first come first served in each thread, no thread passed over more than 16 times, and never hangs', async () => {
    const scripts = fc.constantFrom(1, 2, 3, 5, 17).chain((threads) =>
      fc.record({
        threads: fc.constant(threads),
        firstTicket: fc.constantFrom(...firstTickets),
        steps: stepsOf(threads),
      }),
    );
    await fc.assert(
      fc.asyncProperty(scripts, fc.integer({ min: 1, max: 4 }), async ({ threads, firstTicket, steps }, atOnce) => {
        const model = modelOf(threads, spec, firstTicket);
        await follow(model, steps, atOnce);
        expect(model.waiting).toBe(0);
      }),
      { numRuns: 30 },
    );
  });

  test.each([2, 3, 5, 17, 24])('goes round among %d threads that all want it all the time', async (threads) => {
    const model = modelOf(threads, spec, -40);
    const had = Array.from({ length: threads }, () => 0);
    model.ask(0);
    await turns();
    for (let one = 1; one < threads * 20; one++) model.ask(one % threads);
    await turns();
    for (let pass = 0; pass < threads * 60; pass++) {
      const { thread } = model.inside[0]!;
      had[thread]!++;
      model.ask(thread);
      model.leave();
      await turns();
    }
    // Used as far as it is allowed: a switch between threads is dear.
    expect(model.mostPassed).toBeGreaterThanOrEqual(Math.min(16, threads - 1));
    expect(model.mostPassed).toBeLessThanOrEqual(passesAtMost(threads));
    expect(Math.max(...had) - Math.min(...had)).toBeLessThanOrEqual(2 * passesAtMost(threads));
  });
});

describe('a lock that threads share', () => {
  test('is had without a promise where it is free, and stays with a thread while no other asks', async () => {
    const [first, second] = modelOf(2).guards as [Guard, Guard];
    for (let pair = 0; pair < 100; pair++) {
      const hold = (pair % 2 === 0 ? first : second).acquire(userOf('1'), 'exclusive');
      expect(hold).not.toBeInstanceOf(Promise);
      void (hold as Hold).release();
    }
    const held = first.acquire(userOf('1'), 'exclusive') as Hold;
    const next = Array.from({ length: 40 }, async () => (await first.acquire(userOf('1'), 'exclusive')).release());
    void held.release();
    await Promise.all(next);
    expect(first.waiting).toBe(0);
  });

  test('passes a thread over no more often where that thread comes while the lock changes hands', async () => {
    const model = modelOf(2);
    for (let user = 0; user < 40; user++) model.ask(0);
    await turns();
    model.leave();
    // Whose the lock is by now does not know yet.
    model.ask(1);
    await turns();
    for (; model.inside[0]?.thread === 0; await turns()) model.leave();
    expect(model.mostPassed).toBe(16);
  });

  test('passes on the turn of a thread whose users have given up', async () => {
    const model = modelOf(3);
    model.ask(0);
    model.ask(1);
    model.later(60);
    model.ask(2);
    await turns();
    model.later(50);
    await model.check();
    expect(model.waiting).toBe(1);
    model.leave();
    await turns();
    expect(model.inside[0]?.thread).toBe(2);
  });

  test('is nobody else’s business when a thread’s slot is over: what it holds is released, what it waits for passed on', async () => {
    const model = modelOf(3);
    for (const thread of [0, 1, 2, 0, 1]) model.ask(thread);
    model.abort(0);
    model.abort(1);
    await model.check();
    expect(model.inside[0]?.thread).toBe(0);
    model.leave();
    await turns();
    expect(model.inside[0]?.thread).toBe(2);
    model.leave();
    model.ask(2);
    await turns();
    expect(model.inside[0]?.thread).toBe(2);
  });

  test('is one of its own for each that is made, in the order of making', () => {
    const memory = lockMemory([mutex, { ...mutex, key: keyOf }, mutex], 2);
    const [one, other] = [sharedGuards(memory, 2, how), sharedGuards(memory, 2, how)];
    const make = (guards: typeof one): Guard[] => [guards(mutex), guards({ ...mutex, key: keyOf }), guards(mutex)];
    const [request, keyed, response] = make(one);
    const [sameRequest, sameKeyed, sameResponse] = make(other);
    const user = newUser(0, 1);
    for (const guard of [request, keyed]) expect(guard!.acquire(user, 'exclusive')).not.toBeInstanceOf(Promise);
    for (const guard of [sameRequest, sameKeyed]) expect(guard!.acquire(user, 'exclusive')).toBeInstanceOf(Promise);
    expect(sameResponse!.acquire(user, 'exclusive')).not.toBeInstanceOf(Promise);
    expect([request, keyed, response].map((guard) => guard!.waiting)).toEqual([1, 1, 0]);
    expect(() => other(mutex)).toThrow(RangeError);
  });

  test('lets a reader in at once where the writer before it, of the same thread, gives up', async () => {
    const model = modelOf(2, { name: 'read-write', room: 'readers' });
    model.ask(1, 'shared');
    model.ask(0, 'exclusive');
    model.later(60);
    model.ask(0, 'shared');
    model.later(50);
    await model.check();
    expect(model.inside.map(({ thread }) => thread)).toEqual([1, 0]);
  });

  test('does not let readers of one thread pass a writer of another', async () => {
    const model = modelOf(2, { name: 'read-write', room: 'readers' });
    model.ask(0, 'shared');
    model.ask(1, 'exclusive');
    model.ask(0, 'shared');
    await model.check();
    expect(model.inside).toHaveLength(1);
    model.leave();
    await model.check();
    expect(model.inside.map(({ thread }) => thread)).toEqual([1]);
  });
});

describe.each([1, 'readers'] as const)('a lock for each key that threads share, with room %s', (room) => {
  const spec: GuardSpec = { name: 'keyed', room, key: keyOf };

  test('leaves nothing of two hundred thousand keys', () => {
    const guard = sharedGuards(lockMemory([spec], 2), 2, how)(spec) as LinePerKey<number, never>;
    const user = newUser(0, 1);
    for (let key = 0; key < 200_000; key++) {
      user.variables[0] = key;
      void (guard.acquire(user, 'exclusive') as Hold).release();
    }
    expect(guard.size).toEqual({ keys: 0, idle: 1 });
  });

  test('leaves nothing of keys that threads waited for', async () => {
    const memory = lockMemory([spec], 2);
    const guards = [0, 1].map(() => sharedGuards(memory, 2, how)(spec) as LinePerKey<number, never>);
    const life = async (guard: Guard): Promise<void> => {
      for (let pass = 0; pass < 50; pass++) {
        const hold = await guard.acquire(userOf(String(pass % 3)), pass % 4 === 0 ? 'exclusive' : 'shared');
        if (pass % 5 === 0) await turns();
        void hold.release();
      }
    };
    await Promise.all([...guards, ...guards, ...guards].map(life));
    await turns();
    expect(guards.map(({ size }) => size.keys)).toEqual([0, 0]);
    // Each is free again.
    for (const guard of guards) {
      for (const key of ['0', '1', '2']) {
        const hold = guard.acquire(userOf(key), 'exclusive');
        expect(hold).not.toBeInstanceOf(Promise);
        void (hold as Hold).release();
      }
    }
  });
});

describe('the lock of a key', () => {
  test('is its own for whole numbers below 65,536', () => {
    expect(new Set(Array.from({ length: stripes }, (_, key) => stripeOf(String(key)))).size).toBe(stripes);
  });

  test('is one of them for any other, evenly', () => {
    const hits = Array.from({ length: 64 }, () => 0);
    for (let key = 0; key < 64_000; key++) {
      const stripe = stripeOf(`product-${key}`);
      expect(stripe).toBe(stripeOf(`product-${key}`));
      hits[Math.floor(stripe / (stripes / 64))]!++;
    }
    expect(Math.min(...hits)).toBeGreaterThan(800);
    expect(Math.max(...hits)).toBeLessThan(1200);
    for (const key of ['', '65536', '99999999999999999999', '-1', '1.5', '🙂']) {
      expect(stripeOf(key)).toBeGreaterThanOrEqual(0);
      expect(stripeOf(key)).toBeLessThan(stripes);
    }
  });
});
