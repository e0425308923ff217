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
import { safe, table, type Column } from './table.ts';

/** Every mode beside the control: for each metric the ratio, its interval and what that shows; then how to read it. */
export const compared = (result: Result): readonly string[] => {
  const { comparisons } = result;
  const withIntervals: readonly Column<Comparison>[] = [
    [`${levelOf(result)} interval`, 'right', ({ low, high }) => interval(low, high)],
    ['verdict', 'left', verdictWord],
  ];
  const wanting = comparisons.some(({ verdict }) => verdict === 'inconclusive');
  const rows = table(comparisons, [
    ['mode', 'left', ({ mode }) => safe(mode, 60)],
    ['metric', 'left', ({ metric }) => safe(metric, 20)],
    ['ratio', 'right', ({ ratio }) => fineRatio(ratio)],
    ...(hasIntervals(result) ? withIntervals : []),
    ['rounds', 'right', ({ rounds }) => count(rounds)],
    ...(wanting ? [['takes', 'right', (one: Comparison) => safe(roundsWanted(one))] as const] : []),
    ['noise', 'right', (comparison) => safe(noise(comparison))],
  ]);
  return rows.length === 0 ? [] : [...rows, '', safe(readingOf(result).join(' '))];
};
