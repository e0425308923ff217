import { readdirSync } from 'node:fs';
import { afterEach, describe, expect, test } from 'vitest';
import { hasRedis, RedisServer, withRedis } from '../redis.ts';
import { assertNoLeftovers, contend, root } from './contend.ts';
import { documentOf, expectIdentities } from './document.ts';

afterEach(assertNoLeftovers);

const short = ['--rounds', '1', '--warmup', '20ms', '--undecided', 'warn', '--json', '-q'];
const all = readdirSync(`${root}scenarios`).filter((file) => file.endsWith('.yaml'));

/** Those that other tests run, and those that take a server. */
const elsewhere = [
  'online-store.yaml',
  'open-load.yaml',
  'redis-lease.yaml',
  'inventory-postgres.yaml',
  'flash-sale.yaml',
  'seat-booking.yaml',
  'transfer.yaml',
];

const run = async (file: string, length: readonly string[], env = {}) => {
  const { code, stdout, stderr } = await contend(['run', `scenarios/${file}`, ...length, ...short], { env });
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  const { modes } = documentOf(stdout);
  for (const mode of modes) {
    expectIdentities(mode);
    expect(mode.iterations.completed).toBeGreaterThan(0);
    if (mode.violations === 'forbidden') expect(mode.lost?.atLeast ?? 0).toBe(0);
  }
  return modes;
};

describe('a scenario of the package runs to its end and stays right where it must', () => {
  test.each(all.filter((file) => !elsewhere.includes(file)))('%s', async (file) => {
    const modes = await run(file, file === 'read-mostly.yaml' ? ['-c', '8', '-n', '8'] : ['-c', '8', '-d', '200ms']);
    expect(modes.length).toBeGreaterThan(1);
  });

  test.skipIf(!hasRedis)(`redis-lease.yaml, on the server that CONTEND_REDIS_URL names${withRedis}`, async () => {
    await using server = await RedisServer.start();
    const modes = await run('redis-lease.yaml', ['-c', '8', '-d', '200ms'], { CONTEND_REDIS_URL: server.url });
    expect(modes.map(({ lock }) => lock)).toEqual(['mutex', 'keyed', 'redis', 'redis']);
  });
});
