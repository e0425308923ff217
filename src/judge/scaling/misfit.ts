import { fisherTail } from '../stats/fisher.ts';
import { meanOf, roundsOf, type Grid } from './grid.ts';
import { throughputBy, type Fit } from './law.ts';

/** How far a law is from what was measured. */
export interface Misfit {
  /** The probability that points lie this far from the law if it holds. */
  readonly p: number;
  /** The point farthest from the law, and by what share: below 0 if the law predicts less. */
  readonly worst: { readonly at: number; readonly share: number };
}

/**
 * The lack-of-fit test: how far points are off the law, relative to the scatter that is left once points and rounds are taken out.
 *
 * F = R·Σ(ȳ − ŷ)² ÷ (P − k) over the residual of points × rounds with (P−1)(R−1) degrees of freedom, k the free coefficients.
 *
 * @returns `undefined` if there are too few points or rounds for it
 */
export const misfitOf = (grid: Grid, fit: Fit): Misfit | undefined => {
  const { at, logs } = grid;
  const [points, rounds] = [at.length, roundsOf(grid)];
  if (points <= fit.free || rounds < 2) return undefined;
  const byPoint = logs.map(meanOf);
  const byRound = Array.from({ length: rounds }, (_, round) => meanOf(logs.map((row) => row[round]!)));
  const all = meanOf(byPoint);
  const left = logs
    .flatMap((row, point) => row.map((log, round) => (log - byPoint[point]! - byRound[round]! + all) ** 2))
    .reduce((sum, square) => sum + square, 0);
  const freedom = (points - 1) * (rounds - 1);
  const f = (rounds * fit.cost) / (points - fit.free) / (left / freedom);
  const off = at.map((value, point) => ({
    at: value,
    share: Math.expm1(Math.log(throughputBy(fit, value)) - byPoint[point]!),
  }));
  return {
    p: Number.isNaN(f) ? 1 : fisherTail(f, points - fit.free, freedom),
    worst: off.reduce((worst, one) => (Math.abs(one.share) > Math.abs(worst.share) ? one : worst)),
  };
};
