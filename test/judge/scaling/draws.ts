import { stream, uniform } from '../../../src/core/random.ts';
import type { Grid } from '../../../src/judge/scaling/grid.ts';
import { throughputBy } from '../../../src/judge/scaling/law.ts';

/** Numbers of a simulated run, always the same ones. */
export interface Draws {
  /** In [0, 1). */
  uniform(): number;
  /** Standard normal (Box and Muller 1958). */
  normal(): number;
}

export const drawsOf = (run: number, what: string): Draws => {
  let drawn = 0;
  const of = stream(`sweep.${what}`);
  const next = (): number => uniform(run, of, drawn++);
  return { uniform: next, normal: () => Math.sqrt(-2 * Math.log(1 - next())) * Math.cos(2 * Math.PI * next()) };
};

/** A throughput for so many users. */
export type Curve = (users: number) => number;

export const doubling = [1, 2, 4, 8, 16, 32, 64, 128] as const;

/** What is to be found: A and B peak, D is nearly flat, C and E have no peak in range. */
export const truths = {
  A: { gamma: 1000, sigma: 0.05, kappa: 0.0005 },
  B: { gamma: 1000, sigma: 0.1, kappa: 0.005 },
  C: { gamma: 1000, sigma: 0.02, kappa: 0 },
  D: { gamma: 1000, sigma: 0.9, kappa: 0.0005 },
  E: { gamma: 1000, sigma: 0.03, kappa: 0.00002 },
} as const;

export const curveOf =
  (name: keyof typeof truths): Curve =>
  (users) =>
    throughputBy(truths[name], users);

/** A closed network with one server of demand 1 and time outside of it: exact mean value analysis, so no law of scalability. */
export const repairman =
  (outside: number): Curve =>
  (users) => {
    let [queue, rate] = [0, 0];
    for (let inside = 1; inside <= users; inside++) {
      rate = inside / (1 + queue + outside);
      queue = rate * (1 + queue);
    }
    return 1000 * rate;
  };

/** One server and a time outside of it, both fixed: a knee; with nothing outside, a mutex. */
export const knee =
  (outside: number): Curve =>
  (users) =>
    1000 * Math.min(users / (1 + outside), 1);

/** A sweep of a curve: each round has a mood of its own, 5 %, and each slot some noise. */
export const sample = (curve: Curve, rounds: number, noise: number, draws: Draws): Grid => {
  const moods = Array.from({ length: rounds }, () => 0.05 * draws.normal());
  return {
    at: doubling,
    logs: doubling.map((at) => moods.map((mood) => Math.log(curve(at)) + mood + noise * draws.normal())),
  };
};

/** Numbers from 0. */
export const runsOf = (runs: number): readonly number[] => Array.from({ length: runs }, (_, run) => run);

/** In which share of some runs it is so. */
export const shareOf = (runs: number, isSo: (run: number) => boolean): number =>
  runsOf(runs).filter(isSo).length / runs;
