import { describe, expect, test } from 'vitest';
import { micros } from '../../../../src/core/units.ts';
import { Keeping } from '../../../../src/measure/transport/connect/keeping.ts';
import { Lending, type Lent } from '../../../../src/measure/transport/connect/lending.ts';

interface Connection extends Lent {
  readonly number: number;
}

/** A pool whose dials are answered by the test, at times that it sets. */
const pool = (): {
  readonly lending: Lending<Connection>;
  /** Dials that are on their way, the oldest first. */
  readonly dials: { readonly open: () => Promise<Connection>; readonly fail: (why: string) => Promise<void> }[];
  nowUs: number;
  begun: number;
  readonly keeping: Keeping;
} => {
  const state = {
    nowUs: 0,
    begun: 0,
    keeping: new Keeping(),
    dials: [] as { readonly open: () => Promise<Connection>; readonly fail: (why: string) => Promise<void> }[],
    lending: undefined as unknown as Lending<Connection>,
  };
  state.lending = new Lending<Connection>({
    open: async () =>
      new Promise((resolve, reject) => {
        const connection = {
          number: ++state.begun,
          isOpen: true,
          isNew: true,
          answers: 0,
          discard: () => void (connection.isOpen = false),
        };
        state.dials.push({
          open: async () => {
            resolve(connection);
            await settled();
            return connection;
          },
          fail: async (why) => {
            reject(new Error(why));
            await settled();
          },
        });
      }),
    clock: { now: () => micros(state.nowUs) },
    timeoutUs: 1000,
    keeping: state.keeping,
  });
  return state;
};

