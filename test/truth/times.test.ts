import { rangeOf } from '../measure/mode.ts';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { requestsOf } from '../../src/core/plan/plan.ts';
import { Histogram } from '../../src/core/recording/histogram.ts';
import type { Recording, Times } from '../../src/core/recording/recording.ts';
import { microsFromMs } from '../../src/core/units.ts';
import { getMode, measure, requestsIn, throughputPerSecond } from './measure.ts';
import { openTruthServer, type Stamp, type TruthServer } from './open.ts';

let server: TruthServer;

beforeAll(async () => {
  server = await openTruthServer();
  // A generator that has just started is slow for other reasons than those that are tested here.
  await measure(getMode('/delay/0', { users: 8, durationMs: 500 }), server.origin);
});
beforeEach(async () => server.forget());
afterAll(async () => server[Symbol.asyncDispose]());

const read = <Value>(times: Times, of: (histogram: Histogram) => Value): Value => {
  const histogram = Histogram.from(times);
  const value = of(histogram);
  histogram.free();
  return value;
};

/** The server's side of the measured requests: those of the warm-up came first. */
const measuredStamps = async ({ unmeasured }: Recording): Promise<readonly Stamp[]> =>
  (await server.stamps()).slice(unmeasured.warmup);

const tookUs = ({ receivedUs, answeredUs }: Stamp): number => answeredUs! - receivedUs;
const heldForUs = ({ heldUs, answeredUs }: Stamp): number => answeredUs! - heldUs;
const mean = (numbers: readonly number[]): number => numbers.reduce((sum, number) => sum + number, 0) / numbers.length;
const median = (numbers: readonly number[]): number =>
  numbers.toSorted((a, b) => a - b)[Math.ceil(numbers.length / 2) - 1]!;

// What the machine does beside is in one slot or another: an error of the measurement is in all of them.
const slotsAtMost = 8;

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
      await server.forget();
      const { recording } = await measure(mode, server.origin);
      const stamps = await measuredStamps(recording);
      expect(stamps.length).toBe(recording.iterations.completed);
      expect(stamps.length).toBeGreaterThan(20);
      const truthUs = median(stamps.map(tookUs));
      allowedUs = Math.max(500, 0.02 * truthUs);
      offByUs = Math.abs(read(recording.times.service, (histogram) => histogram.percentile(50)) - truthUs);
    }
    expect(offByUs).toBeLessThanOrEqual(allowedUs);
  });
});

describe('throughput', () => {
  test('is what the hold of a server that serves one request at a time allows', async () => {
    let ratio = 0;
    for (let slot = 0; slot < slotsAtMost && Math.abs(ratio - 1) >= 0.05; slot++) {
      await server.forget();
      const { recording } = await measure(getMode('/serial/5', { users: 16, durationMs: 1000 }), server.origin);
      const holdUs = mean((await measuredStamps(recording)).map(heldForUs));
      ratio = (throughputPerSecond(recording) * holdUs) / 1e6;
    }
    expect(ratio).toBeGreaterThan(0.95);
    expect(ratio).toBeLessThan(1.05);
  });

  test('is what the hold of a mutex allows, and the server never sees two requests at once', async () => {
    const mode = getMode(
      '/delay/3',
      { users: 16, durationMs: 1000 },
      { name: 'locked', lock: { name: 'mutex', options: {} } },
    );
    let ratio = 0;
    for (let slot = 0; slot < slotsAtMost && Math.abs(ratio - 1) >= 0.05; slot++) {
      await server.forget();
      const { recording } = await measure(mode, server.origin);
      const stamps = await measuredStamps(recording);
      const holdUs = read(recording.locks['mutex']!.hold, (histogram) => histogram.mean);
      ratio = (throughputPerSecond(recording) * holdUs) / 1e6;
      expect(holdUs).toBeGreaterThan(mean(stamps.map(tookUs)));
      stamps.slice(1).forEach((stamp, at) => expect(stamp.receivedUs).toBeGreaterThan(stamps[at]!.answeredUs!));
    }
    expect(ratio).toBeGreaterThan(0.95);
    expect(ratio).toBeLessThan(1.05);
  });
});

test('a stall of one second is seen by each user once, at its length, and by nobody else', async () => {
  const users = 8;
  const stallUs = 1_000_000;
  const { recording } = await measure(getMode('/stall/10/500/1000', { users, durationMs: 1900 }), server.origin);
  const { iterations, times } = recording;
  const stalled = (await measuredStamps(recording)).map(tookUs).filter((us) => us > stallUs / 2);
  expect(stalled).toHaveLength(users);

  const shortest = Math.min(...stalled);
  const longest = Math.max(...stalled);
  expect(shortest).toBeGreaterThan(0.9 * stallUs);
  // Three digits below, and above what the way there and back may take.
  const edges = [stallUs / 2, 0.998 * shortest, 1.002 * longest + 100_000];
  const counts = [iterations.completed - users, 0, users, 0];
  expect(read(times.response, (histogram) => histogram.countsBetween(edges))).toEqual(counts);
  expect(read(times.service, (histogram) => histogram.countsBetween(edges))).toEqual(counts);
  expect(iterations.begun).toBe(iterations.completed);
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
