import { expect } from 'vitest';
import { Histogram } from '../../src/core/recording/histogram.ts';
import type { Recording, Times } from '../../src/core/recording/recording.ts';
import { measure, openMode, requestsIn } from './measure.ts';
import type { TruthServer } from './open.ts';

/** Some open load that is not looked at: a generator that has just started is slow for other reasons than those that are tested. */
export const warmUp = async ({ origin }: TruthServer): Promise<void> => {
  await measure(openMode('/delay/0', { ratePerSecond: 2000, users: 50, durationMs: 500 }), origin);
};

/** These percentiles, in µs. */
export const percentiles = (times: Times, ...percents: readonly number[]): number[] => {
  const histogram = Histogram.from(times);
  const values = percents.map((percent) => histogram.percentile(percent));
  histogram.free();
  return values;
};

/** Asserts what holds for the counts of every recording. */
export const expectIdentities = ({ iterations }: Recording): void => {
  const { scheduled, begun, completed, failed, interrupted, dropped } = iterations;
  expect(begun + dropped).toBe(scheduled);
  expect(completed + failed + interrupted).toBe(begun);
};

/** A server that answers nothing for the first part of each period, and how often it is asked. */
export interface Stalling {
  readonly everyMs: number;
  readonly stallMs: number;
  readonly ratePerSecond: number;
}

/**
 * Asserts that one period of such a server is seen as its callers would see it. It stalls a fifth of the time.
 *
 * The figures are those of any rate. Where a stall holds back 400 requests, all answers are read in some milliseconds: what is
 * tested is contend's arithmetic. Beside the 2 % it may be off by what the machine was late itself, which is known.
 */
export const expectStallSeen = async (
  server: TruthServer,
  { everyMs, stallMs, ratePerSecond }: Stalling,
): Promise<void> => {
  const mode = openMode(`/periodic/${everyMs}/${stallMs}`, { ratePerSecond, users: 400, durationMs: everyMs });
  const { recording } = await measure(mode, server.bareOrigin);
  expectIdentities(recording);
  const scheduled = (ratePerSecond * everyMs) / 1000;
  expect(recording.iterations).toMatchObject({ scheduled, completed: scheduled });
  const stamps = await server.stamps();
  expect(stamps).toHaveLength(requestsIn(recording));
  const stallEndsUs = stamps[0]!.receivedUs + 1000 * stallMs;
  const serverLateUs = Math.max(
    ...stamps.map(({ receivedUs, answeredUs }) => answeredUs! - Math.max(receivedUs, stallEndsUs)),
  );
  // The period begins with the first request, which comes as much later as its connection takes to be opened.
  const heldUs =
    Math.max(percentiles(recording.times.sendLag, 100)[0]!, recording.generator.longestGapUs) +
    percentiles(recording.times.connect, 100)[0]!;
  const [p50, ...stalled] = percentiles(recording.times.response, 50, 90, 99, 99.9) as [number, ...number[]];
  expect(p50).toBeLessThan(5000 + heldUs);
  // What arrives evenly in a fifth of the time waits for the rest of it: 10 % of all wait for half of the stall or longer.
  [0.5, 0.95, 0.995].forEach((share, at) => {
    const us = share * 1000 * stallMs;
    expect(stalled[at]).toBeGreaterThan(0.98 * us);
    expect(stalled[at]).toBeLessThan(1.02 * us + serverLateUs + heldUs);
  });
};
