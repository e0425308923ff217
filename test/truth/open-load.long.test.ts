import { expect, test } from 'vitest';
import { measure, openMode } from './measure.ts';
import { openTruthServer } from './open.ts';
import { expectIdentities, expectStallSeen, percentiles, warmUp } from './stall.ts';

test.each([
  { everyMs: 2500, stallMs: 500, ratePerSecond: 800 },
  { everyMs: 10_000, stallMs: 2000, ratePerSecond: 200 },
])('a server that stalls $stallMs ms out of every $everyMs ms is seen as its callers would see it', async (stall) => {
  await using server = await openTruthServer();
  await warmUp(server);
  await server.forget();
  await expectStallSeen(server, stall);
});

test('users that are not enough make arrivals wait, which is in the response time: it grows with the backlog of a serial server', async () => {
  await using server = await openTruthServer();
  await warmUp(server);
  await server.forget();
  const mode = openMode('/serial/10', { ratePerSecond: 200, users: 400, durationMs: 1000 });
  const { recording } = await measure(mode, server.origin);
  expectIdentities(recording);
  expect(recording.iterations).toMatchObject({ scheduled: 200, completed: 200 });
  const stamps = await server.stamps();
  // Twice what it can serve: response times grow by 5 ms each, from the schedule's own beginning.
  const truth = stamps.map(({ answeredUs }, n) => answeredUs! - stamps[0]!.receivedUs - n * 5000);
  for (const percent of [25, 50, 75, 99]) {
    const trueUs = truth.toSorted((x, y) => x - y)[(percent / 100) * 200 - 1]!;
    expect(trueUs).toBeGreaterThan(percent * 10_000);
    const [foundUs] = percentiles(recording.times.response, percent) as [number];
    expect(Math.abs(foundUs - trueUs)).toBeLessThan(0.02 * trueUs + 50_000);
  }
});
