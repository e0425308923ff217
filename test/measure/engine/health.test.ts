import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { micros } from '../../../src/core/units.ts';
import { watchHealth, type HealthOptions } from '../../../src/measure/engine/health.ts';

describe('the health of the generator', () => {
  beforeEach(() => void vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] }));
  afterEach(() => void vi.useRealTimers());

  /** A thread that uses half of its time, and is idle for a tenth; `at` moves its clocks. */
  const watched = (more: Partial<HealthOptions> = {}) => {
    const at = { us: 0, wallMs: 1_000_000 };
    const health = watchHealth({
      window: { fromUs: 100_000, toUs: 1e9 },
      clock: { now: () => micros(at.us) },
      cpuUs: () => at.us / 2,
      idleUs: () => at.us / 10,
      wallClockMs: () => at.wallMs,
      ...more,
    });
    const go = (ms: number, wallMs = ms): void => {
      at.us += ms * 1000;
      at.wallMs += wallMs;
      vi.advanceTimersByTime(20);
    };
    return { health, go };
  };

  test('is watched from the beginning of the window: CPU time, of it the idle, and the time over which', () => {
    const { health, go } = watched();
    for (let turn = 0; turn < 15; turn++) go(20);
    expect(health.seen()).toMatchObject({ cpuUs: 100_000, idleUs: 20_000, wallUs: 200_000, longestGapUs: 0 });
    health.end();
  });

  test('tells the longest delay of a timer', () => {
    const { health, go } = watched();
    for (const ms of [120, 20, 320, 70]) go(ms);
    expect(health.seen().longestGapUs).toBe(300_000);
    health.end();
  });

  test('tells that the machine slept, although its monotonic clock stood still meanwhile', () => {
    const { health, go } = watched();
    go(120);
    go(20, 30_020);
    go(20);
    expect(health.seen().longestGapUs).toBe(30_000_000);
    health.end();
  });

  test('takes a wall clock that was set by less than a second, or back, for no sleep', () => {
    const { health, go } = watched();
    go(120);
    go(20, 920);
    go(20, -60_000);
    expect(health.seen().longestGapUs).toBe(0);
    health.end();
  });
});
