import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { MemoryStore } from '../../src/store/memory.ts';
import type { OpenPostgres } from '../../src/store/postgres/open.ts';
import type { Store } from '../../src/store/store.ts';
import { strategies } from '../../src/store/postgres/strategies/index.ts';
import { TryAgainError } from '../../src/store/try-again.ts';
import type { Outcome } from '../../src/store/work.ts';
import { hasPostgres, openOwnPostgres, withPostgres } from '../postgres.ts';
import { Shop } from '../store/call.ts';

let postgres: OpenPostgres | undefined;
beforeAll(async () => {
  if (hasPostgres) postgres = await openOwnPostgres();
}, 90_000);
afterAll(async () => postgres?.[Symbol.asyncDispose]());

interface Member {
  readonly name: string;
  readonly promises: 'nothing' | 'no lost update';
  readonly isThere: boolean;
  readonly shop: () => Shop;
}

const memory: Store = new MemoryStore({ serviceUs: 1000 });

/** Every strategy of every backend; read from the maps, so that a new one is asked for the same. */
const members: readonly Member[] = [
  { name: 'atomic in memory', promises: 'no lost update', isThere: true, shop: () => new Shop(memory, 'atomic') },
  { name: 'naive in memory', promises: 'nothing', isThere: true, shop: () => new Shop(memory, 'naive') },
  ...Object.entries(strategies).map(([name, { promises }]) => ({
    name: `${name} on PostgreSQL${withPostgres}`,
    promises,
    isThere: hasPostgres,
    shop: () => new Shop(postgres!.store, name),
  })),
];

test('the families are whole: one of memory for each of its words, and some that promise nothing', () => {
  expect(members.filter(({ name }) => name.endsWith('in memory'))).toHaveLength(memory.strategies.length);
  expect(members.filter(({ promises }) => promises === 'nothing').length).toBeGreaterThan(1);
  expect(members.filter(({ promises }) => promises === 'no lost update').length).toBeGreaterThan(6);
});

/** Asked at once by so many; who is told to try again counts as refused. */
const crowd = async (count: number, ask: (at: number) => Promise<Outcome>): Promise<readonly Outcome[]> =>
  Promise.all(
    Array.from({ length: count }, async (_, at): Promise<Outcome> => {
      try {
        return await ask(at);
      } catch (error) {
        if (error instanceof TryAgainError) return { kind: 'busy' };
        throw error;
      }
    }),
  );

const done = (outcomes: readonly Outcome[]) => outcomes.flatMap((one) => (one.kind === 'done' ? [one.rows] : []));
const patience = 60_000;

describe.each(members.filter(({ promises }) => promises === 'no lost update'))('$name', ({ isThere, shop }) => {
  test.skipIf(!isThere)(
    'sells no piece twice and none that is not there',
    async () => {
      const store = shop();
      await store.reset({ products: 1, stock: 30 });
      let sold = 0;
      for (let round = 0; round < 3; round++) sold += done(await crowd(40, () => store.purchase(1, 1))).length;
      expect(sold).toBeGreaterThan(0);
      expect(sold).toBeLessThanOrEqual(30);
      expect(await store.read(1)).toMatchObject({ product: { stock: 30 - sold } });
    },
    patience,
  );

  test.skipIf(!isThere)(
    'gives no seat to two, whether it was chosen or any',
    async () => {
      const store = shop();
      await store.reset({ products: 0, stock: 0, seats: 12 });
      const outcomes = await crowd(40, (at) => store.book(at % 3 === 0 ? 1 + (at % 12) : 'any', at + 1));
      const given = done(outcomes).map(([row]) => row!);
      expect(given.length).toBeGreaterThan(0);
      expect(new Set(given.map(({ id }) => id)).size).toBe(given.length);
      for (const { id, value } of given) {
        expect(await store.store.row('seats', id, store.call())).toMatchObject({ value });
      }
    },
    patience,
  );

  test.skipIf(!isThere)(
    'moves money between accounts and makes none, dead-locks and all',
    async () => {
      const store = shop();
      await store.reset({ products: 0, stock: 0, accounts: 4, balance: 1000 });
      const expected = [1000, 1000, 1000, 1000];
      const transfer = async (at: number) => {
        const [from, to, amount] = [at % 4, (at + 1 + (at % 3)) % 4, 1 + (at % 7)];
        const outcome = await store.transfer(from + 1, to + 1, amount);
        if (outcome.kind === 'done') {
          expected[from] = expected[from]! - amount;
          expected[to] = expected[to]! + amount;
        }
        return outcome;
      };
      // In a crowd everybody may find the other account of theirs taken, and give up; whoever is alone finds nobody in the way.
      await crowd(40, transfer);
      expect(await transfer(1)).toMatchObject({ kind: 'done' });
      const balances = [1, 2, 3, 4].map(async (id) => (await store.store.row('accounts', id, store.call()))?.value);
      expect(await Promise.all(balances)).toEqual(expected);
      expect(await store.store.sum('accounts', store.call())).toMatchObject({ total: 4000 });
    },
    patience,
  );
});

describe.each(members.filter(({ promises }) => promises === 'nothing'))('$name', ({ isThere, shop }) => {
  test.skipIf(!isThere)('promises nothing, and breaks: it sells more than there is', async () => {
    const store = shop();
    let oversold = 0;
    for (let tries = 0; tries < 20 && oversold === 0; tries++) {
      await store.reset({ products: 1, stock: 30 });
      oversold = done(await crowd(60, () => store.purchase(1, 1))).length - 30;
    }
    expect(oversold).toBeGreaterThan(0);
  });

  test.skipIf(!isThere)('promises nothing, and breaks: one seat is given to two', async () => {
    const store = shop();
    let twice = 0;
    for (let tries = 0; tries < 20 && twice === 0; tries++) {
      await store.reset({ products: 0, stock: 0, seats: 10 });
      const given = done(await crowd(20, (at) => store.book('any', at + 1))).map(([row]) => row!.id);
      twice = given.length - new Set(given).size;
    }
    expect(twice).toBeGreaterThan(0);
  });
});
