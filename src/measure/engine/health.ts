import { PerformanceObserver } from 'node:perf_hooks';
import type { Clock } from '../../core/clock.ts';
import { Histogram } from '../../core/histogram.ts';
import type { GeneratorRecording } from '../../core/recording.ts';

/** Watches the generator's own thread during the measured part of a slot. */
export interface Health {
  /** What was seen. */
  seen(): Omit<GeneratorRecording, 'late'>;
  /** Ends the watching. */
  end(): void;
}

const tickMs = 20;

/**
 * Begins to watch at `fromUs`: CPU time, garbage collection, and how late a timer is (the event loop's delay).
 *
 * @param window as the recorder's: it may be cut short while the slot runs
 * @param cpuUs CPU time of this process so far
 * @cost 50 timers a second
 */
export const watchHealth = (
  window: { readonly fromUs: number; readonly toUs: number },
  clock: Clock,
  cpuUs: () => number,
): Health => {
  const delay = Histogram.empty();
  let first: { readonly atUs: number; readonly cpuUs: number } | undefined;
  let last = { atUs: clock.now() as number, cpuUs: cpuUs() };
  const look = (): void => {
    const now = { atUs: clock.now(), cpuUs: cpuUs() };
    if (now.atUs >= window.fromUs && (first === undefined || last.atUs < window.toUs)) {
      if (first === undefined) first = now;
      else delay.record(Math.max(0, now.atUs - last.atUs - tickMs * 1000));
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
          ? { cpuUs: 0, wallUs: 0 }
          : { cpuUs: last.cpuUs - first.cpuUs, wallUs: last.atUs - first.atUs };
      return { ...watched, idleUs: 0, gcUs, loopDelay: delay.toTimes(), longestGapUs: delay.max };
    },
    end: () => {
      clearInterval(timer);
      collections.disconnect();
      delay.free();
    },
  };
};
