import type { Comparison } from '../../../core/result/result.ts';
import { fineRatio, interval } from '../../sections/compared.ts';
import { markup, type Markup, type Part } from '../markup/markup.ts';
import { numberTick, roundScale, type Scale, type Span } from './scale.ts';
import { marker, type inkSeries } from './series.ts';

type Series = typeof inkSeries;
import { at, line, path, rect, svg, text } from './svg.ts';

const width = 340;
const height = 30;
const middle = height / 2;
const span = { from: 16, to: width - 16 };

/** Ratios beyond these are off the axis: an arrow and the number say so. */
const leastRatio = 1e-3;
const mostRatio = 1e3;

/** A ratio within this factor of 1 is not worth calling a difference. */
const zone = 1.05;

/** A ratio as it is drawn. */
export type Ratio = Pick<Comparison, 'ratio' | 'low' | 'high'> & {
  /** Whether the interval is too wide to show anything, so it must not look as if it did. */
  readonly isOpen: boolean;
};

const isRatio = (value: number | null): value is number => value !== null && Number.isFinite(value) && value > 0;

/**
 * One logarithmic axis for all ratios, always including 1 and the zone around it.
 *
 * @param within the pixels that it takes; by default the width of a cell
 */
export const ratioScale = (
  ratios: readonly Pick<Comparison, 'ratio' | 'low' | 'high'>[],
  within: Span = span,
): Scale => {
  const all = ratios.flatMap(({ ratio, low, high }) => [ratio, low, high].filter(isRatio));
  const least = Math.max(leastRatio, Math.min(0.8, ...all));
  const most = Math.min(mostRatio, Math.max(1.25, ...all));
  return roundScale(least, most, within, 7);
};

/** The logarithmic axis above the rows: multiples of the control's value. */
export const ratioHead = (scale: Scale, isMoreBetter: boolean | undefined): Markup => {
  const side = isMoreBetter === undefined ? '' : isMoreBetter ? ', more to the right' : ', less time to the left';
  return svg(
    {
      width,
      height,
      kind: 'cell',
      label: `logarithmic axis of the ratio${side}, from ${numberTick(scale.least)} to ${numberTick(scale.most)}`,
    },
    ticksOf(scale).map((tick) => [
      text(scale.of(tick), 21, tickText(tick), { anchor: 'middle', size: 11 }),
      line(scale.of(tick), 25, scale.of(tick), height, { opacity: 0.5 }),
    ]),
  );
};

/** The control's own row: only the line at 1. */
export const controlRow = (scale: Scale, series: Series): Markup =>
  svg({ width, height, kind: 'cell', label: 'the control' }, [
    ...grid(scale),
    marker(series, scale.of(1), middle),
    ownAxis(scale),
  ]);

/**
 * A ratio as a marker on its interval. The marker is hollow if there is no interval, or the interval shows nothing. What lies
 * beyond the axis is drawn as an arrow with its number.
 *
 * @param hasOwnAxis whether the row has the axis's numbers below it, for screens without an axis above the column
 */
export const ratioRow = (scale: Scale, ratio: Ratio, series: Series, hasOwnAxis = false): Markup => {
  const { ratio: value, low, high, isOpen } = ratio;
  const sure = isRatio(low) && isRatio(high);
  const label = `${fineRatio(value)}${sure ? `, ${interval(low, high)}` : ', no interval'}`;
  return svg({ width, height, kind: 'cell', label }, [
    ...grid(scale),
    ...(sure ? bar(scale, [low, high], series, isOpen) : []),
    ...(isRatio(value) ? point(scale, value, series, isOpen || !sure) : []),
    hasOwnAxis ? ownAxis(scale) : undefined,
  ]);
};

/** The numbers of the axis repeated below a row; hidden unless the style sheet shows them. */
const ownAxis = (scale: Scale): Part =>
  markup`<g class="own-axis" display="none">${ticksOf(scale).map((tick) => text(scale.of(tick), height + 9, tickText(tick), { anchor: 'middle', size: 10 }))}</g>`;

const ticksOf = ({ ticks }: Scale): readonly number[] => (ticks.includes(1) ? ticks : [...ticks, 1]);

const tickText = (tick: number): string => (tick === 1 ? '1×' : numberTick(tick));

const grid = (scale: Scale): readonly Part[] => [
  rect(scale.of(1 / zone), 0, scale.of(zone) - scale.of(1 / zone), height, { fill: 'currentColor', opacity: 0.12 }),
  path(
    scale.ticks
      .filter((tick) => tick !== 1)
      .map((tick) => `M${at(scale.of(tick))} 0v${height}`)
      .join(''),
    { stroke: 'currentColor', opacity: 0.14 },
  ),
  markup`<line class="one" x1="${at(scale.of(1))}" y1="0" x2="${at(scale.of(1))}" y2="${height}" stroke="currentColor" stroke-opacity="0.75"/>`,
];

const bar = (
  scale: Scale,
  [low, high]: readonly [number, number],
  series: Series,
  isOpen: boolean,
): readonly Part[] => {
  const [x1, x2] = [scale.of(low), scale.of(high)];
  const look = { class: series.strokeClass, stroke: series.color, width: 2, ...(isOpen ? { dash: '3 3' } : {}) };
  return [
    markup`<g class="interval">${line(x1, middle, x2, middle, look)}</g>`,
    ...(scale.holds(low) ? [line(x1, middle - 4, x1, middle + 4, { ...look, dash: '' })] : [arrow(x1, -1, series)]),
    ...(scale.holds(high) ? [line(x2, middle - 4, x2, middle + 4, { ...look, dash: '' })] : [arrow(x2, 1, series)]),
  ];
};

const point = (scale: Scale, value: number, series: Series, isHollow: boolean): readonly Part[] => {
  const x = scale.of(value);
  if (scale.holds(value)) return [markup`<g class="point">${marker(series, x, middle, isHollow)}</g>`];
  const isLeft = value < scale.least;
  return [
    arrow(x, isLeft ? -1 : 1, series),
    text(isLeft ? x + 8 : x - 8, middle + 4, fineRatio(value), {
      anchor: isLeft ? 'start' : 'end',
      size: 11,
      class: 'off',
    }),
  ];
};

const arrow = (x: number, way: 1 | -1, series: Series): Markup =>
  path(`M${at(x + way * 8)} ${middle}l${-way * 8} -5v10z`, { class: series.fillClass, fill: series.color });
