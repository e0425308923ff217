import type { Reading } from './law.ts';

/** What a sweep measured of one mode: for each value of the axis, the natural logarithm of its throughput in each round. */
export interface Grid {
  /** In ascending order. */
  readonly at: readonly number[];
  /** By point, then by round; all points have the same rounds. */
  readonly logs: readonly (readonly number[])[];
}

/** The mean; NaN for no values. */
export const meanOf = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value, 0) / values.length;

/** Throughput at each point: the geometric mean of its rounds, or of some of them. */
export const readingsOf = ({ at, logs }: Grid, rounds?: readonly number[]): readonly Reading[] =>
  at.map((value, point) => ({
    at: value,
    throughput: Math.exp(meanOf(rounds === undefined ? logs[point]! : rounds.map((round) => logs[point]![round]!))),
  }));

/** How many rounds each point has. */
export const roundsOf = ({ logs }: Grid): number => logs[0]?.length ?? 0;
