import { afterEach, describe, expect, test, vi } from 'vitest';
import { MemoryStore } from '../../src/store/memory.ts';
import { purchase } from '../../src/store/work.ts';

const atomic = { strategy: 'atomic' };

/** A pause that lasts until it is told to end, and counts who is in it. */
const gate = () => {
  const waiting: (() => void)[] = [];
  const asked: number[] = [];
  return {
    asked,
    pause: (us: number): Promise<void> => {
      asked.push(us);
      return new Promise((resolve) => waiting.push(resolve));
    },
    open: (): void => waiting.splice(0).forEach((resolve) => resolve()),
  };
};

afterEach(() => {
  vi.useRealTimers();
});

describe('service time', () => {
  test('every operation passes it once', async () => {
    const { asked, pause, open } = gate();
    const store = new MemoryStore({ serviceUs: 2500, pause });
    const all = Promise.all([
      store.reset({ products: 1, stock: 1 }),
      store.create({ name: 'lamp', stock: 1 }),
      store.read(1),
      store.replace(1, { stock: 2 }),
      store.change(purchase(1, 1), atomic),
      store.row('seats', 1),
      store.sum('accounts'),
    ]);
    expect(asked).toEqual([2500, 2500, 2500, 2500, 2500, 2500, 2500]);
    open();
    await all;
  });

  test('requests overlap in it: a thousand of them take as long as one', async () => {
    vi.useFakeTimers();
    const store = new MemoryStore();
    const started = Date.now();
    const all = Promise.all(Array.from({ length: 1000 }, () => store.read(1)));
    await vi.runAllTimersAsync();
    expect(await all).toHaveLength(1000);
    expect(Date.now() - started).toBe(1);
  });

  test('a part of a millisecond is rounded up, never down', async () => {
    vi.useFakeTimers();
    let done = false;
    const read = new MemoryStore({ serviceUs: 1001 }).read(1).then(() => (done = true));
    await vi.advanceTimersByTimeAsync(1);
    expect(done).toBe(false);
    await vi.advanceTimersByTimeAsync(1);
    expect(done).toBe(true);
    await read;
  });

  test('none at all sets no timer, and the answer still comes later', async () => {
    vi.useFakeTimers();
    const store = new MemoryStore({ serviceUs: 0 });
    let done = false;
    const create = store.create({ name: 'lamp', stock: 1 }).then(() => (done = true));
    expect(vi.getTimerCount()).toBe(0);
    expect(done).toBe(false);
    await create;
    expect(await store.read(1)).toMatchObject({ product: { name: 'lamp' } });
  });
});

test('two purchases of the last piece that leave the service time together sell it once', async () => {
  const { pause, open } = gate();
  const store = new MemoryStore({ pause });
  const reset = store.reset({ products: 1, stock: 1 });
  open();
  await reset;
  const purchases = Promise.all([store.change(purchase(1, 1), atomic), store.change(purchase(1, 1), atomic)]);
  open();
  expect((await purchases).map(({ kind }) => kind).sort()).toEqual(['done', 'refused']);
});

test('a naive purchase reads before the service time and writes after it: the last piece is sold twice', async () => {
  const { pause, open } = gate();
  const store = new MemoryStore({ pause });
  const reset = store.reset({ products: 1, stock: 1 });
  open();
  await reset;
  const naive = { strategy: 'naive' };
  const purchases = Promise.all([store.change(purchase(1, 1), naive), store.change(purchase(1, 1), naive)]);
  open();
  expect((await purchases).map(({ kind }) => kind)).toEqual(['done', 'done']);
});
