import { percentiles } from '../../../core/metric.ts';
import type { GateResult, Result } from '../../../core/result/result.ts';
import { quantity } from '../../sections/cells.ts';
import { percentile } from '../../sections/percentile.ts';
import { bottomAxis, leftAxis } from '../draw/axis.ts';
import { fitted, spread } from '../draw/label.ts';
import type { Reading } from '../draw/readings.ts';
import { logScale, timeScale, timeTick, type Scale } from '../draw/scale.ts';
import { marker, stroke } from '../draw/series.ts';
import { at, chart, group, line, path, text, title } from '../draw/svg.ts';
import type { Figure } from '../markup/figure.ts';
import { markup, said, type Part } from '../markup/markup.ts';

const width = 1000;
const plot = { left: 70, right: 820, top: 26, bottom: 330 };
/** The number of iterations that must lie beyond a place of the line: with fewer, the line is noise. */
const beyond = 10;
const fewest = 20;

/** How bad the tail is: the time within which a share of the iterations stayed, rarer ones to the right. */
export const spectrum = (result: Result, readings: readonly Reading[]): Figure | undefined => {
  const told = readings.filter(({ count }) => count >= fewest);
  if (told.length === 0) return undefined;
  const limits = result.gates.filter(isOfPercentile);
  const lines = told
    .map((reading) => ({ reading, points: pointsOf(reading) }))
    .filter(({ points }) => points.length > 0);
  if (lines.length === 0) return undefined;
  const rarest = Math.max(
    100,
    ...lines.flatMap(({ points }) => points.map(({ oneIn }) => oneIn)),
    ...limits.map((gate) => oneInOf(gate)),
  );
  const x = logScale(1, rarest, { from: plot.left, to: plot.right });
  const y = timeScale(
    [
      ...lines.flatMap(({ reading, points }) => [
        ...points.map(({ us }) => us),
        ...(isOpenEnded(reading) ? [reading.series.mode.responseTimeUs.max] : []),
      ]),
      ...limits.map(({ limit }) => limit),
    ],
    { from: plot.bottom, to: plot.top },
  );
  const ends = lines.map(({ reading, points }) => ({
    y: y.of(isOpenEnded(reading) ? reading.series.mode.responseTimeUs.max : points.at(-1)!.us),
    text: fitted(reading.series.name, 160),
  }));
  const places = spread(ends, 15, { from: plot.top, to: plot.bottom });
  const percents = [50, 90, 99, 99.9, 99.99, 99.999, 99.9999].filter(
    (percent) => 100 / (100 - percent) <= rarest * 1.001,
  );
  return {
    id: 'spectrum',
    title: 'Percentiles',
    question: 'How bad is the tail?',
    answer: lines.map(({ reading: { series } }, index) => [
      index === 0 ? undefined : '; ',
      said(series.name, 24),
      markup` p99 ${percentile(series.mode, 'p99')}, p99.9 ${percentile(series.mode, 'p999')}`,
      index === lines.length - 1 ? '.' : undefined,
    ]),
    body: chart({ width, height: 370, label: 'The response time of every mode by percentile, both axes logarithmic' }, [
      leftAxis(y, { at: plot.left, to: plot.right, label: timeTick, title: 'response time (log)' }),
      bottomAxis(
        { ...x, ticks: [1, ...percents.map((percent) => 100 / (100 - percent))] },
        {
          at: plot.bottom,
          to: plot.top,
          label: (oneIn) => `${Number((100 - 100 / oneIn).toFixed(4))} %`,
          title: 'percentile, on 1 ÷ (1 − share) (log)',
        },
      ),
      lines.map(({ reading, points }, index) =>
        group(reading.series.class, [
          path(steps(points, x, y), stroke(reading.series)),
          ending(reading, points, x, y),
          path(
            `M${at(x.of(points.at(-1)!.oneIn) + 6)} ${at(ends[index]!.y)}L${at(plot.right + 8)} ${at(places[index]!)}`,
            { stroke: 'currentColor', opacity: 0.3 },
          ),
          text(plot.right + 12, places[index]! + 4, ends[index]!.text),
        ]),
      ),
      limits.map((gate) => crossOf(gate, x, y)),
    ]),
    reading: [
      'The rare, slow iterations are on the right: beyond 99 % lies one in a hundred. A line ends where fewer than ten iterations lie beyond it.',
      ...(lines.some(({ reading }) => isOpenEnded(reading))
        ? [
            '▷: failed or dropped iterations may all lie beyond, so the line ends at the longest time that was measured.',
          ]
        : []),
      ...(limits.length > 0 ? ['✕: the limit of a gate.'] : []),
    ],
  };
};

