import { missShare, type Looks } from '../../core/looks.ts';
import type { Ends, LawResult, PointResult, ScalingResult } from '../../core/result/sweep.ts';
import { throughputOf } from '../compare/compare.ts';
import { median } from '../median.ts';
import type { Grid } from '../scaling/grid.ts';
import { scalingOf, type Scaling } from '../scaling/scaling.ts';
import { isIn } from './points.ts';

/** How each mode grows, for an axis of users or workers; excludes modes that say nothing at any point. */
export const scalingsOf = (
  points: readonly PointResult[],
  names: readonly string[],
  looks: Looks,
): readonly ScalingResult[] =>
  names.flatMap((mode) => {
    const grid = gridOf(points, mode);
    if (grid === undefined) return [];
    const scaling = scalingOf(grid, missShare[looks]);
    const { best, from, to, falls } = scaling.plateau;
    return [{ mode, peak: { best, from, to, falls }, law: lawOf(scaling), ceilingPerSecond: ceilingOf(points, mode) }];
  });

/** What was measured of a mode, in the rounds that all of its points have. */
const gridOf = (points: readonly PointResult[], name: string): Grid | undefined => {
  const rows = points.flatMap((point) => {
    const mode = isIn(point, name) ? point.modes.find((one) => one.name === name) : undefined;
    const logs = new Map(
      mode?.slots.flatMap((slot) => {
        const throughput = throughputOf(slot);
        return throughput === undefined ? [] : [[slot.round, Math.log(throughput)] as const];
      }),
    );
    return logs.size === 0 ? [] : [{ at: point.at, logs }];
  });
  const [first, ...others] = rows;
  if (first === undefined) return undefined;
  const rounds = [...first.logs.keys()].filter((round) => others.every(({ logs }) => logs.has(round)));
  if (rounds.length === 0) return undefined;
  return { at: rows.map(({ at }) => at), logs: rows.map(({ logs }) => rounds.map((round) => logs.get(round)!)) };
};

const lawOf = ({ verdict, misfit, law, intervals, peak }: Scaling): LawResult => {
  const said = { verdict, p: misfit?.p ?? null, worst: misfit?.worst ?? null };
  if (law === undefined || verdict === 'rejected' || verdict === 'too few points')
    return { ...said, gamma: null, sigma: null, kappa: null, peak: null };
  const ends = (name: 'gamma' | 'sigma' | 'kappa'): Partial<Ends> =>
    verdict === 'fits' && intervals !== undefined ? intervals[name] : { estimate: law[name] };
  return { ...said, gamma: ends('gamma'), sigma: ends('sigma'), kappa: ends('kappa'), peak: peak ?? null };
};

/**
 * One over the time that an iteration of a mode holds its mutex, the median over the points; `null` if it has no mutex, or never held it.
 */
const ceilingOf = (points: readonly PointResult[], name: string): number | null => {
  const modes = points.flatMap((point) => point.modes.filter((mode) => mode.name === name));
  if (!modes.every(({ lock }) => lock === 'mutex')) return null;
  const holds = modes.flatMap(({ lockHoldUs, iterations }) =>
    lockHoldUs.count === 0 ? [] : [(lockHoldUs.mean * lockHoldUs.count) / Math.max(1, iterations.completed)],
  );
  return holds.length === 0 ? null : 1e6 / median(holds);
};
