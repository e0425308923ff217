import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { micros } from '../../../src/core/units.ts';
import { pacers } from '../../../src/measure/load/pacer.ts';

const paced = (pacing: 'hybrid' | 'relaxed', nowUs: () => number, isAtRest = false) => {
  const calls: number[] = [];
  const pacer = pacers[pacing](
    { now: () => micros(nowUs()) },
    (us) => void calls.push(us),
    () => isAtRest,
  );
  return { pacer, calls };
};

describe('hybrid pacing', () => {
  beforeEach(() => void vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'setImmediate', 'clearImmediate'] }));
  afterEach(() => void vi.useRealTimers());

  test('sleeps until 1.5 ms before, then looks at the clock once a turn until it is time', () => {
    let us = 0;
    const { pacer, calls } = paced('hybrid', () => us);
    pacer.wake(10_000);
    vi.advanceTimersByTime(7);
    expect(calls).toEqual([]);
    us = 9000;
    vi.advanceTimersByTime(1);
    for (us = 9100; us <= 10_000; us += 100) vi.advanceTimersToNextTimer();
    expect(calls).toEqual([10_000]);
    expect(vi.getTimerCount()).toBe(0);
  });

  test('looks at the clock many times a turn, and not once it is time', () => {
    let us = 9000;
    const { pacer, calls } = paced('hybrid', () => us++);
    pacer.wake(9500);
    let turns = 0;
    for (; calls.length === 0; turns++) vi.advanceTimersToNextTimer();
    expect(calls).toEqual([9500]);
    expect(turns).toBeLessThan(10);
    expect(pacer.idleUs).toBeGreaterThan(turns);
  });

  test('naps while nothing is in flight, a millisecond at most, and looks again in time', () => {
    let us = 8600;
    const naps = vi.spyOn(Atomics, 'wait').mockImplementation((_cells, _at, _value, ms) => {
      us += ms! * 1000;
      return 'timed-out';
    });
    const { pacer } = paced('hybrid', () => us, true);
    pacer.wake(10_000);
    vi.advanceTimersToNextTimer();
    vi.advanceTimersToNextTimer();
    expect(naps.mock.calls.map(([, , , ms]) => ms)).toEqual([1, 0.25]);
    // No CPU time.
    expect(pacer.idleUs).toBe(0);
    naps.mockRestore();
  });

  test('counts turns with nothing to do as idle, and neither sleep, nor work, nor being held', () => {
    let us = 0;
    const { pacer } = paced('hybrid', () => us);
    const turnAt = (at: number): void => {
      us = at;
      vi.advanceTimersToNextTimer();
    };
    pacer.wake(10_000);
    turnAt(8600);
    expect(pacer.idleUs).toBe(0);
    turnAt(8603);
    turnAt(8605);
    expect(pacer.idleUs).toBe(5);
    pacer.worked();
    turnAt(8650);
    expect(pacer.idleUs).toBe(5);
    turnAt(9700);
    expect(pacer.idleUs).toBe(25);
    pacer.stop();
    vi.runAllTimers();
    expect(pacer.idleUs).toBe(25);
  });
});

describe.each(['hybrid', 'relaxed'] as const)('%s pacing', (pacing) => {
  const nowUs = (): number => performance.now() * 1000;

  test('calls back when it is time and not before', async () => {
    const { pacer, calls } = paced(pacing, nowUs);
    const atUs = nowUs() + 5000;
    pacer.wake(atUs);
    await expect.poll(() => calls.length).toBe(1);
    expect(calls[0]).toBeGreaterThanOrEqual(Math.floor(atUs));
  });

  test('does not call back once it is stopped', async () => {
    const { pacer, calls } = paced(pacing, nowUs);
    pacer.wake(nowUs() + 2000);
    pacer.stop();
    await new Promise((resolve) => void setTimeout(resolve, 10));
    expect(calls).toEqual([]);
  });

  test('can be asked anew from within its call', async () => {
    let left = 3;
    const again = (us: number): void => {
      if (--left > 0) pacer.wake(us + 1000);
    };
    const pacer = pacers[pacing]({ now: () => micros(nowUs()) }, again, () => true);
    pacer.wake(nowUs());
    await expect.poll(() => left).toBe(0);
  });
});
