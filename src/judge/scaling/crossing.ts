import { between, isNarrow, type AxisKind } from '../../core/sweep/axis.ts';
import { hodgesLehmann } from '../stats/signed-rank.ts';

/** One mode compared with another at one point: -1 if shown to be slower, 1 if shown to be faster, otherwise 0. */
export type Sign = -1 | 0 | 1;

/** A point at which two modes were compared, and how often it was measured for that. */
export interface Seen {
  readonly at: number;
  readonly sign: Sign;
  readonly looks: number;
}

/** Where one mode overtakes another: between two points that each show a difference. */
export interface Bracket {
  readonly below: number;
  readonly above: number;
  /** The sign at `above`. */
  readonly sign: -1 | 1;
}

/** How two modes compare over the axis; `ties` are the points at which no difference is shown. */
export type Crossing =
  | { readonly kind: 'no difference shown' }
  | { readonly kind: 'one side'; readonly sign: -1 | 1; readonly ties: readonly number[] }
  | { readonly kind: 'crossing'; readonly bracket: Bracket; readonly ties: readonly number[] }
  | { readonly kind: 'several'; readonly brackets: readonly Bracket[] };

/**
 * The sign of differences of logarithms, one per round, by the exact signed-rank interval.
 *
 * @param alpha the share of intervals that may miss, both sides together
 */
export const signOf = (differences: readonly number[], alpha: number): Sign => {
  const { low, high } = hodgesLehmann(differences, alpha);
  if (low > 0) return 1;
  return high < 0 ? -1 : 0;
};

/** What the points show together; a sign counts only if it is shown. */
export const crossingOf = (seen: readonly Seen[]): Crossing => {
  const points = seen.toSorted((a, b) => a.at - b.at);
  const shown = points.flatMap(({ at, sign }) => (sign === 0 ? [] : [{ at, sign }]));
  const [first] = shown;
  if (first === undefined) return { kind: 'no difference shown' };
  const brackets = shown.flatMap(({ at, sign }, index): Bracket[] => {
    const before = shown[index - 1];
    return before === undefined || before.sign === sign ? [] : [{ below: before.at, above: at, sign }];
  });
  const tiesWithin = (isIn: (at: number) => boolean): readonly number[] =>
    points.flatMap(({ at, sign }) => (sign === 0 && isIn(at) ? [at] : []));
  const [bracket, ...others] = brackets;
  if (bracket === undefined) return { kind: 'one side', sign: first.sign, ties: tiesWithin(() => true) };
  if (others.length > 0) return { kind: 'several', brackets };
  const { below, above } = bracket;
  return { kind: 'crossing', bracket, ties: tiesWithin((at) => at > below && at < above) };
};

/** Points to measure next: new ones, and ones that were measured once. */
export interface Stage {
  readonly fresh: readonly number[];
  readonly again: readonly number[];
}

/** The most stages after the grid. */
export const mostStages = 2;
/** How many new places a stage adds to a bracket. */
const placesPerStage = 3;

/** A bracket this narrow is not refined. */
const narrow = 0.25;

/**
 * What to measure to narrow a bracket: three places spread evenly inside it, and a repeat of each point there that was measured once. Empty
 * if the bracket is narrow, or if there is not exactly one.
 */
export const stageOf = (crossing: Crossing, seen: readonly Seen[], kind: AxisKind): Stage => {
  if (crossing.kind !== 'crossing') return { fresh: [], again: [] };
  const { below, above } = crossing.bracket;
  if (isNarrow(kind, below, above, narrow)) return { fresh: [], again: [] };
  const known = new Set(seen.map(({ at }) => at));
  const places = Array.from({ length: placesPerStage }, (_, index) =>
    between(kind, below, above, (index + 1) / (placesPerStage + 1)),
  );
  return {
    fresh: [...new Set(places)].filter((at) => at > below && at < above && !known.has(at)),
    again: seen.filter(({ at, looks }) => at > below && at < above && looks < 2).map(({ at }) => at),
  };
};

/**
 * Roughly where two modes are level inside a bracket: the zero of the line through the means of its points, over the logarithm of the axis.
 * A marker for the eye, without an interval: a curve has its zero elsewhere.
 *
 * @param levels by point of the bracket, including its ends, the mean difference of logarithms
 */
export const aboutWhere = (
  levels: readonly { readonly at: number; readonly difference: number }[],
  kind: AxisKind,
): number | null => {
  const scaled = (at: number): number => (kind === 'skew' ? at : Math.log(at));
  const xs = levels.map(({ at }) => scaled(at));
  const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;
  const [x, y] = [mean(xs), mean(levels.map(({ difference }) => difference))];
  const spread = xs.reduce((sum, one) => sum + (one - x) ** 2, 0);
  const slope = xs.reduce((sum, one, index) => sum + (one - x) * (levels[index]!.difference - y), 0) / spread;
  if (!Number.isFinite(slope) || slope === 0) return null;
  const zero = Math.min(Math.max(...xs), Math.max(Math.min(...xs), x - y / slope));
  return Number((kind === 'skew' ? zero : Math.exp(zero)).toPrecision(3));
};
