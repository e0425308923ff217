import { test } from 'vitest';
import { openTruthServer } from './open.ts';
import { expectStallSeen, warmUp } from './stall.ts';

test('a server that stalls 2 s out of every 10 s is seen as its callers would see it', async () => {
  await using server = await openTruthServer();
  await warmUp(server);
  await server.forget();
  await expectStallSeen(server, { everyMs: 10_000, stallMs: 2000, ratePerSecond: 200 });
});
