import { readdirSync } from 'node:fs';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { hasRedis, RedisServer, withRedis } from '../redis.ts';
import { assertNoLeftovers, matching, root, start, type Running } from './contend.ts';
import { expectRight } from './package-scenario.ts';

afterEach(assertNoLeftovers);

const short = ['-c', '8', '--rounds', '1', '--undecided', 'warn'];
const all = readdirSync(`${root}scenarios`).filter((file) => file.endsWith('.yaml'));

/** Those that other tests run, those that take a server, and those of many modes, which the long suite runs with their own rounds and users. */
const elsewhere = [
  'async-threads-distributed.yaml',
  'key-sweep.yaml',
  'lock-strategies.yaml',
  'online-store.yaml',
  'open-load.yaml',
  'redis-lease.yaml',
  'inventory-postgres.yaml',
  'flash-sale.yaml',
  'seat-booking.yaml',
  'transfer.yaml',
];

describe('a scenario of the package runs to its end and stays right where it must', () => {
  let store: Running;
  let CONTEND_TARGET: string;

  beforeAll(async () => {
    store = start(['store', '--port', '0'], { withinMs: 180_000 });
    CONTEND_TARGET = await matching(store.stdout, /^http:\/\/127\.0\.0\.1:\d+(?=\n$)/u);
  });
  afterAll(async () => {
    store.child.kill('SIGTERM');
    await store.ended;
  });

  test.each(all.filter((file) => !elsewhere.includes(file)))('%s', async (file) => {
    const iterations = file === 'read-mostly.yaml' ? '8' : '40';
    const modes = await expectRight(file, ['-n', iterations, ...short], { CONTEND_TARGET });
    expect(modes.length).toBeGreaterThan(1);
  });

  test.skipIf(!hasRedis)(`redis-lease.yaml, on the server that CONTEND_REDIS_URL names${withRedis}`, async () => {
    await using server = await RedisServer.start();
    const modes = await expectRight('redis-lease.yaml', ['-n', '40', ...short], {
      CONTEND_TARGET,
      CONTEND_REDIS_URL: server.url,
    });
    expect(modes.map(({ lock }) => lock)).toEqual(['mutex', 'keyed', 'redis', 'redis']);
  });
});