const settled = async (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/** What became of a wait, so far. */
const watched = (waiting: Promise<Connection>): { is: string } => {
  const seen = { is: 'waits' };
  waiting.then(
    ({ number }) => (seen.is = `has ${number}`),
    (error: Error) => (seen.is = error.message),
  );
  return seen;
};

describe('a pool of connections', () => {
  test('has none that nobody asked for, and opens one for each who finds none', async () => {
    const { lending, dials } = pool();
    expect(lending.take(true)).toBeUndefined();
    expect(dials).toHaveLength(0);
    const [first, second] = [lending.wait(false), lending.wait(false)];
    expect(dials).toHaveLength(2);
    await dials[1]!.open();
    expect(await first).toMatchObject({ number: 2, isNew: true });
    await dials[0]!.open();
    expect(await second).toMatchObject({ number: 1 });
  });

  test('lends the one used last first', async () => {
    const { lending, dials } = pool();
    const waits = [lending.wait(false), lending.wait(false), lending.wait(false)];
    for (const dial of dials) await dial.open();
    for (const connection of await Promise.all(waits)) lending.giveBack(connection);
    expect([lending.take(true), lending.take(true), lending.take(true)].map((one) => one?.number)).toEqual([3, 2, 1]);
  });

  test('gives one that comes back to who waits; what was opened for that stays idle, below those in use, and is not new', async () => {
    const { lending, dials, ...state } = pool();
    const waiting = lending.wait(false);
    await dials[0]!.open();
    const used = await waiting;
    const second = watched(lending.wait(false));
    lending.giveBack(used);
    await settled();
    expect(second.is).toBe('has 1');
    const opened = await dials[1]!.open();
    expect(opened.isNew).toBe(false);
    lending.giveBack(used);
    expect(lending.take(true)).toBe(used);
    expect(lending.take(true)).toBe(opened);
    expect(state.begun).toBe(0);
  });

  test('opens no further one for who comes while one is on its way that nobody needs any more', async () => {
    const { lending, dials } = pool();
    const waiting = lending.wait(false);
    await dials[0]!.open();
    const used = await waiting;
    const second = lending.wait(false);
    lending.giveBack(used);
    await second;
    const third = watched(lending.wait(false));
    expect(dials).toHaveLength(2);
    await dials[1]!.open();
    expect(third.is).toBe('has 2');
  });

  test('gives who must have a new one none that was in use', async () => {
    const { lending, dials } = pool();
    const waiting = lending.wait(false);
    await dials[0]!.open();
    const used = await waiting;
    used.isNew = false;
    const again = watched(lending.wait(true));
    lending.giveBack(used);
    await settled();
    expect(again.is).toBe('waits');
    expect(lending.take(true)).toBe(used);
    await dials[1]!.open();
    expect(again.is).toBe('has 2');
  });

  test('opens 128 at a time, and lets the others wait for their turn or for one that comes back', async () => {
    const { lending, dials } = pool();
    const waits = Array.from({ length: 200 }, () => watched(lending.wait(false)));
    expect(dials).toHaveLength(128);
    const first = await dials[0]!.open();
    expect(dials).toHaveLength(129);
    lending.giveBack(first);
    await settled();
    expect(waits.filter(({ is }) => is === 'has 1')).toHaveLength(2);
    for (let at = 1; at < dials.length; at++) await dials[at]!.open();
    expect(waits.filter(({ is }) => is === 'waits')).toHaveLength(0);
    expect(dials).toHaveLength(199);
  });

  test('passes over those that were closed meanwhile', async () => {
    const { lending, dials } = pool();
    const waiting = lending.wait(false);
    await dials[0]!.open();
    const used = await waiting;
    lending.giveBack(used);
    used.discard();
    expect(lending.take(true)).toBeUndefined();
  });

  test('closes what is idle, and nothing else', async () => {
    const { lending, dials } = pool();
    const waits = [lending.wait(false), lending.wait(false)];
    for (const dial of dials) await dial.open();
    const [one, other] = await Promise.all(waits);
    lending.giveBack(one!);
    lending.closeIdle();
    expect([one!.isOpen, other!.isOpen]).toEqual([false, true]);
  });

  test('tells a failure to who has waited longest, and to nobody who came after the dial was begun', async () => {
    const state = pool();
    const { lending, dials } = state;
    const [first, second] = [watched(lending.wait(false)), watched(lending.wait(false))];
    await dials[0]!.fail('refused');
    expect([first.is, second.is]).toEqual(['refused', 'waits']);
    const used = await dials[1]!.open();
    state.nowUs = 10;
    const third = watched(lending.wait(false));
    lending.giveBack(used);
    await settled();
    expect(third.is).toBe('has 1'.replace('1', String(used.number)));
    state.nowUs = 20;
    const fourth = watched(lending.wait(false));
    await dials[2]!.fail('late');
    expect(fourth.is).toBe('waits');
    await dials[3]!.open();
    expect(fourth.is).toBe('has 4');
  });

  test('lets nobody wait for a turn for longer than a connection may take, where nobody gets one', async () => {
    const state = pool();
    const { lending, dials } = state;
    const waits = Array.from({ length: 300 }, () => watched(lending.wait(false)));
    state.nowUs = 1000;
    await dials[0]!.fail('no connection within 1 ms');
    expect(new Set(waits.map(({ is }) => is))).toEqual(new Set(['no connection within 1 ms']));
  });

  test('lets them wait where others get through', async () => {
    const state = pool();
    const { lending, dials } = state;
    const waits = Array.from({ length: 300 }, () => watched(lending.wait(false)));
    state.nowUs = 900;
    await dials[0]!.open();
    state.nowUs = 1000;
    await dials[1]!.fail('no connection within 1 ms');
    expect(waits.slice(0, 3).map(({ is }) => is)).toEqual(['has 1', 'no connection within 1 ms', 'waits']);
  });

  test('tells everybody when it is over, also those who come later, and closes what is opened then', async () => {
    const { lending, dials } = pool();
    const waiting = watched(lending.wait(false));
    lending.end(new Error('over'));
    await settled();
    expect(waiting.is).toBe('over');
    await expect(lending.wait(false)).rejects.toThrow('over');
    expect((await dials[0]!.open()).isOpen).toBe(false);
    expect(dials).toHaveLength(1);
  });
});
