import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { MemoryStore } from '../../src/store/memory.ts';
import type { OpenPostgres } from '../../src/store/postgres/open.ts';
import type { Store } from '../../src/store/store.ts';
import { hasPostgres, openOwnPostgres, withPostgres } from '../postgres.ts';
import { Shop } from '../store/call.ts';

let postgres: OpenPostgres | undefined;
beforeAll(async () => {
  if (hasPostgres) postgres = await openOwnPostgres();
}, 90_000);
afterAll(async () => postgres?.[Symbol.asyncDispose]());

interface Backend {
  readonly name: string;
  readonly isThere: boolean;
  readonly make: () => Store;
}

/** Every implementation of the contract. */
const backends: readonly Backend[] = [
  { name: 'memory', isThere: true, make: () => new MemoryStore({ serviceUs: 1000 }) },
  { name: `PostgreSQL${withPostgres}`, isThere: hasPostgres, make: () => postgres!.store },
];

const times = <T>(count: number, make: (at: number) => Promise<T>): Promise<T[]> =>
  Promise.all(Array.from({ length: count }, (_, at) => make(at)));

describe.each(backends)('the store in $name', ({ isThere, make }) => {
  const stocked = async (products: number, stock: number): Promise<Shop> => {
    const store = new Shop(make());
    await store.reset({ products, stock });
    return store;
  };

  test.skipIf(!isThere)('a reset gives products numbered from 1, each with the stock and at version 1', async () => {
    const store = await stocked(2, 7);
    expect(await store.read(1)).toMatchObject({ kind: 'found', product: { id: 1, stock: 7, version: 1 } });
    expect(await store.read(2)).toMatchObject({ kind: 'found', product: { id: 2, stock: 7, version: 1 } });
    expect(await store.read(3)).toEqual({ kind: 'missing' });
  });

  test.skipIf(!isThere)('a second reset forgets what was there, and versions begin again', async () => {
    const store = await stocked(3, 7);
    await store.replace(1, { stock: 1, name: 'lamp' });
    await store.reset({ products: 1, stock: 5 });
    expect(await store.read(1)).toMatchObject({ kind: 'found', product: { stock: 5, version: 1 } });
    expect(await store.read(1)).not.toMatchObject({ product: { name: 'lamp' } });
    expect(await store.read(2)).toEqual({ kind: 'missing' });
  });

  test.skipIf(!isThere)('a read gives what was submitted', async () => {
    const store = await stocked(2, 7);
    const lamp = { id: 3, name: 'lamp', stock: 12, version: 1 };
    expect(await store.create({ name: 'lamp', stock: 12 })).toEqual(lamp);
    expect(await store.read(3)).toEqual({ kind: 'found', product: lamp });
  });

  test.skipIf(!isThere)('a hundred sellers at once get a hundred ids', async () => {
    const store = await stocked(0, 0);
    const products = await times(100, (at) => store.create({ name: `product ${at}`, stock: at }));
    expect(products.map(({ id }) => id).sort((a, b) => a - b)).toEqual(Array.from({ length: 100 }, (_, at) => at + 1));
    for (const product of products) expect(await store.read(product.id)).toEqual({ kind: 'found', product });
  });

  test.skipIf(!isThere)('a read gives what was last written, the name kept where none was given', async () => {
    const store = await stocked(1, 7);
    await store.replace(1, { stock: 6, name: 'lamp' });
    await store.replace(1, { stock: 5 });
    const product = { id: 1, name: 'lamp', stock: 5, version: 3 };
    expect(await store.read(1)).toEqual({ kind: 'found', product });
  });

  test.skipIf(!isThere)('a version rises by one with every change, and with nothing else', async () => {
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

  test.skipIf(!isThere)('what a read gave does not change afterwards', async () => {
    const store = await stocked(1, 10);
    const before = await store.read(1);
    await store.purchase(1, 4);
    expect(before).toMatchObject({ product: { stock: 10, version: 1 } });
  });

  test.skipIf(!isThere)(
    '200 concurrent purchases of 100 pieces sell exactly 100, each with its own remainder',
    async () => {
      const store = await stocked(1, 100);
      const outcomes = await times(200, () => store.purchase(1, 1));
      const left = outcomes.flatMap((outcome) =>
        outcome.kind === 'done' ? outcome.rows.map(({ value }) => value) : [],
      );
      expect(left.sort((a, b) => a - b)).toEqual(Array.from({ length: 100 }, (_, at) => at));
      expect(outcomes.filter(({ kind }) => kind === 'refused')).toHaveLength(100);
      expect(await store.read(1)).toMatchObject({ product: { stock: 0, version: 101 } });
    },
  );

  test.skipIf(!isThere)('a purchase takes all of its quantity or nothing', async () => {
    const store = await stocked(1, 5);
    expect(await store.purchase(1, 6)).toEqual({ kind: 'refused' });
    expect(await store.purchase(1, 5)).toEqual({ kind: 'done', rows: [{ id: 1, value: 0, version: 2 }] });
  });

  test.skipIf(!isThere)('of 50 concurrent replaces of one version exactly one wins', async () => {
    const store = await stocked(1, 100);
    const outcomes = await times(50, (at) => store.replace(1, { stock: at }, 1));
    const winners = outcomes.flatMap((outcome, at) => (outcome.kind === 'replaced' ? [at] : []));
    expect(winners).toHaveLength(1);
    expect(outcomes.filter(({ kind }) => kind === 'stale')).toHaveLength(49);
    expect(await store.read(1)).toMatchObject({ product: { stock: winners[0], version: 2 } });
  });

  const takeOne = async (store: Shop, compare: boolean): Promise<boolean> => {
    const outcome = await store.read(1);
    if (outcome.kind === 'missing') throw new Error('product 1 must be there');
    const { stock, version } = outcome.product;
    return (await store.replace(1, { stock: stock - 1 }, compare ? version : undefined)).kind === 'replaced';
  };

  test.skipIf(!isThere)(
    'overlapping read-modify-writes without a version are all acknowledged, and updates are lost',
    async () => {
      const store = await stocked(1, 100);
      expect(await times(20, () => takeOne(store, false))).toEqual(Array.from({ length: 20 }, () => true));
      const after = await store.read(1);
      if (after.kind === 'missing') throw new Error('product 1 must be there');
      expect(after.product.stock).toBeGreaterThan(80);
      expect(after.product.version).toBe(21);
    },
  );

  test.skipIf(!isThere)(
    'overlapping read-modify-writes with a version lose nothing that was acknowledged',
    async () => {
      const store = await stocked(1, 100);
      const taken = (await times(20, () => takeOne(store, true))).filter(Boolean).length;
      expect(taken).toBeGreaterThan(0);
      expect(await store.read(1)).toMatchObject({ product: { stock: 100 - taken, version: 1 + taken } });
    },
  );

  test.skipIf(!isThere)('a product that is not there is an outcome, not an error', async () => {
    const store = await stocked(1, 1);
    expect(await store.read(2)).toEqual({ kind: 'missing' });
    expect(await store.replace(2, { stock: 1 })).toEqual({ kind: 'missing' });
    expect(await store.replace(2, { stock: 1 }, 1)).toEqual({ kind: 'missing' });
    expect(await store.purchase(2, 1)).toEqual({ kind: 'missing' });
  });

  test.skipIf(!isThere)('a seat is given once; of any seats the lowest that is free, until there is none', async () => {
    const store = new Shop(make());
    await store.reset({ products: 0, stock: 0, seats: 3 });
    expect(await store.book(2, 7)).toEqual({ kind: 'done', rows: [{ id: 2, value: 7, version: 2 }] });
    expect(await store.book(2, 8)).toEqual({ kind: 'refused' });
    expect(await store.book(4, 8)).toEqual({ kind: 'missing' });
    expect(await store.book('any', 8)).toMatchObject({ rows: [{ id: 1 }] });
    expect(await store.store.sum('seats', store.call())).toEqual({ rows: 3, total: 15, zeros: 1 });
    expect(await store.book('any', 9)).toMatchObject({ rows: [{ id: 3 }] });
    expect(await store.book('any', 9)).toEqual({ kind: 'refused' });
    expect(await store.store.row('seats', 2, store.call())).toEqual({ id: 2, value: 7, version: 2 });
    expect(await store.store.row('seats', 4, store.call())).toBeUndefined();
  });

  test.skipIf(!isThere)(
    'a transfer moves an amount, and nothing where the payer has less or one is not there',
    async () => {
      const store = new Shop(make());
      await store.reset({ products: 0, stock: 0, accounts: 2, balance: 10 });
      const balances = async () => [
        (await store.store.row('accounts', 1, store.call()))?.value,
        (await store.store.row('accounts', 2, store.call()))?.value,
      ];
      expect(await store.transfer(1, 2, 4)).toMatchObject({ kind: 'done', rows: [{ value: 6 }, { value: 14 }] });
      expect(await store.transfer(1, 2, 7)).toEqual({ kind: 'refused' });
      expect(await store.transfer(1, 3, 1)).toEqual({ kind: 'missing' });
      expect(await balances()).toEqual([6, 14]);
      expect(await store.store.sum('accounts', store.call())).toEqual({ rows: 2, total: 20, zeros: 0 });
    },
  );
});
