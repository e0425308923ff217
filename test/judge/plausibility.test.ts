import { describe, expect, test } from 'vitest';
import type { Mode } from '../../src/core/plan/plan.ts';
import type { ModeResult } from '../../src/core/result/result.ts';
import type { Slot } from '../../src/core/slot.ts';
import { checkLaws } from '../../src/judge/plausibility.ts';
import { storeMode } from '../measure/mode.ts';
import { modeWith, times } from './mode.ts';

const anatomy = (responseUs: number): ModeResult['anatomy'] => {
  const parts = { sendLagUs: 0, lockWaitUs: 0, serviceUs: 0, connectUs: 0, retriesUs: 0, otherUs: responseUs - 2000 };
  const whole = { responseUs, queueWaitUs: 2000, ...parts };
  return { mean: whole, p99: whole };
};

/** 10 s in which 1,000 iterations took 10 ms from beginning to end, after 2 ms in the queue: one user at work, all the time. */
const result = modeWith({
  name: 'locked',
  users: 4,
  workers: 1,
  conflicts: 0,
  iterations: { scheduled: 1000, begun: 1000, completed: 1000, failed: 0, interrupted: 0, dropped: 0 },
  responseTimeUs: times(1000, 12_000),
  anatomy: anatomy(12_000),
});

const slotWith = ({ userUs = 10_000_000, acrossUs = 0 } = {}): Slot =>
  ({
    mode: 'locked',
    recording: { window: { fromUs: 5_000_000, toUs: 15_000_000 }, inFlight: { userUs, acrossUs } },
  }) as unknown as Slot;

const codes = (more: Partial<ModeResult>, slot = slotWith(), mode: Partial<Mode> = {}): string[] =>
  checkLaws(storeMode(mode), { ...result, ...more }, [slot]).map(({ code }) => code);

describe("Little's law", () => {
  test('holds for numbers that belong together', () => {
    expect(codes({})).toEqual([]);
  });

  test('shows a response time that is too short, with both numbers', () => {
    const [warning] = checkLaws(storeMode(), { ...result, anatomy: anatomy(8000) }, [slotWith()]);
    expect(warning).toMatchObject({ code: 'LITTLES_LAW' });
    expect(warning!.message).toContain('1.00 users of locked were inside an iteration on average');
    expect(warning!.message).toContain('100/s of 6 ms each make 0.60');
    expect(warning!.message).toContain('cannot both be true');
  });

  test('shows iterations that were counted twice, or not at all', () => {
    expect(codes({ responseTimeUs: times(2000, 12_000) })).toEqual(['LITTLES_LAW']);
    expect(codes({ responseTimeUs: times(900, 12_000) })).toEqual(['LITTLES_LAW']);
    expect(codes({ responseTimeUs: times(970, 12_000) })).toEqual([]);
  });

  test('shows users that were never counted out', () => {
    expect(codes({}, slotWith({ userUs: 12_000_000 }))).toEqual(['LITTLES_LAW']);
  });

  test('reckons with what lies across the edges of a window', () => {
    expect(codes({}, slotWith({ userUs: 8_000_000, acrossUs: 2_000_000 }))).toEqual([]);
    expect(codes({}, slotWith({ userUs: 12_000_000, acrossUs: -2_000_000 }))).toEqual([]);
  });

  test('says nothing where nothing has a response time, or no window opened', () => {
    expect(codes({ anatomy: null, responseTimeUs: times(0, 0) }, slotWith({ userUs: 0 }))).toEqual([]);
    expect(checkLaws(storeMode(), result, [])).toEqual([]);
  });
});

describe('the utilisation of a lock', () => {
  const held = (count: number, us: number): Partial<ModeResult> => {
    const lock = { waitUs: times(count, 0), holdUs: times(count, us), contended: 0, longestQueue: 0 };
    return { locks: [{ name: 'mutex', ...lock, lapsed: 0, starvation: null }] };
  };

  test('is all of the time at most, and what was under way when the window closed', () => {
    expect(codes(held(1000, 10_000))).toEqual([]);
    expect(codes(held(1020, 10_000))).toEqual([]);
    const [warning] = checkLaws(storeMode(), { ...result, ...held(1100, 10_000) }, [slotWith()]);
    expect(warning).toMatchObject({ code: 'LOCK_UTILISATION' });
    expect(warning!.message).toContain('the holds of the mutex lock of locked add up to 11 s in 10 s measured');
    expect(warning!.message).toContain('only one user can be inside');
  });

  test('is as much more as a semaphore lets in', () => {
    const lock = { name: 'semaphore', options: { permits: 3 } };
    expect(codes(held(2900, 10_000), slotWith(), { lock })).toEqual([]);
    expect(codes(held(3200, 10_000), slotWith(), { lock })).toEqual(['LOCK_UTILISATION']);
  });

  test('has no limit where there is a lock for each key, or where readers share it', () => {
    for (const name of ['keyed', 'read-write', 'redis']) {
      expect(codes(held(9000, 10_000), slotWith(), { lock: { name, options: {} } })).toEqual([]);
    }
  });
});
