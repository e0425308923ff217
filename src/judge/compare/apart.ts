import { missShare, type Looks } from '../../core/looks.ts';
import type { Comparison, ModeResult } from '../../core/result/result.ts';
import { compareTwo, fewestRounds, type ComparedMetric } from './compare.ts';
import * as say from '../phrases.ts';

/**
 * Which of several modes is the best: `one` if it is distinguishable from every other; `level` if no mode is as much as 5 % apart from the
 * best-looking one; `open` if the best cannot be told, and why.
 */
export type Best =
  | { readonly is: 'none' }
  | (Found & { readonly is: 'one' | 'level' })
  | (Found & { readonly is: 'open'; readonly because: string });

interface Found {
  readonly modes: readonly [ModeResult, ...ModeResult[]];
  /** The number of modes compared. */
  readonly among: number;
}

/**
 * The best of some modes, as far as the rounds tell. Each is compared round by round with the one that looks best, and those that are
 * surely worse are left out.
 *
 * @param comparisons with the control: they say which looks best, and at what level the run is judged
 */
export const bestOf = (
  modes: readonly ModeResult[],
  comparisons: readonly Comparison[],
  metric: ComparedMetric,
): Best => {
  const [first, ...others] = byEstimate(modes, comparisons, metric);
  if (first === undefined) return { is: 'none' };
  const looks = looksOf(comparisons);
  const against = others.map((mode) => ({ mode, beside: compareTwo(first, mode, metric, looks) }));
  const near = against.filter(({ beside }) => beside?.verdict !== 'faster');
  const named = [first, ...near.map(({ mode }) => mode)] as const;
  const among = modes.length;
  if (near.length === 0) return { is: 'one', modes: [first], among };
  if (near.every(({ beside }) => beside?.verdict === 'no difference shown'))
    return { is: 'level', modes: named, among };
  const lacking = near.find(({ beside }) => beside === undefined)?.mode;
  const rounds = Math.min(...near.map(({ beside }) => beside?.rounds ?? 0));
  const because =
    lacking !== undefined
      ? `not every round of ${first.name} and ${lacking.name} has a ${metric} to compare`
      : rounds < fewestRounds(looks)
        ? `it takes ${fewestRounds(looks)} rounds, and there ${rounds === 1 ? 'is' : 'are'} ${rounds}`
        : `${say.counted(rounds, 'round')} do not tell ${say.namesOf(named)} apart`;
  return { is: 'open', modes: named, among, because };
};

/** By the ratio to the control, best first; modes without a ratio last. */
const byEstimate = (
  modes: readonly ModeResult[],
  comparisons: readonly Comparison[],
  metric: ComparedMetric,
): readonly ModeResult[] => {
  const found = comparisons.filter((comparison) => comparison.metric === metric);
  const control = comparisons[0]?.control;
  const sign = metric === 'throughput' ? -1 : 1;
  const place = ({ name }: ModeResult): number => {
    const ratio = name === control ? 1 : found.find(({ mode }) => mode === name)?.ratio;
    return ratio === undefined ? Infinity : sign * Math.log(ratio);
  };
  const places = new Map(modes.map((mode) => [mode, place(mode)]));
  return modes.toSorted((a, b) => (places.get(a) === places.get(b) ? 0 : places.get(a)! - places.get(b)!));
};

/** How often the run was looked at, according to its intervals. */
export const looksOf = ([first]: readonly Comparison[]): Looks =>
  first !== undefined && first.level > 1 - (missShare['one look'] + missShare['two looks']) / 2
    ? 'two looks'
    : 'one look';
