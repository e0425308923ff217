import { setMaxListeners } from 'node:events';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { micros } from '../../../../src/core/units.ts';
import { newUser } from '../../../../src/measure/user.ts';
import type { LinePerKey } from '../../../../src/measure/lock/local/line.ts';
import { localGuards } from '../../../../src/measure/lock/local/local.ts';
import type { Guard, GuardSpec, Hold } from '../../../../src/measure/lock/lock.ts';
import { follow, keyOf, Model, specs, stepsOf, turns, userOf } from '../model.ts';

beforeEach(() => void vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] }));
afterEach(() => void vi.useRealTimers());

const modelOf = (spec: GuardSpec): Model => new Model({ threads: 1, spec, make: localGuards });

const how = { clock: { now: () => micros(0) }, timeoutUs: micros(1000), signal: new AbortController().signal };
setMaxListeners(0, how.signal);

describe.each(specs)('a $name guard of one thread', (spec) => {
  test('has so many inside as there is room for, first come first served, and never hangs', async () => {
    await fc.assert(
      fc.asyncProperty(stepsOf(1), fc.integer({ min: 1, max: 4 }), async (steps, atOnce) => {
        const model = modelOf(spec);
        await follow(model, steps, atOnce);
        expect(model.waiting).toBe(0);
      }),
      { numRuns: 100 },
    );
  });

  test('is had without a promise where it is free', () => {
    const guard = localGuards(how)(spec);
    for (const access of ['shared', 'exclusive', 'exclusive', 'shared'] as const) {
      const hold = guard.acquire(userOf('1'), access);
      expect(hold).not.toBeInstanceOf(Promise);
      void (hold as Hold).release();
    }
  });
});

describe('readers', () => {
  const model = (): Model => modelOf({ name: 'read-write', room: 'readers' });

  test('are inside together, and come in together once the writer before them has left', async () => {
    const one = model();
    for (const access of ['shared', 'shared', 'exclusive', 'shared', 'shared', 'shared'] as const) one.ask(0, access);
    await turns();
    expect(one.inside).toHaveLength(2);
    one.leave();
    one.leave();
    await turns();
    expect(one.inside.map(({ share }) => share)).toEqual([Infinity]);
    one.leave();
    await turns();
    expect(one.inside).toHaveLength(3);
  });

  test('come in at once where the writer before them gives up', async () => {
    const one = model();
    one.ask(0, 'shared');
    one.ask(0, 'exclusive');
    one.later(60);
    one.ask(0, 'shared');
    one.later(50);
    await one.check();
    expect(one.inside).toHaveLength(2);
  });

  test('who are too late themselves do not come in because a writer is too late', async () => {
    const one = model();
    one.ask(0, 'shared');
    one.ask(0, 'exclusive');
    one.ask(0, 'shared');
    one.later(110);
    await one.check();
    expect([one.inside.length, one.waiting]).toEqual([1, 0]);
  });
});

describe('a lock for each key', () => {
  const guardOf = (): LinePerKey<string, never> =>
    localGuards(how)({ name: 'keyed', room: 1, key: keyOf }) as LinePerKey<string, never>;

  test('leaves nothing of a million keys', () => {
    const guard = guardOf();
    const user = newUser(0, 1);
    for (let key = 0; key < 1_000_000; key++) {
      user.variables[0] = key;
      void (guard.acquire(user, 'exclusive') as Hold).release();
    }
    expect(guard.size).toEqual({ keys: 0, idle: 1 });
  });

  test('leaves nothing of keys that were waited for, in vain or not', async () => {
    const guard = guardOf();
    const holds = ['a', 'b', 'c'].map((key) => guard.acquire(userOf(key), 'exclusive') as Hold);
    const waits = ['a', 'b', 'c', 'a'].map(async (key) => guard.acquire(userOf(key), 'exclusive'));
    expect(guard.size).toEqual({ keys: 3, idle: 0 });
    for (const hold of holds) void hold.release();
    for (const wait of waits) void (await wait).release();
    expect(guard.size).toEqual({ keys: 0, idle: 3 });
    expect(guard.waiting).toBe(0);
  });

  test('arms one timer and has one listener, however many keys are waited for', () => {
    const { signal } = new AbortController();
    const listens = vi.spyOn(signal, 'addEventListener');
    const guard: Guard = localGuards({ ...how, signal })({ name: 'keyed', room: 1, key: keyOf });
    for (let key = 0; key < 100; key++) {
      void guard.acquire(userOf(String(key)), 'exclusive');
      void guard.acquire(userOf(String(key)), 'exclusive');
    }
    expect([guard.waiting, vi.getTimerCount(), listens.mock.calls.length]).toEqual([100, 1, 1]);
  });

  test('holds nothing where the key has no value', () => {
    let isThere = false;
    const key = (): string => {
      if (!isThere) throw new Error('no value');
      return 'k';
    };
    const guard = localGuards(how)({ name: 'keyed', room: 1, key });
    expect(() => guard.acquire(userOf('k'), 'exclusive')).toThrow('no value');
    isThere = true;
    expect(guard.acquire(userOf('k'), 'exclusive')).not.toBeInstanceOf(Promise);
  });
});
