import type { ModeResult, Result, SlotResult } from '../../../core/result/result.ts';
import { comparedBy } from '../../sections/cells.ts';
import { fineRatio } from '../../sections/compared.ts';
import { duration, nothing, perSecond, share } from '../../format.ts';
import { bottomAxis, leftAxis } from '../draw/axis.ts';
import { ratioScale } from '../draw/forest.ts';
import { fitted, spread } from '../draw/label.ts';
import { numberTick, type Scale } from '../draw/scale.ts';
import { marker, stroke, type Series } from '../draw/series.ts';
import { at, chart, group, line, path, rect, text } from '../draw/svg.ts';
import { details, type Figure } from '../markup/figure.ts';
import { markup, said, type Markup, type Part } from '../markup/markup.ts';
import { names, table, type Column } from '../markup/table.ts';

const width = 1000;
const plot = { left: 60, right: 800, top: 24, bottom: 230 };

/** The ratio of a mode in one round. */
interface Point {
  readonly round: number;
  readonly ratio: number;
}

/** Whether a ratio is steady or due to one lucky round: the ratio of every round, and the order of the modes in it. */
export const rounds = (result: Result, series: readonly Series[]): Figure | undefined => {
  const numbersOf = [...new Set(result.modes.flatMap(({ slots }) => slots.map(({ round }) => round)))].toSorted(
    (a, b) => a - b,
  );
  if (numbersOf.length === 0 || (numbersOf.length === 1 && result.modes.length === 1)) return undefined;
  const metric = comparedBy(result);
  const control = result.modes.find(({ name }) => name === result.scenario.control);
  const lines =
    metric === undefined || control === undefined
      ? []
      : series
          .filter(({ mode }) => mode.name !== control.name)
          .map((one) => ({ one, points: pointsOf(one.mode, control, metric) }))
          .filter(({ points }) => points.length > 0);
  const noises = result.comparisons.filter((one) => one.metric === metric && one.noise !== null);
  return {
    id: 'rounds',
    title: 'Round by round',
    question: 'Is it steady, or one lucky round?',
    answer:
      noises.length === 0
        ? numbersOf.length < 2
          ? 'One round each, so it cannot be told.'
          : 'There is no ratio to tell it by.'
        : [
            'From round to round the ratio varies by ',
            noises.map(({ mode, noise }, index) => [
              index === 0 ? undefined : ', ',
              `${share(noise ?? 0, 1)} in `,
              said(mode, 24),
            ]),
            '.',
          ],
    body: [
      lines.length === 0 || numbersOf.length < 2 ? undefined : drawn(lines, numbersOf, metric ?? 'throughput'),
      details('The order of play', orderOfPlay(result, series, numbersOf)),
    ],
    reading: [
      'Modes take turns within each round. ▲ ▼: completions per second rose or fell by more than 2 % from the first half of the slot to the second.',
    ],
  };
};

const pointsOf = (mode: ModeResult, control: ModeResult, metric: 'throughput' | 'p99'): readonly Point[] => {
  const valueOf = (slot: SlotResult): number => (metric === 'throughput' ? slot.throughputPerSecond : slot.p99Us);
  return mode.slots.flatMap((slot) => {
    const other = control.slots.find(({ round }) => round === slot.round);
    const ratio = other === undefined ? NaN : valueOf(slot) / valueOf(other);
    return Number.isFinite(ratio) && ratio > 0 ? [{ round: slot.round, ratio }] : [];
  });
};

