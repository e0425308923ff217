import { duration, nothing, perSecond } from '../../../report/format.ts';
import { plain, widthOf } from '../../../report/plain.ts';
import { span, type Line } from '../../../report/terminal/layout/line.ts';
import { axisOver, barsOf, ticksOf, type Axis } from './histogram.ts';
import type { ModeView, View } from './view.ts';

interface Column {
  readonly heading: string;
  readonly width: number;
  readonly cell: (mode: ModeView) => string;
}

/** What a mode's finished rounds say; a dash before there is one. */
const measured = (
  { standing }: ModeView,
  of: 'perSecond' | 'p50Us' | 'p99Us',
  write: (value: number) => string,
): string => (standing.rounds === 0 || Number.isNaN(standing[of]) ? nothing : write(standing[of]));

/** For the running mode, over the window and accurate to a fifth; for the others, the median over their rounds. */
const time = (mode: ModeView, which: 'p50Us' | 'p99Us'): string => {
  const now = mode.running?.[which] ?? null;
  return now === null ? measured(mode, which, duration) : `~${roughly(now)}`;
};

/** Two digits: no more are known. */
const roughly = (us: number): string => duration(Number(us.toPrecision(2))).replace('.0 ', ' ');

const columnsOf = (width: number, nameWidth: number): readonly Column[] => {
  const all: readonly Column[] = [
    { heading: 'rounds', width: 7, cell: ({ standing }) => `${standing.rounds}` },
    {
      heading: 'now/s',
      width: 9,
      cell: ({ running }) => (running?.perSecond === undefined ? nothing : perSecond(running.perSecond)),
    },
    { heading: 'median/s', width: 10, cell: (mode) => measured(mode, 'perSecond', perSecond) },
    { heading: 'p50', width: 9, cell: (mode) => time(mode, 'p50Us') },
    { heading: 'p99', width: 9, cell: (mode) => time(mode, 'p99Us') },
  ];
  const isFull = width - nameWidth - all.reduce((sum, one) => sum + one.width, 0) >= roomyChart;
  return isFull ? all : all.filter(({ heading }) => heading !== 'rounds' && heading !== 'median/s');
};

const roomyChart = 20;
const mostNameWidth = 18;
const gap = 2;

/** The modes as rows, each with its histogram on a common axis; a single mode has a higher one below. */
export const rowsOf = (view: View, width: number, room: number): readonly Line[] => {
  const names = view.modes.map(({ name }) => plain(name, mostNameWidth));
  const nameWidth = Math.max(4, ...names.map(widthOf)) + 2;
  const columns = columnsOf(width, nameWidth);
  const textWidth = nameWidth + columns.reduce((sum, one) => sum + one.width, 0) + gap;
  const isAlone = view.modes.length === 1;
  const indent = isAlone ? gap : textWidth;
  const axis = axisOver(view.modes.map(shownHistogram), width - indent);
  const ticks = axis === undefined ? '' : ticksOf(axis);
  const heading = span(
    `${'  mode'.padEnd(nameWidth)}${columns.map((one) => one.heading.padStart(one.width)).join('')}`,
    'quiet',
  );
  const row = (mode: ModeView, at: number): Line => [
    span(mode.running === undefined ? '  ' : '● ', 'work'),
    span(names[at]! + ' '.repeat(nameWidth - 2 - widthOf(names[at]!))),
    span(columns.map((one) => one.cell(mode).padStart(one.width)).join('')),
  ];
  if (isAlone) {
    const chart = chartOf(view.modes[0]!, axis, Math.min(mostChartLines, room - 3));
    return [
      [heading, span(`  ● ${windowOf(view)}`, 'quiet')],
      row(view.modes[0]!, 0),
      ...chart.map((bars): Line => [span('  '), span(bars, 'work')]),
      [span(`  ${ticks}`, 'quiet')],
    ];
  }
  const shown = shownModes(view.modes, room - 1);
  const left = view.modes.length - shown.length;
  return [
    [heading, span('  '), span(ticks, 'quiet')],
    ...shown.map((at): Line => {
      const mode = view.modes[at]!;
      const bars = chartOf(mode, axis, 1)[0] ?? '';
      return [...row(mode, at), span('  '), span(bars, mode.running === undefined ? undefined : 'work')];
    }),
    ...(left === 0 ? [] : [[span(`  and ${left} more`, 'quiet')]]),
  ];
};

const mostChartLines = 8;

const shownHistogram = ({ running, standing }: ModeView): readonly number[] =>
  running === undefined || running.completed === 0 ? standing.histogram : running.histogram;

const chartOf = (mode: ModeView, axis: Axis | undefined, lines: number): readonly string[] => {
  const histogram = shownHistogram(mode);
  if (axis === undefined || lines < 1 || histogram.every((count) => count === 0)) return [];
  return barsOf(histogram, axis, lines);
};

/** The time that the running mode's numbers cover. */
export const windowOf = ({ windowSeconds }: Pick<View, 'windowSeconds'>): string =>
  windowSeconds === Infinity ? 'whole slot' : `last ${windowSeconds} s`;

/** As many modes as fit, in order, including the running one. */
const shownModes = (modes: readonly ModeView[], room: number): readonly number[] => {
  const all = modes.map((_, at) => at);
  if (all.length <= room) return all;
  const most = Math.max(1, room - 1);
  const running = modes.findIndex((mode) => mode.running !== undefined);
  const from = Math.max(0, Math.min(running - Math.floor(most / 2), all.length - most));
  return all.slice(from, from + most);
};
