import type { MetricChange, RunComparison } from '../../../core/result/run-comparison.ts';
import { quantity } from '../../sections/cells.ts';
import { fineRatio, interval } from '../../sections/compared.ts';
import { runsReading, whenOf } from '../../sections/runs.ts';
import { count, many, nothing } from '../../format.ts';
import { ratioHead, ratioRow, ratioScale, type Ratio } from '../draw/forest.ts';
import { inkSeries } from '../draw/series.ts';
import type { Figure } from '../markup/figure.ts';
import { markup, said, type Part } from '../markup/markup.ts';
import { names, table, type Column } from '../markup/table.ts';

/** Two runs side by side: what changed in every metric of every mode, relative to each run's own control. */
export const runs = (comparison: RunComparison, title: string): Figure => {
  const { changes, level, control } = comparison;
  const told = changes.flatMap((change) => (change.ratio === null ? [] : [{ ...change, ratio: change.ratio }]));
  const scale = ratioScale(told);
  const drawn: Column<MetricChange> = {
    heading: ratioHead(scale, undefined),
    align: 'left',
    class: 'c-forest',
    cell: ({ ratio, low, high, change }) =>
      ratio === null
        ? undefined
        : ratioRow(
            scale,
            { ratio, low, high, isOpen: change === null || isWide(low, high) } satisfies Ratio,
            inkSeries,
          ),
  };
  return {
    id: 'runs',
    title,
    question: 'What changed since?',
    answer: answerOf(changes),
    body: [
      markup`<ul>${whenOf(comparison).map(([label, text]) => markup`<li>${label.trim()}: ${said(text, 120)}</li>`)}</ul>`,
      table<MetricChange>(
        changes,
        [
          names('mode', ({ mode }) => said(mode, 30)),
          { heading: 'metric', align: 'left', cell: ({ metric }) => said(metric, 20) },
          { heading: 'before', align: 'right', cell: ({ before, unit }) => quantity(before, unit) },
          { heading: 'after', align: 'right', cell: ({ after, unit }) => quantity(after, unit) },
          drawn,
          { heading: 'change', align: 'right', cell: ({ ratio }) => (ratio === null ? nothing : fineRatio(ratio)) },
          { heading: `${count(level * 100)} % interval`, align: 'right', cell: ({ low, high }) => interval(low, high) },
          {
            heading: 'verdict',
            align: 'left',
            cell: ({ change, mode }) => (mode === control ? 'control' : (change ?? nothing)),
          },
        ],
        { label: 'What changed' },
      ),
    ],
    reading: runsReading(comparison).map((one) => said(one, 600)),
  };
};

/** Whether an interval allows both less and more, and so shows nothing. */
const isWide = (low: number | null, high: number | null): boolean =>
  low !== null && high !== null && low < 1 / leastChange && high > leastChange;

const leastChange = 1.05;

const answerOf = (changes: readonly MetricChange[]): Part => {
  const of = (change: MetricChange['change']): number =>
    changes.filter((one) => one.ratio !== null && one.change === change).length;
  const words = { 'faster': 'faster', 'slower': 'slower', 'not shown': 'with no change shown' } as const;
  const all = (['faster', 'slower', 'not shown'] as const).flatMap((change) =>
    of(change) === 0 ? [] : [`${count(of(change))} ${words[change]}`],
  );
  return all.length === 0
    ? 'Nothing that could be compared.'
    : `Of ${many(of('faster') + of('slower') + of('not shown'), 'ratio')}: ${all.join(', ')}.`;
};
