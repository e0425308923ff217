import { test } from 'vitest';
import { hasRedis, RedisServer, withRedis } from '../redis.ts';
import { expectNoneLost } from './redis-threads.ts';

test.skipIf(!hasRedis)(
  `a lease in Redis excludes across threads: none of 50,000 read-modify-writes is lost${withRedis}`,
  async () => {
    await using server = await RedisServer.start();
    await expectNoneLost(server.url, 50_000);
  },
);
