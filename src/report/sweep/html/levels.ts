import type { GateResult } from '../../../core/result/result.ts';
import type { LevelInterval, PointResult, SweepResult } from '../../../core/result/sweep.ts';
import { valueText } from '../../../core/sweep/axis.ts';
import { duration, many, perSecond } from '../../format.ts';
import { bottomAxis, leftAxis } from '../../html/draw/axis.ts';
import { fitted, spread } from '../../html/draw/label.ts';
import { linearScale, numberTick, timeScale, timeTick, type Scale } from '../../html/draw/scale.ts';
import { marker, stroke, type Series } from '../../html/draw/series.ts';
import { at, chart, group, line, path, text, title } from '../../html/draw/svg.ts';
import { numbers, type Figure } from '../../html/markup/figure.ts';
import { markup, type Markup, type Part } from '../../html/markup/markup.ts';
import { plain } from '../../plain.ts';
import { curveOf } from '../law.ts';
import { isDropped, levelOf, valueAt, valueOf, type Level } from '../levels.ts';
import { pointTable } from '../tables.ts';
import { bracketRows, bracketsOf } from './brackets.ts';
import { dataRows } from './data.ts';
import { axisTitle, between, placesOf } from './place.ts';
import { textTable } from './text-table.ts';

const width = 1000;
const side = { left: 70, right: 820 };
const plotHeight = 250;
/** The distance between modes at a point, so that no interval hides another. */
const apart = 7;

interface Drawn {
  readonly result: SweepResult;
  readonly level: Level;
  readonly x: Scale;
  readonly y: Scale;
}

/** What was measured at every point, with intervals, the law if it fits, where modes cross and whether the data was right. */
export const levels = (result: SweepResult, series: readonly Series[]): Figure | undefined => {
  const level = levelOf(result);
  const values = result.points.flatMap((point) =>
    series.flatMap(({ mode: { name } }) => {
      const value = valueAt(point, name, level);
      const interval = intervalAt(point, name, level);
      return value === undefined ? [] : [value, ...(interval === undefined ? [] : [interval.low, interval.high])];
    }),
  );
  if (values.length === 0) return undefined;
  const brackets = bracketsOf(result, series);
  const limits = limitsOf(result, level);
  const top = 26 + bracketRows(brackets).height;
  const bottom = top + plotHeight;
  const x = placesOf(
    result.axis,
    result.points.map(({ at: value }) => value),
    { from: side.left, to: side.right },
  );
  const isTime = level !== 'throughput';
  const all = [...values, ...limits.map(({ limit }) => limit)];
  const y = isTime
    ? timeScale(all, { from: bottom, to: top })
    : linearScale(Math.max(...all) * 1.06, { from: bottom, to: top });
  const drawn = { result, level, x, y };
  const data = dataRows(result, series, x, bottom + 48);
  const unit = isTime ? `${level} (log)` : 'iterations per second';
  const dropped = result.points.some((point) => point.dropped.length > 0);
  return {
    id: 'levels',
    title: isTime ? `${level} over the axis` : 'Throughput over the axis',
    question: 'Which mode is ahead where, and where does each stop growing?',
    answer: answerOf(result),
    body: [
      chart({ width, height: bottom + 40 + data.height, label: `${unit} of every mode over ${result.axis.name}` }, [
        leftAxis(y, {
          at: side.left,
          to: side.right,
          label: isTime ? timeTick : numberTick,
          title: unit,
        }),
        bottomAxis(x, { at: bottom, to: bottom, label: numberTick, title: axisTitle(result.axis) }),
        bracketRows(brackets).draw(x, { top: 12, bottom }),
        limits.map((gate) => limitLine(gate, y)),
        series.map((one, index) =>
          group(one.class, [curve(one, drawn), marks(one, (index - (series.length - 1) / 2) * apart, drawn)]),
        ),
        names(series, drawn, { top, bottom }),
        data.part,
      ]),
      numbers(result.points.length, textTable(pointTable(result))),
    ],
    reading: [
      isTime
        ? 'Markers are what was measured over all rounds of a point.'
        : 'Markers are medians of the rounds, upright lines their intervals; heights begin at 0. These intervals include what all modes share in a round; ratios show smaller differences.',
      ...(result.scaling.some(({ law }) => curveOf(law) !== undefined)
        ? ['A curve is the scalability law, where it fits; the thick part of it is where its peak may lie.']
        : isTime
          ? []
          : ['No curve joins the markers: nothing was measured in between.']),
      ...(brackets.length > 0
        ? [
            'A bracket above the plot is where one mode overtakes another: at each of its ends it is shown which one is ahead.',
          ]
        : []),
      ...(limits.length > 0 ? ['A dashed line is the limit of a gate.'] : []),
      ...(dropped
        ? ['In parentheses: left out, because it says nothing about the target. The notes below say why.']
        : []),
    ],
  };
};

const answerOf = ({ crossings, points, find }: SweepResult): string => {
  if (find === 'capacity') return `${many(points.length, 'load')} tried.`;
  if (crossings.length === 0) return `${many(points.length, 'point')} measured.`;
  const crossing = crossings.filter(({ kind }) => kind === 'crossing' || kind === 'several').length;
  const told = crossing === 0 ? 'none crosses' : crossing === 1 ? 'one crosses' : `${crossing} cross`;
  return `Of ${many(crossings.length, 'pair')} of modes ${told}.`;
};

