import type { TimesResult } from '../../../core/result/result.ts';
import { nothing } from '../../format.ts';
import { timeAt } from '../../sections/cells.ts';
import type { Markup, Part } from '../markup/markup.ts';
import { timeScale, timeTick, type Scale } from './scale.ts';
import { at, circle, line, path, rect, svg, text } from './svg.ts';

const width = 300;
const rowHeight = 17;
const span = { from: 46, to: width - 14 };

/** A row with times of one kind: a dot at p50, a square at p99, and a bar at the longest if `hasLongest`. */
export interface Bell {
  /** Short: about five letters. */
  readonly name: string;
  readonly times: TimesResult;
  readonly hasLongest: boolean;
}

/** One logarithmic axis for all rows. */
export const bellScale = (bells: readonly Bell[]): Scale => timeScale(bells.flatMap(timesOf), span, 4);

/** The axis above the rows. */
export const bellHead = (scale: Scale, label: string): Markup =>
  svg(
    { width, height: 18, kind: 'cell', label },
    scale.ticks.map((tick) => text(scale.of(tick), 12, timeTick(tick), { anchor: 'middle', size: 10 })),
  );

/** Dumbbells below each other, each drawn from the times that are known. */
export const dumbbells = (bells: readonly Bell[], scale: Scale): Markup => {
  const height = rowHeight * bells.length;
  const label = bells.map(({ name, times }) => `${name} p50 ${timeAt(times, 'p50')}, p99 ${timeAt(times, 'p99')}`);
  return svg({ width, height, kind: 'cell', label: label.join('; ') }, [
    path(scale.ticks.map((tick) => `M${at(scale.of(tick))} 0v${height}`).join(''), {
      stroke: 'currentColor',
      opacity: 0.14,
    }),
    bells.map((bell, index) => [
      text(0, rowHeight * index + 12, bell.name, { size: 10 }),
      ends(bell, scale, rowHeight * index + 9),
    ]),
  ]);
};

const knownOf = ({ times }: Bell): readonly number[] =>
  times.count === 0
    ? []
    : (['p50', 'p99'] as const).filter((name) => timeAt(times, name) !== nothing).map((name) => times[name]);

const timesOf = (bell: Bell): readonly number[] =>
  bell.hasLongest && bell.times.count > 0 ? [...knownOf(bell), bell.times.max] : knownOf(bell);

const ends = (bell: Bell, scale: Scale, y: number): Part => {
  const all = timesOf(bell).map(scale.of);
  const [p50, p99] = knownOf(bell).map(scale.of);
  const longest = bell.hasLongest ? all.at(-1) : undefined;
  return [
    all.length < 2 ? undefined : line(Math.min(...all), y, Math.max(...all), y, { width: 2, opacity: 0.6 }),
    p50 === undefined ? undefined : circle(p50, y, 4, { fill: 'currentColor' }),
    p99 === undefined ? undefined : rect(p99 - 3.5, y - 3.5, 7, 7, { fill: 'currentColor' }),
    longest === undefined ? undefined : path(`M${at(longest)} ${y - 5}v10`, { stroke: 'currentColor', width: 2 }),
  ];
};
