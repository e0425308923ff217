import type { Stage } from '../../core/plan/plan.ts';

/** A rate over time, seen from its arrivals: when this many are expected to have come, in µs since it began; Infinity: never. */
export type Timeline = (arrivals: number) => number;

/** The same rate forever. */
export const constant =
  (ratePerSecond: number): Timeline =>
  (arrivals) =>
    ratePerSecond > 0 ? (arrivals * 1e6) / ratePerSecond : Infinity;

/**
 * A rate that changes linearly in each stage, and keeps its last value after the last one.
 *
 * The integral of the rate, inverted: no steps, no sums of small errors. An arrival on the edge of two stages belongs to the
 * later one.
 *
 * @cost one comparison per stage, one square root
 */
export const ramped = (stages: readonly [Stage, ...Stage[]]): Timeline => {
  let untilUs = 0;
  let until = 0;
  const parts = stages.map(({ durationUs, from, to }) => {
    const seconds = durationUs / 1e6;
    const part = { fromUs: untilUs, before: until, from, slope: seconds === 0 ? 0 : (to - from) / seconds };
    untilUs += durationUs;
    until += ((from + to) / 2) * seconds;
    return { ...part, until };
  });
  const onwards = constant(stages.at(-1)!.to);
  return (arrivals) => {
    for (const { fromUs, before, until: end, from, slope } of parts) {
      if (arrivals < end) return fromUs + secondsUntil(arrivals - before, from, slope) * 1e6;
    }
    return untilUs + onwards(arrivals - until);
  };
};

/** Solves from·t + slope·t²/2 = arrivals, in the form that loses no digits where the slope is small or zero. */
const secondsUntil = (arrivals: number, from: number, slope: number): number =>
  arrivals <= 0 ? 0 : (2 * arrivals) / (from + Math.sqrt(Math.max(0, from * from + 2 * slope * arrivals)));