/** The interval of a figure at a point; `undefined` if it is not known. */
const intervalAt = ({ intervals = [] }: PointResult, name: string, level: Level): LevelInterval | undefined =>
  intervals.find(({ mode, metric }) => mode === name && metric === level);

type Limit = GateResult & { readonly limit: number };

/** The limits of gates on the drawn metric, each once. */
const limitsOf = ({ points }: SweepResult, level: Level): readonly Limit[] => {
  const found = points
    .flatMap(({ gates }) => gates)
    .filter(
      (gate): gate is Limit => gate.metric === level && gate.limit !== null && gate.limit > 0 && gate.unit !== 'ratio',
    );
  return [...new Map(found.map((gate) => [gate.text, gate])).values()].slice(0, 4);
};

const limitLine = (gate: Limit, y: Scale): Part =>
  markup`<g class="limit">${title(`limit of ${plain(gate.text, 100)}`)}${line(side.left, y.of(gate.limit), side.right, y.of(gate.limit), { dash: '6 4', opacity: 0.8 })}${text(side.right - 4, y.of(gate.limit) - 4, fitted(plain(gate.text.trim(), 60), 300, 10), { anchor: 'end', size: 10 })}</g>`;

/** The curve of the law over the measured points, and where it may peak. */
const curve = (series: Series, { result, level, x, y }: Drawn): Part => {
  const scaling = result.scaling.find(({ mode }) => mode === series.mode.name);
  const by = scaling === undefined ? undefined : curveOf(scaling.law);
  if (level !== 'throughput' || by === undefined || x.most === x.least) return undefined;
  const joined = (from: number, to: number): string =>
    between(result.axis, [from, to])
      .map((value, index) => `${index === 0 ? 'M' : 'L'}${at(x.of(value))} ${at(y.of(by(value)))}`)
      .join('');
  const { peak } = scaling!.law;
  const high = peak === null ? 0 : Math.min(x.most, peak.high ?? x.most);
  return [
    path(joined(x.least, x.most), { ...stroke(series), width: 1.4 }),
    peak === null || peak.low >= high
      ? undefined
      : path(joined(Math.max(x.least, peak.low), high), { ...stroke(series), dash: '', width: 6, opacity: 0.35 }),
  ];
};

/** A mode at every point: its figure with its interval, in parentheses if it is left out. */
const marks = (series: Series, aside: number, { result, level, x, y }: Drawn): Part =>
  result.points.map((point) => {
    const { name } = series.mode;
    const value = valueAt(point, name, level);
    if (value === undefined) return undefined;
    const place = x.of(point.at) + aside;
    const interval = intervalAt(point, name, level);
    const isOut = isDropped(point, name);
    const because = point.dropped.find(({ mode }) => mode === name)?.because;
    const told = [
      `${series.name} at ${valueText(result.axis.kind, point.at)}: ${valueOf(value, level)}${level === 'throughput' ? '/s' : ''}`,
      ...(interval === undefined ? [] : [` (${rangeText(interval)})`]),
      ...(because === undefined ? [] : [`, left out: ${plain(because, 200)}`]),
    ].join('');
    return markup`<g class="mark">${title(told)}${interval === undefined ? undefined : whisker(series, place, y.of(interval.low), y.of(interval.high))}${marker(series, place, y.of(value), isOut)}${
      isOut
        ? [
            text(place - 9, y.of(value) + 4, '(', { anchor: 'middle' }),
            text(place + 9, y.of(value) + 4, ')', { anchor: 'middle' }),
          ]
        : undefined
    }</g>`;
  });

const rangeText = ({ metric, low, high }: LevelInterval): string => {
  const told = metric === 'throughput' ? perSecond : duration;
  return `${told(low)} to ${told(high)}`;
};

/** An interval as a vertical line with ends. */
export const whisker = ({ strokeClass, color }: Series, x: number, low: number, high: number): Markup =>
  path(`M${at(x)} ${at(low)}V${at(high)}M${at(x - 3)} ${at(low)}h6M${at(x - 3)} ${at(high)}h6`, {
    class: strokeClass,
    stroke: color,
    fill: 'none',
    width: 1.4,
  });

/** Every mode's name next to its last place. */
const names = (
  series: readonly Series[],
  { result, level, x, y }: Drawn,
  { top, bottom }: { readonly top: number; readonly bottom: number },
): Part => {
  const ends = series.flatMap((one) => {
    const last = result.points.findLast((point) => valueAt(point, one.mode.name, level) !== undefined);
    if (last === undefined) return [];
    const value = valueAt(last, one.mode.name, level)!;
    return [{ one, from: x.of(last.at), y: y.of(value), text: fitted(one.name, 150) }];
  });
  const places = spread(ends, 15, { from: top, to: bottom });
  return ends.map(({ one, from, y: height, text: words }, index) =>
    group(one.class, [
      path(`M${at(from + 14)} ${at(height)}L${at(side.right + 6)} ${at(places[index]!)}`, {
        stroke: 'currentColor',
        opacity: 0.3,
      }),
      marker(one, side.right + 14, places[index]!),
      text(side.right + 24, places[index]! + 4, words),
    ]),
  );
};
