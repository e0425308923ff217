import { Histogram } from '../../core/recording/histogram.ts';
import type { Result, TimesResult } from '../../core/result/result.ts';
import { logTicks, roundDown, roundUp } from '../axis.ts';
import { nothing } from '../format.ts';
import { labelled } from './layout/axis.ts';
import { span, type Line } from './layout/line.ts';
import { names } from './names.ts';
import { widthOf } from '../plain.ts';

const blocks = '▁▂▃▄▅▆▇█';
/** More columns would show no more, because the eye compares shapes. */
const mostColumns = 100;

/** A logarithmic axis of `columns` columns, in µs. */
interface Axis {
  readonly least: number;
  readonly most: number;
  readonly columns: number;
}

/** Every mode's response times as a row of blocks over one logarithmic axis, each row scaled to its own peak. */
export const responseTimes = (result: Result, width: number): Line[] => {
  const times = result.modes.map((mode) => mode.responseTimeUs);
  const filled = times.filter(({ count }) => count > 0);
  if (filled.length === 0) return [];
  const labels = names(result, width);
  const indent = Math.max(widthOf(heading), ...labels.map(widthOf)) + 3;
  const axis: Axis = {
    least: roundDown(Math.max(1, Math.min(...filled.map(({ min }) => min)))),
    most: roundUp(Math.max(1, ...filled.map(({ max }) => max))),
    columns: Math.min(mostColumns, width - indent),
  };
  const row = (label: string, text: string): Line => [
    span(label + ' '.repeat(indent - widthOf(label))),
    span(text, text === nothing ? 'quiet' : undefined),
  ];
  return [
    [span(`${heading}${' '.repeat(indent - widthOf(heading))}${scale(axis)}`, 'quiet')],
    ...times.map((time, at) => row(labels[at]!, time.count === 0 ? nothing : bars(time, axis))),
  ];
};

const heading = 'response';

/** The counts of one histogram, column by column, as block characters; a column with anything in it is never blank. */
const bars = (times: TimesResult, { least, most, columns }: Axis): string => {
  const edges = Array.from({ length: columns - 1 }, (_, at) => least * (most / least) ** ((at + 1) / columns));
  const histogram = Histogram.from({ ...times, sum: times.mean * times.count });
  const counts = histogram.countsBetween(edges);
  histogram.free();
  const highest = Math.max(...counts);
  return counts.map((count) => (count === 0 ? ' ' : blocks[Math.ceil((count / highest) * 8) - 1]!)).join('');
};

/** Labels at the powers of ten, each beginning at its place; also at 2 and 5 if the axis is too short for that. */
const scale = (axis: Axis): string => {
  const decades = logTicks(axis.least, axis.most, [1]);
  const places = decades.length > 1 ? decades : logTicks(axis.least, axis.most, [1, 2, 5]);
  const columnOf = (us: number): number =>
    Math.floor((axis.columns * Math.log(us / axis.least)) / Math.log(axis.most / axis.least) + 1e-9);
  return labelled(
    places.map((us) => ({ us, column: columnOf(us) })),
    axis.columns,
  );
};
