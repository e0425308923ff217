import fc from 'fast-check';
import { describe, expect, test, vi } from 'vitest';
import { micros } from '../../../../../src/core/units.ts';
import {
  askTime,
  epochNsFor,
  keepAsking,
  monotonicOf,
  ReferenceClock,
} from '../../../../../src/measure/runner/cluster/link/clock.ts';

/** A monotonic clock and a reference, as nobody can see them: `true*` is what is so. */
class World {
  trueUs = 1_000_000;
  offsetUs: number;
  readonly #ppm: number;

  constructor(offsetUs: number, ppm: number) {
    this.offsetUs = offsetUs;
    this.#ppm = ppm;
  }

  get localUs(): number {
    return this.trueUs * (1 + this.#ppm / 1e6);
  }

  get referenceUs(): number {
    return this.trueUs + this.offsetUs;
  }

  get trueOffsetUs(): number {
    return this.referenceUs - this.localUs;
  }

  ask(clock: ReferenceClock, thereUs: number, backUs: number): void {
    const beforeUs = this.localUs;
    this.trueUs += thereUs;
    const referenceUs = Math.floor(this.referenceUs);
    this.trueUs += backUs;
    clock.take({ beforeUs, afterUs: this.localUs, referenceUs });
  }
}

const way = fc.oneof(fc.integer({ min: 5, max: 50 }), fc.integer({ min: 1000, max: 80_000 }), fc.nat(3));
const asked = fc.record({ thereUs: way, backUs: way, afterUs: fc.integer({ min: 0, max: 3_000_000 }) });
const ppm = fc.integer({ min: -990, max: 990 });

describe('a reference clock', () => {
  test('is never further off than it says, however unlike the ways there and back, and however the clocks drift', () => {
    fc.assert(
      fc.property(fc.array(asked, { minLength: 1, maxLength: 40 }), ppm, (questions, drift) => {
        const [world, clock] = [new World(1_764_000_000_000_000, drift), new ReferenceClock()];
        for (const { thereUs, backUs, afterUs } of questions) {
          world.ask(clock, thereUs, backUs);
          for (const waitUs of [0, afterUs]) {
            world.trueUs += waitUs;
            const { offsetUs, errorUs } = clock.at(world.localUs);
            expect(Math.abs(offsetUs - world.trueOffsetUs)).toBeLessThanOrEqual(errorUs + 0.5);
          }
        }
        expect(clock.wasSet).toBe(false);
      }),
    );
  });

  test('knows how wrong an offset that was kept for a while has become, at worst, at any time of it', () => {
    fc.assert(
      fc.property(fc.array(asked, { minLength: 2, maxLength: 20 }), ppm, (questions, drift) => {
        const [world, clock] = [new World(1_764_000_000_000_000, drift), new ReferenceClock()];
        const [first, ...others] = questions;
        world.ask(clock, first!.thereUs, first!.backUs);
        const fromUs = world.localUs;
        const { offsetUs } = clock.at(fromUs);
        let wrong = 0;
        for (const { thereUs, backUs, afterUs } of others) {
          for (const part of [0.25, 0.25, 0.5]) {
            world.trueUs += afterUs * part;
            wrong = Math.max(wrong, Math.abs(offsetUs - world.trueOffsetUs));
          }
          world.ask(clock, thereUs, backUs);
        }
        wrong = Math.max(wrong, Math.abs(offsetUs - world.trueOffsetUs));
        expect(wrong).toBeLessThanOrEqual(clock.errorOf(offsetUs, fromUs, world.localUs) + 0.5);
      }),
    );
  });

  test('is right to half the way there and back, or closer where several answers say more', () => {
    const [world, clock] = [new World(5_000_000, 0), new ReferenceClock()];
    expect(clock.at(world.localUs).errorUs).toBe(Infinity);
    world.ask(clock, 3000, 1000);
    expect(clock.at(world.localUs).errorUs).toBeCloseTo(2000 + 0.5 + 4, 0);
    world.ask(clock, 40, 60);
    expect(clock.at(world.localUs).errorUs).toBeLessThan(52);
    world.trueUs += 100_000;
    // Two clocks, each wrong by 500 millionths.
    expect(clock.at(world.localUs).errorUs).toBeGreaterThan(100);
    expect(clock.at(world.localUs).errorUs).toBeLessThan(152);
  });

  test.each([-2000, 2000, 60_000_000])(
    'notices that the reference was set by %i µs, and what was measured meanwhile',
    (byUs) => {
      const [world, clock] = [new World(5_000_000, 20), new ReferenceClock()];
      const times: number[] = [];
      for (let second = 0; second < 10; second++) {
        if (second === 5) world.offsetUs += byUs;
        world.ask(clock, 100, 200);
        times.push(world.localUs);
        world.trueUs += 200_000;
      }
      expect(clock.wasSet).toBe(true);
      const { offsetUs, errorUs } = clock.at(world.localUs);
      expect(Math.abs(offsetUs - world.trueOffsetUs)).toBeLessThanOrEqual(errorUs + 0.5);
      expect(clock.errorOf(offsetUs, times[4]!, times[5]!)).toBe(Infinity);
      expect(clock.errorOf(offsetUs, times[0]!, times[9]!)).toBe(Infinity);
      expect(clock.errorOf(offsetUs, times[6]!, times[9]!)).toBeLessThan(1000);
    },
  );

  test('tells the time of a run from the monotonic clock of this machine', () => {
    const offsetUs = 1_764_000_000_000_000;
    const zeroUs = offsetUs + 7_000_000;
    expect(epochNsFor(zeroUs, offsetUs)).toBe(7_000_000_000n);
    const nowUs = monotonicOf({ clock: { now: () => micros(7_000_500) }, epochNs: () => 3_000_000n });
    expect(nowUs()).toBe(7_003_500);
  });

  test('is asked five times a second, but for pauses, and goes on after a question that nobody answered', async () => {
    vi.useFakeTimers();
    try {
      let asked = 0;
      const time = async (): Promise<number[]> => {
        if (++asked === 2) throw new Error('Connection is closed.');
        return [1_764_000_000, asked];
      };
      const clock = new ReferenceClock();
      using asking = keepAsking({ redis: { time }, nowUs: () => asked * 200_000 }, clock);
      await vi.advanceTimersByTimeAsync(1000);
      expect(asked).toBe(5);
      asking.pause();
      await vi.advanceTimersByTimeAsync(1000);
      expect(asked).toBe(5);
      asking.resume();
      await vi.advanceTimersByTimeAsync(1000);
      expect(asked).toBe(10);
      asking[Symbol.dispose]();
      await vi.advanceTimersByTimeAsync(1000);
      expect(asked).toBe(10);
    } finally {
      vi.useRealTimers();
    }
  });

  test('asks as often as it is told, one question after the other', async () => {
    let now = 0;
    const clock = new ReferenceClock();
    const redis = { time: async (): Promise<number[]> => [1_764_000_000, 250_000 + ++now] };
    await askTime({ redis, nowUs: () => now * 10 }, clock, 8);
    expect(now).toBe(8);
    const { offsetUs, errorUs } = clock.at(80);
    expect(Math.abs(offsetUs - 1_764_000_000_250_000)).toBeLessThan(100);
    expect(errorUs).toBeLessThan(10);
  });
});
