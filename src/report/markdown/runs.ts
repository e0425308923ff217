import type { RunComparison } from '../../core/result/run-comparison.ts';
import { quantity } from '../sections/cells.ts';
import { fineRatio, interval } from '../sections/compared.ts';
import { nothing } from '../format.ts';
import { runsReading, whenOf } from '../sections/runs.ts';
import { safe, table } from './table.ts';

/** Two runs side by side: the levels of both, and what changed relative to each run's control; then how to read it. */
export const runs = (comparison: RunComparison): readonly string[] => {
  const { changes, level } = comparison;
  const rows = table(changes, [
    ['mode', 'left', ({ mode }) => safe(mode, 60)],
    ['metric', 'left', ({ metric }) => safe(metric, 20)],
    ['before', 'right', ({ before, unit }) => quantity(before, unit)],
    ['after', 'right', ({ after, unit }) => quantity(after, unit)],
    ['change', 'right', ({ ratio }) => (ratio === null ? nothing : fineRatio(ratio))],
    [`${Math.round(level * 100)} % interval`, 'right', ({ low, high }) => interval(low, high)],
    ['', 'left', ({ change }) => change ?? nothing],
  ]);
  return [
    ...whenOf(comparison).map(([label, text]) => `- ${label.trim()}: ${safe(text)}`),
    '',
    ...(rows.length === 0 ? [] : [...rows, '']),
    ...runsReading(comparison).map((text) => `- ${safe(text)}`),
  ];
};

/** A Markdown document that compares two runs. */
export const runsDocument = (comparison: RunComparison): string =>
  [`# ${safe(comparison.scenario, 100)}: against an earlier run`, '', ...runs(comparison), ''].join('\n');
