import type { ModeResult, Result, SeriesPoint } from '../../../core/result/result.ts';
import { count, many, perSecond } from '../../format.ts';
import { leftAxis } from '../draw/axis.ts';
import { fitted } from '../draw/label.ts';
import { linearScale, numberTick, timeScale, timeTick, type Scale } from '../draw/scale.ts';
import { fill, stroke, type Series } from '../draw/series.ts';
import { at, chart, group, line, path, text } from '../draw/svg.ts';
import type { Figure } from '../markup/figure.ts';
import { said, type Markup, type Part } from '../markup/markup.ts';

const width = 1000;
const rowHeight = 110;
const halves = [
  { from: 60, to: 490 },
  { from: 560, to: 990 },
] as const;
/** The gap between two rounds, in seconds. */
const between = 0.6;

/** Warm-up, stalls, drift: completions and p99 of every second, rounds side by side. */
export const overTime = ({ modes }: Result, series: readonly Series[]): Figure | undefined => {
  const told = series.filter(({ mode }) => mode.series.length > 1);
  if (told.length === 0) return undefined;
  const seconds = Math.max(...modes.map((mode) => lengthOf(mode)));
  const failures = modes.reduce((sum, mode) => sum + mode.series.reduce((all, { failed }) => all + failed, 0), 0);
  return {
    id: 'over-time',
    title: 'Over time',
    question: 'Are there stalls, or a drift?',
    answer: answerOf(told),
    body: chart(
      {
        width,
        height: rowHeight * told.length + 34,
        label: 'Completions per second and p99 per second of every mode, round by round',
      },
      told.map((one, row) => multiples(one, row * rowHeight, seconds)),
    ),
    reading: [
      'The rounds of a mode stand side by side; in the gaps between them, other modes were measured. The p99 of a second is accurate to 20 %; a second in which nothing completed is a gap, not a zero.',
      ...(told.some(({ mode: { series: all } }) =>
        all.some(({ round, second }) => all.some((one) => one.round === round && one.second > second)),
      )
        ? [
            'The first column of a round lacks iterations that began in the warm-up; the last is the drain of those still under way at the end.',
          ]
        : ['A column is a round.']),
      ...(failures > 0
        ? [`Ticks on top: seconds in which iterations failed, ${many(failures, 'iteration')} in all.`]
        : []),
    ],
  };
};

const answerOf = (told: readonly Series[]): Part => {
  const known = told
    .map(({ mode, name }) => ({ name, rates: whole(mode).map(({ completed }) => completed) }))
    .filter(({ rates }) => rates.length > 0);
  if (known.length === 0)
    return 'The rounds are too short to tell: none has a whole second between its first and its last.';
  return known.map(({ name, rates }, index): Part => {
    const [least, most] = [Math.min(...rates), Math.max(...rates)].map(perSecond);
    const range = least === most ? least : `${least} to ${most}`;
    return [
      index === 0 ? undefined : '; ',
      said(name, 24),
      ` completed ${range} in a second`,
      index === known.length - 1 ? '.' : undefined,
    ];
  });
};

/** Each second with its place on the axis, round after round. */
const placed = (mode: ModeResult): readonly (SeriesPoint & { readonly place: number })[] => {
  let start = 0;
  const out: (SeriesPoint & { place: number })[] = [];
  for (const round of [...new Set(mode.series.map((point) => point.round))].toSorted((a, b) => a - b)) {
    const points = mode.series.filter((point) => point.round === round);
    const first = Math.min(...points.map(({ second }) => second));
    out.push(...points.map((point) => ({ ...point, place: start + point.second - first })));
    start += Math.max(...points.map(({ second }) => second)) - first + 1 + between;
  }
  return out;
};

const lengthOf = (mode: ModeResult): number => Math.max(1, ...placed(mode).map(({ place }) => place + 1));

/** The complete seconds. The first does not count iterations that began before it, and the last is a drain. */
const whole = ({ series }: ModeResult): readonly SeriesPoint[] =>
  series.filter(
    (point) =>
      series.some(({ round, second }) => round === point.round && second > point.second) &&
      series.some(({ round, second }) => round === point.round && second < point.second),
  );

const multiples = (one: Series, top: number, seconds: number): Markup => {
  const points = placed(one.mode);
  const base = top + rowHeight - 16;
  const rate = linearScale(Math.max(1, ...points.map(({ completed }) => completed)), { from: base, to: top + 26 }, 3);
  const known = points.flatMap(({ p99Us }) => (p99Us === null ? [] : [p99Us]));
  const p99 = timeScale(known.length === 0 ? [1000] : known, { from: base, to: top + 26 }, 3);
  const xOf = ({ from, to }: (typeof halves)[number], place: number): number => from + ((to - from) * place) / seconds;
  const step = (halves[0].to - halves[0].from) / seconds;
  let bars = '';
  for (const { place, completed } of points) {
    const high = base - rate.of(completed);
    if (completed > 0)
      bars += `M${at(xOf(halves[0], place))} ${at(base)}v${at(-high)}h${at(Math.max(0.5, step - 0.5))}v${at(high)}z`;
  }
  const failed = points
    .filter((point) => point.failed > 0)
    .map(({ place }) => `M${at(xOf(halves[0], place + 0.5))} ${at(top + 16)}v7`)
    .join('');
  return group(one.class, [
    leftAxis(rate, { at: halves[0].from, to: halves[0].to, label: numberTick, title: '' }),
    text(halves[0].from, top + 12, `${fitted(one.name, 160)}: completed/s`, { size: 11 }),
    path(bars, { ...fill(one), opacity: 0.8 }),
    failed === '' ? undefined : path(failed, { stroke: 'currentColor', width: 1.5, class: 'failed' }),
    leftAxis(p99, { at: halves[1].from, to: halves[1].to, label: timeTick, title: '' }),
    text(halves[1].from, top + 12, 'p99 of each second (log)', { size: 11 }),
    path(
      line99(points, p99, (place) => xOf(halves[1], place), step),
      { ...stroke(one), dash: '' },
    ),
    line(halves[0].from, base, halves[0].to, base, { opacity: 0.4 }),
    line(halves[1].from, base, halves[1].to, base, { opacity: 0.4 }),
    text(halves[0].to, base + 12, `${count(Math.round(seconds))} s`, { anchor: 'end', size: 10 }),
  ]);
};

/** A level for each second. The line breaks where nothing is known and where a round ends. */
const line99 = (
  points: readonly (SeriesPoint & { readonly place: number })[],
  scale: Scale,
  x: (place: number) => number,
  step: number,
): string => {
  let d = '';
  let last: number | undefined;
  for (const { place, p99Us } of points) {
    if (p99Us === null) continue;
    const joins = last !== undefined && Math.abs(place - last - 1) < 1e-6;
    d += `${joins ? 'L' : 'M'}${at(x(place))} ${at(scale.of(p99Us))}h${at(step)}`;
    last = place;
  }
  return d;
};
