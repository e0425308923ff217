import { missShare, type Looks } from '../../core/looks.ts';
import type { ModeResult } from '../../core/result/result.ts';
import type { CrossingResult, PointResult } from '../../core/result/sweep.ts';
import type { AxisKind } from '../../core/sweep/axis.ts';
import { isOpen } from '../../core/result/open-load.ts';
import { figures, pairedLogRatios, type ComparedMetric } from '../compare/compare.ts';
import {
  aboutWhere,
  crossingOf,
  signOf,
  stageOf,
  type Bracket,
  type Crossing,
  type Seen,
  type Stage,
} from '../scaling/crossing.ts';
import { isIn } from './points.ts';

/** Two modes, and the metric by which they are compared. */
interface Pair {
  readonly mode: string;
  readonly control: string;
  readonly metric: ComparedMetric;
}

/** For an open load, which offers all modes the same rate: the highest of these that is known at every point is compared. */
const openMetrics = ['p99', 'p95', 'p50'] as const;

/**
 * All pairs of modes over the axis: where one overtakes the other, and where no difference is shown.
 *
 * @param names of the modes, the control first: its pairs are reported first
 */
export const crossingsOf = (
  points: readonly PointResult[],
  names: readonly string[],
  kind: AxisKind,
  looks: Looks,
): readonly CrossingResult[] => {
  const metric = metricOf(points);
  return names.flatMap((control, index) =>
    names.slice(index + 1).flatMap((mode) => {
      const pair = { mode, control, metric };
      const differences = differencesOf(points, pair);
      return differences.length === 0 ? [] : [told(pair, differences, kind, looks)];
    }),
  );
};

const metricOf = (points: readonly PointResult[]): ComparedMetric => {
  const modes = points.flatMap((point) => point.modes.filter(({ name }) => isIn(point, name)));
  if (!modes.some(isOpen)) return 'throughput';
  const isKnown = (metric: ComparedMetric) => (mode: ModeResult) =>
    mode.slots.every((slot) => figures[metric](slot) !== undefined);
  return openMetrics.find((metric) => modes.every(isKnown(metric))) ?? 'p50';
};

/** For each point where both have a figure, the differences of logarithms, above 0 if the mode is the better one. */
const differencesOf = (
  points: readonly PointResult[],
  { mode, control, metric }: Pair,
): readonly { readonly at: number; readonly differences: readonly number[] }[] =>
  points.flatMap((point) => {
    if (!isIn(point, mode) || !isIn(point, control)) return [];
    const [own, base] = [mode, control].map((name) => point.modes.find((one) => one.name === name)!);
    const ratios = pairedLogRatios(own!, base!, figures[metric]);
    const better = metric === 'throughput' ? 1 : -1;
    return ratios.length === 0 ? [] : [{ at: point.at, differences: ratios.map((ratio) => better * ratio) }];
  });

const told = (
  pair: Pair,
  differences: ReturnType<typeof differencesOf>,
  axis: AxisKind,
  looks: Looks,
): CrossingResult => {
  const seen = differences.map(({ at, differences: all }) => ({ at, sign: signOf(all, missShare[looks]), looks: 1 }));
  const found = crossingOf(seen);
  const { mode, control, metric } = pair;
  const said = { mode, control, metric, kind: found.kind };
  if (found.kind === 'no difference shown')
    return { ...said, verdict: null, brackets: [], ties: seen.map(({ at }) => at), about: null };
  if (found.kind === 'one side')
    return { ...said, verdict: found.sign === 1 ? 'faster' : 'slower', brackets: [], ties: found.ties, about: null };
  if (found.kind === 'several')
    return { ...said, verdict: null, brackets: found.brackets.map(bracketOf), ties: [], about: null };
  const { below, above } = found.bracket;
  const inside = differences
    .filter(({ at }) => at >= below && at <= above)
    .map(({ at, differences: all }) => ({ at, difference: all.reduce((sum, one) => sum + one, 0) / all.length }));
  const about = aboutWhere(inside, axis);
  return { ...said, verdict: null, brackets: [bracketOf(found.bracket)], ties: found.ties, about };
};

const bracketOf = ({ below, above, sign }: Bracket): CrossingResult['brackets'][number] => ({
  below,
  above,
  becomes: sign === 1 ? 'faster' : 'slower',
});

/**
 * What to measure next to narrow the brackets of all pairs that cross once.
 *
 * @param rounds of one look
 */
export const nextStage = (
  points: readonly PointResult[],
  crossings: readonly CrossingResult[],
  kind: AxisKind,
  rounds: number,
): Stage => {
  const stages = crossings
    .filter((crossing) => crossing.kind === 'crossing')
    .map(({ brackets: [bracket], ties }): Stage => {
      const { below, above, becomes } = bracket!;
      const crossing: Crossing = {
        kind: 'crossing',
        bracket: { below, above, sign: becomes === 'faster' ? 1 : -1 },
        ties,
      };
      // Every measured point counts as known, even if it did not tell this pair apart.
      const seen = points.map(({ at, modes }): Seen => {
        const most = Math.max(...modes.map(({ slots }) => slots.length));
        return { at, sign: ties.includes(at) ? 0 : 1, looks: ties.includes(at) ? most / rounds : 2 };
      });
      return stageOf(crossing, seen, kind);
    });
  const all = (of: (stage: Stage) => readonly number[]): readonly number[] =>
    [...new Set(stages.flatMap(of))].toSorted((a, b) => a - b);
  return { fresh: all(({ fresh }) => fresh), again: all(({ again }) => again) };
};