interface Place {
  /** One iteration in this many is slower. */
  readonly oneIn: number;
  readonly us: number;
}

const isOpenEnded = ({ missing }: Reading): boolean => missing >= beyond;

/** Places of the line, no more than there are pixels. It ends where too few iterations lie beyond, or those without a time begin. */
const pointsOf = ({ times: { us, counts }, count, missing }: Reading): readonly Place[] => {
  const total = count + missing;
  const places: Place[] = [];
  let below = 0;
  for (let index = 0; index < us.length; index++) {
    const oneIn = total / (total - below);
    // From its place on, the time is at least this long.
    if (total - below < Math.max(beyond, missing + 1)) break;
    const last = places.at(-1);
    if (last === undefined || Math.log(oneIn / last.oneIn) > closest || us[index]! > last.us * (1 + 8 * closest))
      places.push({ oneIn, us: us[index]! });
    below += counts[index]!;
  }
  const end = Math.min(total / Math.max(beyond, missing), total / (total - below || 1));
  const last = places.at(-1);
  return last === undefined || end <= last.oneIn ? places : [...places, { oneIn: end, us: last.us }];
};

/** Two places nearer than this on a logarithmic axis are drawn as one. */
const closest = 0.006;

const steps = (points: readonly Place[], x: Scale, y: Scale): string =>
  points
    .map(({ oneIn, us }, index) =>
      index === 0 ? `M${at(x.of(oneIn))} ${at(y.of(us))}` : `H${at(x.of(oneIn))}V${at(y.of(us))}`,
    )
    .join('');

/** The marker at the end; an open arrow at the longest time if iterations without a time may lie beyond it. */
const ending = (reading: Reading, points: readonly Place[], x: Scale, y: Scale): Part => {
  const last = points.at(-1)!;
  const place = x.of(last.oneIn);
  if (!isOpenEnded(reading)) return marker(reading.series, place, y.of(last.us));
  const { max } = reading.series.mode.responseTimeUs;
  return [
    path(`M${at(place)} ${at(y.of(last.us))}V${at(y.of(max))}`, stroke(reading.series)),
    path(`M${at(place)} ${at(y.of(max) - 5)}l9 5l-9 5z`, {
      ...stroke(reading.series),
      dash: '',
      class: `${reading.series.strokeClass} hidden-percentile`,
    }),
  ];
};

type PercentileGate = GateResult & { readonly limit: number; readonly metric: string };

const isOfPercentile = (gate: GateResult): gate is PercentileGate =>
  gate.unit === 'µs' &&
  gate.limit !== null &&
  gate.limit > 0 &&
  Object.values(percentiles).some((percent) => gate.metric === `p${percent}`);

const oneInOf = ({ metric }: PercentileGate): number => 100 / (100 - Number(metric.slice(1)));

const crossOf = (gate: PercentileGate, x: Scale, y: Scale): Part => {
  const [cx, cy] = [x.of(oneInOf(gate)), y.of(gate.limit)];
  return markup`<g class="limit">${title(`limit of ${gate.text.slice(0, 100)}`)}${line(cx - 5, cy - 5, cx + 5, cy + 5, { width: 2 })}${line(cx - 5, cy + 5, cx + 5, cy - 5, { width: 2 })}${text(cx + 8, cy - 6, quantity(gate.limit, gate.unit), { size: 10 })}</g>`;
};
