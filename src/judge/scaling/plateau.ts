import { hodgesLehmann } from '../stats/signed-rank.ts';
import type { Grid } from './grid.ts';

/** Where a mode is at its highest, without assuming any law. */
export interface Plateau {
  /** The point with the highest throughput. */
  readonly best: number;
  /** The first and the last point that are not shown to be slower than the best. */
  readonly from: number;
  readonly to: number;
  /** Whether a later point is shown to be slower than the best by more than the margin. */
  readonly falls: boolean;
}

/** A later point that is slower by more than this is a fall. */
const margin = 0.02;

/**
 * The points that no round-by-round comparison shows to be slower than the best one: the peak lies among them.
 *
 * @param alpha the share of intervals that may miss, both sides together
 */
export const plateauOf = ({ at, logs }: Grid, alpha: number): Plateau => {
  const levels = logs.map((rounds) => hodgesLehmann(rounds, alpha).estimate);
  const best = levels.indexOf(Math.max(...levels));
  const highs = logs.map(
    (rounds) =>
      hodgesLehmann(
        rounds.map((log, round) => log - logs[best]![round]!),
        alpha,
      ).high,
  );
  const kept = at.filter((_, point) => point === best || highs[point]! >= 0);
  return {
    best: at[best]!,
    from: kept[0]!,
    to: kept.at(-1)!,
    falls: highs.some((high, point) => point > best && high < -margin),
  };
};
