import { duration, many, share } from '../../format.ts';
import { plain } from '../../plain.ts';
import { isBound, isShown, percentile } from '../../sections/percentile.ts';
import { bottomAxis } from '../draw/axis.ts';
import { fitted, pxOf } from '../draw/label.ts';
import { countsBetween, type Reading } from '../draw/readings.ts';
import { timeScale, timeTick, type Scale } from '../draw/scale.ts';
import { fill, stroke, type Series } from '../draw/series.ts';
import { at, chart, group, line, path, rect, text, title } from '../draw/svg.ts';
import type { Figure } from '../markup/figure.ts';
import { markup, said, type Markup, type Part } from '../markup/markup.ts';
import { names, table } from '../markup/table.ts';

const width = 1000;
const left = 150;
const right = 980;
const rowHeight = 58;
const columns = 120;
/** The number of columns with a tooltip: each tells what every mode has there. */
const spoken = 40;

const shown = ['p50', 'p90', 'p95', 'p99', 'p999'] as const;
const drawn = ['p50', 'p95', 'p99'] as const;

/** What a caller feels: every mode's response times on one logarithmic axis, each scaled to its own peak. */
export const times = (readings: readonly Reading[]): Figure | undefined => {
  if (readings.length === 0) return undefined;
  const scale = timeScale(
    readings.flatMap(({ series: { mode }, times: { us } }) => [
      us[0]!,
      mode.responseTimeUs.min,
      mode.responseTimeUs.max,
    ]),
    { from: left, to: right },
    10,
  );
  const bottom = 20 + rowHeight * readings.length;
  const edgesOf = (parts: number): number[] =>
    Array.from({ length: parts - 1 }, (_, index) => scale.least * (scale.most / scale.least) ** ((index + 1) / parts));
  return {
    id: 'times',
    title: 'Response times',
    question: 'What does a caller feel?',
    answer: readings
      .map(({ series: { mode, name } }, index) => [
        index === 0 ? undefined : '; ',
        said(name, 24),
        markup` p50 ${percentile(mode, 'p50')}, p99 ${percentile(mode, 'p99')}`,
      ])
      .map((part, index, all): Part => (index === all.length - 1 ? [part, '.'] : part)),
    body: [
      chart({ width, height: bottom + 36, label: 'Response times of every mode on one logarithmic axis' }, [
        bottomAxis(scale, { at: bottom, to: 10, label: timeTick, title: 'response time (log)' }),
        readings.map((reading, row) => ridge(reading, scale, 20 + rowHeight * (row + 1), edgesOf(columns))),
        columnsOf(readings, scale, bottom, edgesOf(spoken)),
      ]),
      percentileTable(readings.map(({ series }) => series)),
    ],
    reading: [
      'Each row is scaled to its own peak. Ticks: p50, p95, p99. An arrow at the longest time marks a percentile that failures may hide.',
    ],
  };
};

const ridge = (
  { series, times: all, count }: Reading,
  scale: Scale,
  base: number,
  edges: readonly number[],
): Markup => {
  const { mode } = series;
  const counts = countsBetween(all, edges);
  const highest = Math.max(1, ...counts);
  const step = (right - left) / columns;
  let area = '';
  counts.forEach((number, index) => {
    if (number === 0) return;
    // Even a single time must be visible.
    const high = Math.max(1.5, ((rowHeight - 22) * number) / highest);
    area += `M${at(left + index * step)} ${at(base)}v${at(-high)}h${at(step)}v${at(high)}z`;
  });
  let free = -Infinity;
  const ticks = drawn.flatMap((name) => {
    if (!isShown(mode, name)) return [];
    if (isBound(mode, name)) {
      const x = scale.of(mode.responseTimeUs.max);
      return [
        path(`M${at(x)} ${at(base - 6)}l8 6l-8 6`, {
          stroke: 'currentColor',
          fill: 'none',
          class: 'hidden-percentile',
        }),
      ];
    }
    const x = scale.of(mode.responseTimeUs[name]);
    const half = pxOf(name, 9) / 2;
    const isNamed = x - half > free + 2;
    if (isNamed) free = x + half;
    return [
      line(x, base + 1, x, base - rowHeight + 18, { dash: '2 2', class: name }),
      isNamed ? text(x, base - rowHeight + 15, name, { anchor: 'middle', size: 9 }) : undefined,
    ];
  });
  return group(series.class, [
    text(4, base - 18, fitted(series.name, left - 16)),
    text(4, base - 4, many(count, 'iteration'), { size: 10 }),
    line(left, base, right, base, { opacity: 0.4 }),
    path(area, { ...fill(series), opacity: 0.85 }),
    path(`M4 ${at(base + 1)}h40`, stroke(series)),
    ticks,
  ]);
};

/** The tooltip of each column: what every mode has there. */
const columnsOf = (readings: readonly Reading[], scale: Scale, bottom: number, edges: readonly number[]): Part => {
  const counts = readings.map(({ times: all }) => countsBetween(all, edges));
  const ends = [scale.least, ...edges, scale.most];
  const step = (right - left) / spoken;
  return Array.from({ length: spoken }, (_, index) =>
    counts.every((one) => one[index] === 0)
      ? undefined
      : rect(
          left + index * step,
          12,
          step,
          bottom - 12,
          { class: 'col', fill: 'transparent' },
          title(
            `${duration(ends[index]!)} to ${duration(ends[index + 1]!)}: ${readings
              .map(({ series, count }, row) => `${plain(series.name, 24)} ${share(counts[row]![index]!, count)}`)
              .join(', ')}`,
          ),
        ),
  );
};

const percentileTable = (series: readonly Series[]): Part =>
  table(
    series,
    [
      names<Series>('mode', ({ name }) => said(name, 30)),
      ...shown.map((name) => ({
        heading: name.replace('p999', 'p99.9'),
        align: 'right' as const,
        cell: ({ mode }: Series) => percentile(mode, name),
      })),
      { heading: 'longest', align: 'right', cell: ({ mode }) => duration(mode.responseTimeUs.max) },
    ],
    { label: 'Percentiles of the response time' },
  );
