import { rangeOf } from '../measure/mode.ts';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { requestsOf } from '../../src/core/plan/plan.ts';
import { microsFromMs } from '../../src/core/units.ts';
import { getMode, measure, requestsIn } from './measure.ts';
import { openTruthServer, type TruthServer } from './open.ts';
import { besideUs, measuredStamps, median, read, slotsAtMost, tookUs } from './stamps.ts';

let server: TruthServer;

beforeAll(async () => {
  server = await openTruthServer();
  // A generator that has just started is slow for other reasons than those that are tested here.
  await measure(getMode('/delay/0', { users: 8, durationMs: 500 }), server.origin);
});
beforeEach(async () => server.forget());
afterAll(async () => server[Symbol.asyncDispose]());

describe('service time', () => {
  test.each([
    { delayMs: 5, users: 4, durationMs: 400 },
    { delayMs: 20, users: 8, durationMs: 400 },
    { delayMs: 100, users: 16, durationMs: 450 },
  ])('is that of a server that takes $delayMs ms, at the median', async ({ delayMs, users, durationMs }) => {
    const mode = getMode(`/delay/${delayMs}`, { users, durationMs });
    let offByUs = Infinity;
    let allowedUs = 0;
    for (let slot = 0; slot < slotsAtMost && offByUs > allowedUs; slot++) {
      const machineUs = await besideUs(server);
      const { recording } = await measure(mode, server.origin);
      const stamps = await measuredStamps(server, recording);
      expect(stamps.length).toBe(recording.iterations.completed);
      expect(stamps.length).toBeGreaterThan(20);
      const truthUs = median(stamps.map(tookUs));
      // Several at once meet on their way; a machine with other work to do takes its time for each.
      allowedUs = Math.max(500, 0.02 * truthUs, 4 * machineUs);
      offByUs = Math.abs(read(recording.times.service, (histogram) => histogram.percentile(50)) - truthUs);
    }
    expect(offByUs).toBeLessThanOrEqual(allowedUs);
  });
});

test('the server counts the requests that the recording counts, answered in time or not', async () => {
  const mode = getMode(
    '/delay/${ms}',
    { users: 8, durationMs: 600 },
    {
      data: { ms: rangeOf(1, 60) },
      before: requestsOf(getMode('/delay/1', { users: 1, durationMs: 0 }).steps),
      step: { timeoutUs: microsFromMs(30) },
    },
  );
  const { recording } = await measure({ ...mode, load: { ...mode.load, drainUs: microsFromMs(10) } }, server.origin);
  const { iterations, failures, unmeasured } = recording;
  expect(iterations.completed).toBeGreaterThan(0);
  expect(failures.timeout!.count).toBeGreaterThan(0);
  expect(iterations.begun).toBe(iterations.completed + iterations.failed + iterations.interrupted);
  expect(unmeasured).toMatchObject({ before: 1 });
  expect(unmeasured.warmup).toBeGreaterThan(0);
  // What was interrupted last may still be on its way.
  await expect.poll(async () => (await server.stamps()).length).toBe(requestsIn(recording));
});
