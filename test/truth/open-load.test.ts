import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { microsFromMs } from '../../src/core/units.ts';
import { measure, openMode } from './measure.ts';
import { openTruthServer, type TruthServer } from './open.ts';
import { expectIdentities, percentiles, warmUp } from './stall.ts';

let server: TruthServer;

beforeAll(async () => {
  server = await openTruthServer();
  await warmUp(server);
});
beforeEach(async () => server.forget());
afterAll(async () => server[Symbol.asyncDispose]());

const mean = (numbers: readonly number[]): number => numbers.reduce((sum, number) => sum + number, 0) / numbers.length;

/** When requests came, in µs since the first; of iterations that send one each. */
const receivedUs = async (): Promise<number[]> => {
  const stamps = await server.stamps();
  return stamps.map((stamp) => stamp.receivedUs - stamps[0]!.receivedUs);
};

describe('arrivals at the server', () => {
  // What the machine does beside may be in one slot or another: an error of the measurement is in all of them.
  const slotsAtMost = 5;

  test('of an even rate are counted exactly, and evenly spaced', async () => {
    const mode = openMode('/delay/0', { ratePerSecond: 400, users: 100, durationMs: 1500 });
    let offByUs = Infinity;
    for (let slot = 0; slot < slotsAtMost && offByUs >= 2500; slot++) {
      await server.forget();
      const { recording } = await measure(mode, server.bareOrigin);
      expectIdentities(recording);
      expect(recording.iterations).toMatchObject({ scheduled: 600, completed: 600, dropped: 0 });
      const received = await receivedUs();
      expect(received).toHaveLength(600);
      // Late ones do not shift those after them: the slope is that of the schedule.
      const lateUs = received.map((us, n) => us - n * 2500).toSorted((a, b) => a - b);
      offByUs = lateUs[450]! - lateUs[150]!;
    }
    expect(offByUs).toBeLessThan(2500);
  });

  test('of poisson arrivals are as many as the seed says, with gaps as varied as their mean', async () => {
    const mode = openMode('/delay/0', {
      ratePerSecond: 400,
      users: 100,
      durationMs: 2000,
      arrival: { name: 'poisson', options: {} },
    });
    let variation = Infinity;
    for (let slot = 0; slot < slotsAtMost && variation >= 1.5; slot++) {
      await server.forget();
      const { recording } = await measure(mode, server.bareOrigin);
      expectIdentities(recording);
      const received = await receivedUs();
      expect(received).toHaveLength(recording.iterations.scheduled);
      // Four standard errors of a count of 800.
      expect(Math.abs(received.length - 800)).toBeLessThan(114);
      const gaps = received.slice(1).map((us, at) => us - received[at]!);
      const meanUs = mean(gaps);
      variation = Math.sqrt(mean(gaps.map((us) => (us - meanUs) ** 2))) / meanUs;
    }
    expect(variation).toBeGreaterThan(0.8);
    expect(variation).toBeLessThan(1.5);
  });

  test('of a number of iterations are so many', async () => {
    const { load, ...mode } = openMode('/delay/5', { ratePerSecond: 1000, users: 3, durationMs: 0 });
    const { recording } = await measure(
      { ...mode, load: { ...load, stop: { kind: 'iterations', iterations: 77 } } },
      server.bareOrigin,
    );
    expectIdentities(recording);
    expect(recording.iterations).toMatchObject({ scheduled: 77, completed: 77, dropped: 0 });
    expect(await server.stamps()).toHaveLength(77);
  });

  test('of stages follow the ramp', async () => {
    const { load, ...mode } = openMode('/delay/0', { ratePerSecond: 0, users: 100, durationMs: 0 });
    const stages = [
      { durationUs: microsFromMs(1000), from: 0, to: 400 },
      { durationUs: microsFromMs(500), from: 100, to: 100 },
    ];
    let offBy = Infinity;
    for (let slot = 0; slot < slotsAtMost && offBy >= 15; slot++) {
      await server.forget();
      const { recording } = await measure(
        { ...mode, load: { ...load, stages, stop: { kind: 'stages' } } },
        server.bareOrigin,
      );
      expect(recording.iterations).toMatchObject({ scheduled: 250, completed: 250 });
      const received = await receivedUs();
      // Half of the ramp's time has a quarter of its arrivals.
      offBy = Math.abs(received.filter((us) => us < 500_000).length - 50);
    }
    expect(offBy).toBeLessThan(15);
  });
});

describe('users that are not enough', () => {
  test('make arrivals wait for a user, which is queue wait and no send lag', async () => {
    const mode = openMode('/serial/10', { ratePerSecond: 200, users: 1, durationMs: 600, drainUs: microsFromMs(5000) });
    const { recording } = await measure(mode, server.origin);
    expectIdentities(recording);
    expect(recording.iterations.scheduled).toBe(120);
    expect(recording.iterations.dropped).toBeGreaterThanOrEqual(59);
    const [waited] = percentiles(recording.times.queueWait, 90) as [number];
    expect(waited).toBeGreaterThan(230_000);
    const [lag] = percentiles(recording.times.sendLag, 50) as [number];
    expect(lag).toBeLessThan(5000);
  });

  test('drop exactly what finds none of them free, where nothing may wait', async () => {
    const mode = openMode('/delay/100000', {
      ratePerSecond: 200,
      users: 3,
      durationMs: 500,
      queue: 0,
      drainUs: microsFromMs(10),
    });
    const { recording } = await measure(mode, server.bareOrigin);
    expectIdentities(recording);
    expect(recording.iterations).toMatchObject({ scheduled: 100, begun: 3, interrupted: 3, dropped: 97 });
    expect(await server.stamps()).toHaveLength(3);
  });
});
