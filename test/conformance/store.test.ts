import { describe, expect, test } from 'vitest';
import { MemoryStore } from '../../src/store/memory.ts';
import type { Store } from '../../src/store/store.ts';

/** Every implementation of the contract. */
const stores: { readonly [name: string]: () => Store } = {
  memory: () => new MemoryStore({ serviceUs: 1000 }),
};

const times = <T>(count: number, make: (at: number) => Promise<T>): Promise<T[]> =>
  Promise.all(Array.from({ length: count }, (_, at) => make(at)));

describe.each(Object.entries(stores))('the %s store', (_name, make) => {
  const stocked = async (products: number, stock: number): Promise<Store> => {
    const store = make();
    await store.reset({ products, stock });
    return store;
  };

  test('a reset gives products numbered from 1, each with the stock and at version 1', async () => {
    const store = await stocked(2, 7);
    expect(await store.read(1)).toMatchObject({ kind: 'found', product: { id: 1, stock: 7, version: 1 } });
    expect(await store.read(2)).toMatchObject({ kind: 'found', product: { id: 2, stock: 7, version: 1 } });
    expect(await store.read(3)).toEqual({ kind: 'missing' });
  });

  test('a second reset forgets what was there, and versions begin again', async () => {
    const store = await stocked(3, 7);
    await store.replace(1, { stock: 1, name: 'lamp' });
    await store.reset({ products: 1, stock: 5 });
    expect(await store.read(1)).toMatchObject({ kind: 'found', product: { stock: 5, version: 1 } });
    expect(await store.read(1)).not.toMatchObject({ product: { name: 'lamp' } });
    expect(await store.read(2)).toEqual({ kind: 'missing' });
  });

  test('a read gives what was submitted', async () => {
    const store = await stocked(2, 7);
    const lamp = { id: 3, name: 'lamp', stock: 12, version: 1 };
    expect(await store.create({ name: 'lamp', stock: 12 })).toEqual(lamp);
    expect(await store.read(3)).toEqual({ kind: 'found', product: lamp });
  });

  test('a hundred sellers at once get a hundred ids', async () => {
    const store = await stocked(0, 0);
    const products = await times(100, (at) => store.create({ name: `product ${at}`, stock: at }));
    expect(products.map(({ id }) => id).sort((a, b) => a - b)).toEqual(Array.from({ length: 100 }, (_, at) => at + 1));
    for (const product of products) expect(await store.read(product.id)).toEqual({ kind: 'found', product });
  });

  test('a read gives what was last written, the name kept where none was given', async () => {
    const store = await stocked(1, 7);
    await store.replace(1, { stock: 6, name: 'lamp' });
    await store.replace(1, { stock: 5 });
    const product = { id: 1, name: 'lamp', stock: 5, version: 3 };
    expect(await store.read(1)).toEqual({ kind: 'found', product });
  });

  test('a version rises by one with every change, and with nothing else', async () => {
    const store = await stocked(1, 10);
    const version = async (): Promise<number | undefined> => {
      const outcome = await store.read(1);
      return outcome.kind === 'found' ? outcome.product.version : undefined;
    };
    await store.replace(1, { stock: 10 });
    expect(await version()).toBe(2);
    await store.purchase(1, 3);
    expect(await version()).toBe(3);
    await store.replace(1, { stock: 9 }, 3);
    expect(await version()).toBe(4);
    await store.purchase(1, 1000);
    await store.replace(1, { stock: 1 }, 3);
    await store.read(1);
    expect(await version()).toBe(4);
  });

  test('what a read gave does not change afterwards', async () => {
    const store = await stocked(1, 10);
    const before = await store.read(1);
    await store.purchase(1, 4);
    expect(before).toMatchObject({ product: { stock: 10, version: 1 } });
  });

  test('200 concurrent purchases of 100 pieces sell exactly 100, each with its own remainder', async () => {
    const store = await stocked(1, 100);
    const outcomes = await times(200, () => store.purchase(1, 1));
    const left = outcomes.flatMap((outcome) => (outcome.kind === 'sold' ? [outcome.stock] : []));
    expect(left.sort((a, b) => a - b)).toEqual(Array.from({ length: 100 }, (_, at) => at));
    expect(outcomes.filter(({ kind }) => kind === 'sold-out')).toHaveLength(100);
    expect(await store.read(1)).toMatchObject({ product: { stock: 0, version: 101 } });
  });

  test('a purchase takes all of its quantity or nothing', async () => {
    const store = await stocked(1, 5);
    expect(await store.purchase(1, 6)).toEqual({ kind: 'sold-out' });
    expect(await store.purchase(1, 5)).toEqual({ kind: 'sold', stock: 0 });
  });

  test('of 50 concurrent replaces of one version exactly one wins', async () => {
    const store = await stocked(1, 100);
    const outcomes = await times(50, (at) => store.replace(1, { stock: at }, 1));
    const winners = outcomes.flatMap((outcome, at) => (outcome.kind === 'replaced' ? [at] : []));
    expect(winners).toHaveLength(1);
    expect(outcomes.filter(({ kind }) => kind === 'stale')).toHaveLength(49);
    expect(await store.read(1)).toMatchObject({ product: { stock: winners[0], version: 2 } });
  });

  const takeOne = async (store: Store, compare: boolean): Promise<boolean> => {
    const outcome = await store.read(1);
    if (outcome.kind === 'missing') throw new Error('product 1 must be there');
    const { stock, version } = outcome.product;
    return (await store.replace(1, { stock: stock - 1 }, compare ? version : undefined)).kind === 'replaced';
  };

  test('overlapping read-modify-writes without a version are all acknowledged, and updates are lost', async () => {
    const store = await stocked(1, 100);
    expect(await times(20, () => takeOne(store, false))).toEqual(Array.from({ length: 20 }, () => true));
    const after = await store.read(1);
    if (after.kind === 'missing') throw new Error('product 1 must be there');
    expect(after.product.stock).toBeGreaterThan(80);
    expect(after.product.version).toBe(21);
  });

  test('overlapping read-modify-writes with a version lose nothing that was acknowledged', async () => {
    const store = await stocked(1, 100);
    const taken = (await times(20, () => takeOne(store, true))).filter(Boolean).length;
    expect(taken).toBeGreaterThan(0);
    expect(await store.read(1)).toMatchObject({ product: { stock: 100 - taken, version: 1 + taken } });
  });

  test('a product that is not there is an outcome, not an error', async () => {
    const store = await stocked(1, 1);
    expect(await store.read(2)).toEqual({ kind: 'missing' });
    expect(await store.replace(2, { stock: 1 })).toEqual({ kind: 'missing' });
    expect(await store.replace(2, { stock: 1 }, 1)).toEqual({ kind: 'missing' });
    expect(await store.purchase(2, 1)).toEqual({ kind: 'missing' });
  });
});
