import type { MetricChange, RunComparison } from '../../core/result/run-comparison.ts';
import { quantity } from '../sections/cells.ts';
import { fineRatio, interval } from '../sections/compared.ts';
import { nothing } from '../format.ts';
import { plain } from '../plain.ts';
import { runsReading, whenOf } from '../sections/runs.ts';
import { hanging, span, type Line } from './layout/line.ts';
import { nameOf } from './names.ts';
import { tables, type Column } from './layout/table.ts';

const widestProse = 100;

/** Two runs side by side: the levels of both, and what changed relative to each run's control; then how to read it. */
export const runs = (comparison: RunComparison, title: string, width: number): Line[][] => {
  const { changes, control } = comparison;
  const modes = [...new Set(changes.map(({ mode }) => mode))];
  const groups = modes.map((mode) => changes.filter((change) => change.mode === mode));
  const cells = (cell: (change: MetricChange) => string): Column['cells'] =>
    groups.flatMap((group) => [span(''), ...group.map((change) => span(cell(change)))]);
  const right = (heading: string, cell: (change: MetricChange) => string): Column => ({
    heading,
    align: 'right',
    cells: cells(cell),
  });
  const first: Column = {
    heading: '',
    align: 'left',
    cells: groups.flatMap((group, at) => [
      span(nameOf(modes[at]!, width)),
      ...group.map(({ metric }) => span(`  ${plain(metric, 16)}`)),
    ]),
  };
  const shown = tables(
    first,
    [
      right('before', ({ before, unit }) => quantity(before, unit)),
      right('after', ({ after, unit }) => quantity(after, unit)),
      right('change', ({ ratio }) => (ratio === null ? nothing : fineRatio(ratio))),
      right(`${Math.round(comparison.level * 100)} % interval`, ({ low, high }) => interval(low, high)),
      { heading: '', align: 'left', cells: cells(({ change }) => change ?? nothing) },
    ],
    width,
  );
  const room = Math.min(width, widestProse);
  return [
    [
      [span(`${title}, through ${nameOf(control, 80)}`, 'quiet')],
      ...whenOf(comparison).flatMap(([label, text]) => hanging([span(`${label}   `, 'quiet')], text, room)),
    ],
    ...(changes.length === 0 ? [] : shown),
    runsReading(comparison).flatMap((text) => hanging([], plain(text, 1000), room, 'quiet')),
  ];
};
