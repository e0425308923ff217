import type { Comparison, Result } from '../../core/result.ts';
import {
  fineRatio,
  hasIntervals,
  interval,
  levelOf,
  noise,
  readingOf,
  roundsWanted,
  verdictWord,
} from '../compared.ts';
import { count } from '../format.ts';
import { plain } from '../plain.ts';
import { hanging, span, type Line, type Span, type Tone } from './line.ts';
import { nameOf, names } from './modes.ts';
import { tables, type Column } from './table.ts';

const longestMetric = 16;
const widestProse = 100;

const tones: { readonly [verdict in NonNullable<Comparison['verdict']>]?: Tone } = {
  'no difference shown': 'quiet',
  'inconclusive': 'doubt',
};

/** Every mode beside the control: for each metric the ratio, its interval and what that shows; then how to read it. */
export const compared = (result: Result, width: number): Line[][] => {
  const shown = names(result, width);
  const groups = result.modes.flatMap(({ name }, at) => {
    const comparisons = result.comparisons.filter(({ mode }) => mode === name);
    return comparisons.length === 0 ? [] : [{ name: shown[at]!, comparisons }];
  });
  if (groups.length === 0) return [];
  const all = groups.flatMap(({ comparisons }) => comparisons);
  const cells = (cell: (comparison: Comparison) => Span): Span[] =>
    groups.flatMap(({ comparisons }) => [span(''), ...comparisons.map(cell)]);
  const right = (heading: string, cell: (comparison: Comparison) => string): Column => ({
    heading,
    align: 'right',
    cells: cells((comparison) => span(cell(comparison))),
  });
  const first: Column = {
    heading: '',
    align: 'left',
    cells: groups.flatMap(({ name, comparisons }) => [
      span(name),
      ...comparisons.map(({ metric }) => span(`  ${plain(metric, longestMetric)}`)),
    ]),
  };
  const verdicts: Column = {
    heading: 'verdict',
    align: 'left',
    cells: cells((comparison) =>
      span(verdictWord(comparison), comparison.verdict === null ? undefined : tones[comparison.verdict]),
    ),
  };
  const columns = [
    right('ratio', ({ ratio }) => fineRatio(ratio)),
    ...(hasIntervals(result)
      ? [right(`${levelOf(result)} interval`, ({ low, high }) => interval(low, high)), verdicts]
      : []),
    right('rounds', ({ rounds }) => count(rounds)),
    ...(all.some(({ verdict }) => verdict === 'inconclusive') ? [right('takes', roundsWanted)] : []),
    ...(all.some((one) => one.noise !== null) ? [right('noise', noise)] : []),
  ];
  const [head = [], ...others] = tables(first, columns, width);
  const heading = [span(`compared with ${nameOf(result.scenario.control, 80)}`, 'quiet')];
  const reading = readingOf(result).flatMap((text) => hanging([], text, Math.min(width, widestProse), 'quiet'));
  const parts = [[heading, ...head], ...others];
  return [...parts.slice(0, -1), [...parts.at(-1)!, ...reading]];
};
