import { test } from 'vitest';
import { openTruthServer } from './open.ts';
import { expectStallSeen, warmUp } from './stall.ts';

test.each([
  { everyMs: 2500, stallMs: 500, ratePerSecond: 800 },
  { everyMs: 10_000, stallMs: 2000, ratePerSecond: 200 },
])('a server that stalls $stallMs ms out of every $everyMs ms is seen as its callers would see it', async (stall) => {
  await using server = await openTruthServer();
  await warmUp(server);
  await server.forget();
  await expectStallSeen(server, stall);
});