const drawn = (
  lines: readonly { readonly one: Series; readonly points: readonly Point[] }[],
  numbers: readonly number[],
  metric: string,
): Markup => {
  const all = lines.flatMap(({ points }) => points.map(({ ratio }) => ({ ratio, low: null, high: null })));
  const y = ratioScale(all, { from: plot.bottom, to: plot.top });
  const [first, last] = [numbers[0]!, numbers.at(-1)!];
  const xOf = (round: number): number =>
    plot.left + 30 + ((plot.right - plot.left - 60) * (round - first)) / Math.max(1, last - first);
  const ends = lines.map(({ one, points }) => ({ y: y.of(points.at(-1)!.ratio), text: fitted(one.name, 180) }));
  const places = spread(ends, 15, { from: plot.top, to: plot.bottom });
  return chart({ width, height: 270, label: `The ratio of ${metric} to the control in each round` }, [
    leftAxis(y, {
      at: plot.left,
      to: plot.right,
      label: (value) => `${numberTick(value)}×`,
      title: `${metric} ÷ control (log)`,
    }),
    bottomAxis(
      { ...roundScale(numbers, xOf), least: first, most: last },
      { at: plot.bottom, to: plot.bottom, label: (value) => String(value), title: 'round' },
    ),
    rect(plot.left, y.of(1.05), plot.right - plot.left, y.of(1 / 1.05) - y.of(1.05), {
      fill: 'currentColor',
      opacity: 0.1,
    }),
    line(plot.left, y.of(1), plot.right, y.of(1), { opacity: 0.7 }),
    lines.map(({ one, points }, index) =>
      group(one.class, [
        path(joined(points, xOf, y), { ...stroke(one), width: 1.2, opacity: 0.7 }),
        points.map(({ round, ratio }) => marker(one, xOf(round), y.of(ratio))),
        path(
          `M${at(xOf(points.at(-1)!.round) + 8)} ${at(ends[index]!.y)}L${at(plot.right + 8)} ${at(places[index]!)}`,
          { stroke: 'currentColor', opacity: 0.3 },
        ),
        text(plot.right + 12, places[index]! + 4, ends[index]!.text),
      ]),
    ),
    numbers
      .filter((round) => lines.some(({ points }) => !points.some((one) => one.round === round)))
      .map((round) => text(xOf(round), plot.top + 10, 'not measured', { anchor: 'middle', size: 10 })),
  ]);
};

const roundScale = (numbers: readonly number[], xOf: (round: number) => number): Scale => ({
  least: 0,
  most: 0,
  of: xOf,
  ticks: numbers,
  holds: () => true,
});

/** A round that was not measured is a gap. */
const joined = (points: readonly Point[], xOf: (round: number) => number, y: Scale): string =>
  points
    .map(
      ({ round, ratio }, index) =>
        `${points[index - 1]?.round === round - 1 ? 'L' : 'M'}${at(xOf(round))} ${at(y.of(ratio))}`,
    )
    .join('');

const orderOfPlay = (result: Result, series: readonly Series[], numbers: readonly number[]): Part => {
  const positions = Math.max(0, ...result.modes.flatMap(({ slots }) => slots.map(({ position }) => position + 1)));
  const slotAt = (round: number, position: number) =>
    series.flatMap((one) =>
      one.mode.slots
        .filter((slot) => slot.round === round && slot.position === position)
        .map((slot) => ({ one, slot })),
    )[0];
  const columns = Array.from({ length: Math.min(positions, 40) }, (_, position): Column<number> => ({
    heading: String(position + 1),
    align: 'left',
    cell: (round) => {
      const found = slotAt(round, position);
      if (found === undefined) return nothing;
      const { one, slot } = found;
      const known = slot.response.count > 0 ? `, p50 ${duration(slot.p50Us)}` : '';
      return [said(one.name, 24), `: ${perSecond(slot.throughputPerSecond)}/s${known}`, driftOf(slot)];
    },
  }));
  return table(numbers, [names('round', (round) => round), ...columns], {
    label: 'Which mode was measured when, and at which rate',
  });
};

const leastDrift = 0.02;

const driftOf = ({ drift }: SlotResult): Part => {
  if (drift === null || !Number.isFinite(drift) || Math.abs(drift - 1) <= leastDrift) return undefined;
  return markup` ${drift > 1 ? '▲' : '▼'} ${fineRatio(drift)}`;
};
