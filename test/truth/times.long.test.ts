import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { getMode, measure, throughputPerSecond } from './measure.ts';
import { openTruthServer, type Stamp, type TruthServer } from './open.ts';
import { measuredStamps, read, slotsAtMost, tookUs } from './stamps.ts';

let server: TruthServer;

beforeAll(async () => {
  server = await openTruthServer();
  await measure(getMode('/delay/0', { users: 8, durationMs: 500 }), server.origin);
});
beforeEach(async () => server.forget());
afterAll(async () => server[Symbol.asyncDispose]());

const heldForUs = ({ heldUs, answeredUs }: Stamp): number => answeredUs! - heldUs;
const mean = (numbers: readonly number[]): number => numbers.reduce((sum, number) => sum + number, 0) / numbers.length;

describe('throughput', () => {
  test('is what the hold of a server that serves one request at a time allows', async () => {
    let ratio = 0;
    for (let slot = 0; slot < slotsAtMost && Math.abs(ratio - 1) >= 0.05; slot++) {
      await server.forget();
      const { recording } = await measure(getMode('/serial/5', { users: 16, durationMs: 1000 }), server.origin);
      const holdUs = mean((await measuredStamps(server, recording)).map(heldForUs));
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
      const stamps = await measuredStamps(server, recording);
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
  const stalled = (await measuredStamps(server, recording)).map(tookUs).filter((us) => us > stallUs / 2);
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
