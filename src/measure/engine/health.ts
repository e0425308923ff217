import { PerformanceObserver } from 'node:perf_hooks';
import type { Clock } from '../../core/clock.ts';
import { Histogram } from '../../core/recording/histogram.ts';
import type { GeneratorRecording } from '../../core/recording/recording.ts';

/** Watches the generator's own thread during the measured part of a slot. */
export interface Health {
  /** What was seen so far. */
  seen(): Omit<GeneratorRecording, 'late'>;
  /** Stops watching. */
  end(): void;
}

const tickMs = 20;

/** How far the wall clock may run ahead of the monotonic one between two looks before the machine counts as having slept. */
const sleptUs = 1_000_000;

/** What is watched, and the clocks it is watched with. */
export interface HealthOptions {
  /** The recorder's own window: it may be cut short while the slot runs. */
  readonly window: { readonly fromUs: number; readonly toUs: number };
  readonly clock: Clock;
  /** CPU time of this thread so far. */
  readonly cpuUs: () => number;
  /** The part of it in which the load's pacer had nothing to do. */
  readonly idleUs: () => number;
  readonly wallClockMs: () => number;
}

/**
 * Watches from `fromUs` on: CPU time, garbage collection, how late a timer is (the event loop's delay), and whether the
 * machine slept, as a monotonic clock may stand still meanwhile.
 *
 * @cost 50 timers a second
 */
export const watchHealth = ({ window, clock, cpuUs, idleUs, wallClockMs }: HealthOptions): Health => {
  const delay = Histogram.empty();
  const lookAround = () => ({ atUs: clock.now(), cpuUs: cpuUs(), idleUs: idleUs(), wallUs: wallClockMs() * 1000 });
  let first: ReturnType<typeof lookAround> | undefined;
  let last = lookAround();
  let longestSleepUs = 0;
  const look = (): void => {
    const now = lookAround();
    if (now.atUs >= window.fromUs && (first === undefined || last.atUs < window.toUs)) {
      if (first === undefined) first = now;
      else {
        const tookUs = now.atUs - last.atUs;
        delay.record(Math.max(0, tookUs - tickMs * 1000));
        const sleepUs = now.wallUs - last.wallUs - tookUs;
        if (sleepUs > sleptUs) longestSleepUs = Math.max(longestSleepUs, Math.round(sleepUs));
      }
      last = now;
    } else if (first === undefined) last = now;
  };
  let gcUs = 0;
  const collections = new PerformanceObserver((list) => {
    if (first === undefined) return;
    for (const { duration } of list.getEntries()) gcUs += Math.round(duration * 1000);
  });
  collections.observe({ entryTypes: ['gc'] });
  const timer = setInterval(look, tickMs);
  return {
    seen: () => {
      const watched =
        first === undefined
          ? { cpuUs: 0, idleUs: 0, wallUs: 0 }
          : { cpuUs: last.cpuUs - first.cpuUs, idleUs: last.idleUs - first.idleUs, wallUs: last.atUs - first.atUs };
      return {
        ...watched,
        gcUs,
        loopDelay: delay.toTimes(),
        longestGapUs: Math.max(delay.max, longestSleepUs),
      };
    },
    end: () => {
      clearInterval(timer);
      collections.disconnect();
      delay.free();
    },
  };
};
