import { right, type TextColumn } from './columns.ts';
import { count, exact, many, nothing, ratio, share } from '../format.ts';
import type { Comparison, Result } from '../../core/result/result.ts';

/** A ratio to the third decimal, as for intervals: `0.998×`, `3.557×`, `33.9×`. */
export const fineRatio = (value: number): string =>
  Number.isFinite(value) && value >= 0.0995 && value < 9.9995 ? `${value.toFixed(3)}×` : ratio(value);

/** Both ends of an interval of ratios: `0.981 to 1.012×`; a dash if there is none. */
export const interval = (low: number | null, high: number | null): string =>
  low === null || high === null ? nothing : `${fineRatio(low).slice(0, -1)} to ${fineRatio(high)}`;

/** What a target uses is more or less, not slower or faster. */
const ofUse = { faster: 'less', slower: 'more' } as const;

/** The verdict of a comparison in a word; a dash if there were too few rounds for one. */
const verdictWord = ({ verdict, metric }: Comparison): string => {
  if (metric.startsWith('target.') && (verdict === 'faster' || verdict === 'slower')) return ofUse[verdict];
  return verdict ?? nothing;
};

/** How much the rounds' ratios scatter: the standard deviation of their logarithms, as a share. */
const noise = (comparison: Comparison): string => (comparison.noise === null ? nothing : share(comparison.noise, 1));

/** The smallest difference that {@link roundsWanted} is about. */
const wantedDifference = 0.05;
/** More rounds than this are no useful advice. */
const mostRounds = 1000;

/**
 * About how many rounds it takes to show a difference of 5 % if a comparison was inconclusive: the width of an interval shrinks
 * with the square root of the rounds.
 */
export const roundsWanted = ({ verdict, low, high, rounds }: Comparison): string => {
  if (verdict !== 'inconclusive' || low === null || high === null) return nothing;
  const half = Math.log(high / low) / 2;
  const wanted = Math.ceil(rounds * (half / Math.log(1 + wantedDifference)) ** 2);
  if (wanted > mostRounds) return `> ${exact(mostRounds)}`;
  return `~${exact(Math.max(wanted, rounds + 1))}`;
};

/** Whether there are intervals: with too few rounds there are only ratios. */
export const hasIntervals = ({ comparisons }: Result): boolean => comparisons.some(({ low }) => low !== null);

/** `95 %`, `97.06 %` */
export const levelOf = ({ comparisons: [first] }: Result): string =>
  `${exact(Math.round((first?.level ?? 0.95) * 10_000) / 100)} %`;

/** The fewest rounds with which a signed-rank test can reject anything at that level: 6 at 95 %, 7 at each of two looks. */
const fewestRounds = ({ comparisons: [first] }: Result): number =>
  Math.ceil(Math.log2(2 / (1 - (first?.level ?? 0.95))));

/**
 * The comparisons without redundant ones: with one request and no lock on either side, a service time is the same as the response
 * time.
 */
export const toldIn = ({ comparisons, modes, scenario }: Result): readonly Comparison[] => {
  const isBare = (name: string): boolean => {
    const mode = modes.find((one) => one.name === name);
    return mode !== undefined && mode.locks.length === 0 && mode.steps.length === 1 && mode.conflicts === 0;
  };
  return comparisons.filter(
    ({ mode, metric }) => !(metric.startsWith('service.') && isBare(mode) && isBare(scenario.control)),
  );
};

/** The columns of a comparison in every format: the ratio, and what these comparisons know about its certainty. */
export const comparedColumns = (result: Result): readonly TextColumn<Comparison>[] => {
  const { comparisons } = result;
  const verdicts: TextColumn<Comparison> = { heading: 'verdict', align: 'left', cell: verdictWord };
  return [
    right('ratio', ({ ratio }) => fineRatio(ratio)),
    ...(hasIntervals(result)
      ? [right<Comparison>(`${levelOf(result)} interval`, ({ low, high }) => interval(low, high)), verdicts]
      : []),
    right('rounds', ({ rounds }) => count(rounds)),
    ...(comparisons.some(({ verdict }) => verdict === 'inconclusive') ? [right('takes', roundsWanted)] : []),
    ...(comparisons.some((one) => one.noise !== null) ? [right('noise', noise)] : []),
  ];
};

/** How to read the comparisons, in sentences; empty if there are none. */
export const readingOf = (result: Result): readonly string[] => {
  const { comparisons } = result;
  if (comparisons.length === 0) return [];
  if (!hasIntervals(result)) {
    const rounds = Math.max(...comparisons.map((one) => one.rounds));
    return [`${many(rounds, 'round')}: ratios without a verdict, which needs ${fewestRounds(result)} rounds.`];
  }
  const verdicts = new Set(comparisons.map(({ verdict }) => verdict));
  return [
    `${levelOf(result)} intervals (exact signed-rank test), not adjusted for multiple comparisons.`,
    ...(verdicts.has('no difference shown') ? ['No difference shown: the interval lies within 5 % of 1.'] : []),
    ...(verdicts.has('inconclusive')
      ? [
          'Inconclusive: the interval is too wide to say; "takes": about this many rounds would show a difference of 5 %.',
        ]
      : []),
    ...(verdicts.has(null) ? [`– : fewer than ${fewestRounds(result)} rounds are not enough for a verdict.`] : []),
  ];
};
