import type { Comparison } from '../../../core/result/result.ts';
import type { SweepResult } from '../../../core/result/sweep.ts';
import { valueText } from '../../../core/sweep/axis.ts';
import { bottomAxis, leftAxis } from '../../html/draw/axis.ts';
import { ratioScale } from '../../html/draw/forest.ts';
import { fitted, spread } from '../../html/draw/label.ts';
import { numberTick, type Scale } from '../../html/draw/scale.ts';
import { marker, type Series } from '../../html/draw/series.ts';
import { chart, group, line, rect, text, title } from '../../html/draw/svg.ts';
import { numbers, type Figure } from '../../html/markup/figure.ts';
import { markup, said, type Part } from '../../html/markup/markup.ts';
import { names, table } from '../../html/markup/table.ts';
import { fineRatio, interval } from '../../sections/compared.ts';
import { exact, nothing } from '../../format.ts';
import { isDropped, levelOf } from '../levels.ts';
import { whisker } from './levels.ts';
import { axisTitle, placesOf } from './place.ts';

const width = 1000;
const plot = { left: 70, right: 820, top: 26, bottom: 240 };
const apart = 9;

interface Ratio {
  readonly series: Series;
  readonly at: number;
  readonly found: Comparison;
}

/** Every mode compared with the control at every point, round by round: what crossings are computed from. */
export const ratios = (result: SweepResult, series: readonly Series[]): Figure | undefined => {
  const { scenario, points, axis } = result;
  const level = levelOf(result);
  const all = points.flatMap((point) =>
    series.flatMap((one): Ratio[] => {
      const found = point.comparisons.find(({ mode, metric }) => mode === one.mode.name && metric === level);
      const isOut = isDropped(point, one.mode.name) || isDropped(point, scenario.control);
      return found === undefined || isOut ? [] : [{ series: one, at: point.at, found }];
    }),
  );
  if (all.length === 0) return undefined;
  const others = series.filter((one) => all.some((ratio) => ratio.series === one));
  const y = ratioScale(
    all.map(({ found }) => found),
    { from: plot.bottom, to: plot.top },
  );
  const x = placesOf(
    axis,
    points.map(({ at }) => at),
    { from: plot.left, to: plot.right },
  );
  return {
    id: 'ratios',
    title: 'Beside the control',
    question: `How many times the ${level} of the control?`,
    answer: markup`Of ${said(scenario.control, 40)}, at every point.`,
    body: [
      chart({ width, height: plot.bottom + 40, label: `${level} of every mode as a multiple of the control's` }, [
        leftAxis(y, {
          at: plot.left,
          to: plot.right,
          label: (value) => `${numberTick(value)}×`,
          title: `${level} ÷ control (log)`,
        }),
        bottomAxis(x, { at: plot.bottom, to: plot.bottom, label: numberTick, title: axisTitle(axis) }),
        rect(plot.left, y.of(1.05), plot.right - plot.left, y.of(1 / 1.05) - y.of(1.05), {
          fill: 'currentColor',
          opacity: 0.1,
        }),
        line(plot.left, y.of(1), plot.right, y.of(1), { opacity: 0.7 }),
        all.map((ratio) =>
          mark(ratio, x.of(ratio.at) + (others.indexOf(ratio.series) - (others.length - 1) / 2) * apart, y, axis.kind),
        ),
        labels(others, all, y),
      ]),
      numbers(
        points.length,
        table(
          points,
          [
            names(said(axis.name, 24), ({ at }) => exact(at)),
            ...others.map((one) => ({
              heading: said(one.name, 30),
              align: 'right' as const,
              cell: ({ at }: { readonly at: number }) => {
                const found = all.find((ratio) => ratio.series === one && ratio.at === at)?.found;
                if (found === undefined) return nothing;
                return found.low === null
                  ? fineRatio(found.ratio)
                  : `${fineRatio(found.ratio)} (${interval(found.low, found.high)})`;
              },
            })),
          ],
          { label: 'Every ratio to the control at every point' },
        ),
      ),
    ],
    reading: [
      'An upright line is the interval of the ratio, round by round; where it does not touch 1, a difference is shown. A hollow marker has none: too few rounds. In the shaded zone a difference is within 5 %.',
    ],
  };
};

const mark = (
  { series, at, found: { ratio, low, high } }: Ratio,
  place: number,
  y: Scale,
  kind: SweepResult['axis']['kind'],
): Part => {
  const sure = low !== null && high !== null;
  const told = `${series.name} at ${valueText(kind, at)}: ${fineRatio(ratio)}${sure ? ` (${interval(low, high)})` : ''}`;
  return group(series.class, [
    title(told),
    sure ? whisker(series, place, y.of(low), y.of(high)) : undefined,
    marker(series, place, y.of(ratio), !sure),
  ]);
};

const labels = (others: readonly Series[], all: readonly Ratio[], y: Scale): Part => {
  const ends = others.map((one) => ({
    y: y.of(all.findLast(({ series }) => series === one)!.found.ratio),
    text: fitted(one.name, 150),
  }));
  const places = spread(ends, 15, { from: plot.top, to: plot.bottom });
  return others.map((one, index) =>
    group(one.class, [
      marker(one, plot.right + 14, places[index]!),
      text(plot.right + 24, places[index]! + 4, ends[index]!.text),
    ]),
  );
};
