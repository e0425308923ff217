import type { Drawback } from '../../core/result/cheapest.ts';
import type { Comparison, ModeResult } from '../../core/result/result.ts';
import { looksOf } from '../compare/apart.ts';
import { compareTwo } from '../compare/compare.ts';
import type { UnequalWork } from '../compare/work.ts';
import * as say from '../phrases.ts';
import { workText } from '../unequal.ts';

/** A p99 that is longer by less than this factor is no reason to reconsider. */
const leastLonger = 1.1;
/** Nor is a smaller share of failed iterations or wasted requests than this, */
const least = { failed: 0.001, wasted: 0.1 } as const;
/** or one below this many times the share of the best mode. */
const leastTimes = 2;

const shares: { readonly [metric in keyof typeof least]: (mode: ModeResult) => number } = {
  failed: ({ iterations: { begun, failed } }) => (begun === 0 ? 0 : failed / begun),
  wasted: ({ requests: { total }, wastedRequests }) => (total === 0 ? 0 : wastedRequests / total),
};

/**
 * In what the mode to choose is worse than another that kept the data right: a p99 that is surely longer, failed iterations, requests that
 * conflicts threw away. Empty if it is worse in nothing that matters.
 *
 * @param others the modes that could be chosen instead
 * @param comparisons with the control: they say at what level the run is judged
 */
export const drawbacksOf = (
  mode: ModeResult,
  others: readonly ModeResult[],
  comparisons: readonly Comparison[],
): readonly Drawback[] => {
  if (others.length === 0) return [];
  const looks = looksOf(comparisons);
  const [longest] = others
    .flatMap((other) => compareTwo(mode, other, 'p99', looks) ?? [])
    .filter(({ verdict, ratio }) => verdict === 'slower' && ratio >= leastLonger)
    .toSorted((a, b) => b.ratio - a.ratio);
  return [
    ...(longest === undefined ? [] : [{ metric: 'p99', value: longest.ratio, than: longest.control } as const]),
    ...(['failed', 'wasted'] as const).flatMap((metric): readonly Drawback[] => {
      const value = shares[metric](mode);
      const isMore = value >= least[metric] && value >= leastTimes * Math.min(...others.map(shares[metric]));
      return isMore ? [{ metric, value }] : [];
    }),
  ];
};

/**
 * `, but its p99 is 3.00 × that of locked and it did different work: 65 % of the answers to book were 200 in before, 42 % in after`; empty
 * if there is nothing to say.
 */
export const butOf = (drawbacks: readonly Drawback[], unequal: readonly UnequalWork[]): string => {
  const [first] = unequal;
  const words = [
    ...drawbacks.map(wordsOf),
    ...(first === undefined ? [] : [`it did different work: ${workText([first])}`]),
  ];
  return words.length === 0 ? '' : `, but ${say.listOf(words)}`;
};

/**
 * What makes a mode's figures incomparable with those that a sentence puts next to them: the control's, which its ratio is taken to, or,
 * for the control itself, those of the others.
 *
 * @param others the modes that could be chosen instead
 */
export const unequalOf = (
  mode: ModeResult,
  others: readonly ModeResult[],
  unequal: readonly UnequalWork[],
): readonly UnequalWork[] =>
  unequal.filter(
    (one) => one.mode === mode.name || (one.control === mode.name && others.some(({ name }) => name === one.mode)),
  );

const wordsOf = ({ metric, value, than = '' }: Drawback): string => {
  if (metric === 'p99') return `its p99 is ${say.ratioText(value)} × that of ${than}`;
  return metric === 'failed'
    ? `${say.shareText(value)} of its iterations failed`
    : `${say.shareText(value)} of its requests were wasted on conflicts`;
};
