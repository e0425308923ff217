import type { CapacityResult, Probed, SweepResult } from '../../../core/result/sweep.ts';
import { valueText } from '../../../core/sweep/axis.ts';
import { count, exact, many, nothing } from '../../format.ts';
import { bottomAxis } from '../../html/draw/axis.ts';
import { fitted } from '../../html/draw/label.ts';
import { numberTick, type Scale } from '../../html/draw/scale.ts';
import type { Series } from '../../html/draw/series.ts';
import { at, chart, circle, group, line, path, rect, text, title } from '../../html/draw/svg.ts';
import { details, type Figure } from '../../html/markup/figure.ts';
import { markup, said, type Markup, type Part } from '../../html/markup/markup.ts';
import { plain } from '../../plain.ts';
import { capacityTable, isAlone, probeTable } from '../tables.ts';
import { axisTitle, placesOf } from './place.ts';
import { textTable } from './text-table.ts';

const width = 1000;
const side = { left: 150, right: 980 };
const laneHeight = 118;
/** The most slots of one load that are drawn; beyond that their number is printed. */
const mostDrawn = 4;
const slotHeight = 10;

/** Every load that was tried, slot by slot, and the two loads between which each mode's capacity lies. */
export const search = (result: SweepResult, series: readonly Series[]): Figure | undefined => {
  const { capacity, axis } = result;
  const searched = series.flatMap((one) => {
    const found = capacity.find(({ mode }) => mode === one.mode.name);
    return found === undefined ? [] : [{ one, found }];
  });
  const loads = [...new Set(capacity.flatMap(({ probes }) => probes.map(({ at: load }) => load)))].toSorted(
    (a, b) => a - b,
  );
  if (loads.length === 0) return undefined;
  const x = placesOf(axis, loads, { from: side.left, to: side.right });
  const bottom = 8 + laneHeight * searched.length;
  const known = capacity.filter(({ keeps, fails }) => keeps !== null && fails !== null).length;
  return {
    id: 'search',
    title: 'The search',
    question: 'How much load keeps the gates, and how sure is that?',
    answer: `The limit was found for ${known} of ${many(capacity.length, 'mode')}.`,
    body: [
      chart({ width, height: bottom + 40, label: 'Every load that was asked for, and how its slots went' }, [
        bottomAxis(x, { at: bottom, to: 8, label: numberTick, title: axisTitle(axis) }),
        searched.map(({ one, found }, row) => lane(one, found, { x, axis, middle: 8 + laneHeight * (row + 0.5) })),
      ]),
      textTable(capacityTable(result)),
      capacity.map((one) =>
        details(
          isAlone(capacity) ? markup`Probes` : markup`Probes of ${said(one.mode, 40)}`,
          textTable(probeTable(one, result)),
        ),
      ),
    ],
    reading: [
      '● above the line: a slot that kept every gate; ✕ below it: one that did not; ○ on it: too little to judge by. Up to the left end of the band it is shown to keep them, from its right end on it is shown not to.',
      'After each slot that was not kept the lowest load is sent until the target has recovered; those slots are not drawn.',
    ],
  };
};

interface Place {
  readonly x: Scale;
  readonly axis: SweepResult['axis'];
  readonly middle: number;
}

const lane = (series: Series, found: CapacityResult, place: Place): Part => {
  const { x, axis, middle } = place;
  const { keeps, fails, probes } = found;
  const from = keeps === null ? side.left : x.of(keeps);
  const to = fails === null ? side.right : x.of(fails);
  const half = laneHeight / 2 - 8;
  return group(series.class, [
    text(4, middle - 4, fitted(series.name, side.left - 24)),
    text(4, middle + 12, endsText(found, axis), { size: 10 }),
    keeps === null && fails === null
      ? undefined
      : markup`<g class="band">${rect(from, middle - half, Math.max(2, to - from), 2 * half, { fill: 'currentColor', opacity: 0.1 })}${[
          keeps === null ? undefined : line(from, middle - half, from, middle + half, { width: 2 }),
          fails === null ? undefined : line(to, middle - half, to, middle + half, { width: 2, dash: '5 3' }),
        ]}</g>`,
    line(side.left, middle, side.right, middle, { opacity: 0.4 }),
    probes.map((probe) => slots(probe, place)),
  ]);
};

/** `keeps 185/s, not 195/s` */
const endsText = ({ keeps, fails }: CapacityResult, { kind }: SweepResult['axis']): string => {
  const end = (value: number): string => `${exact(value)}${kind === 'rate' ? '/s' : ''}`;
  if (keeps === null && fails === null) return nothing;
  if (keeps === null) return `not at ${end(fails!)}`;
  return fails === null ? `keeps ${end(keeps)}` : `keeps ${end(keeps)}, not ${end(fails)}`;
};

/** The slots of one load: kept ones stacked upwards, the others downwards. */
const slots = (probe: Probed, { x, axis, middle }: Place): Markup => {
  const { at: load, passes, failures, undecided, because } = probe;
  const px = x.of(load);
  const told = `${valueText(axis.kind, load)}: ${count(passes)} kept, ${count(failures)} not, ${count(undecided)} undecided${because === null ? '' : `; ${plain(because, 200)}`}`;
  const rows = (number: number): readonly number[] =>
    Array.from({ length: Math.min(number, mostDrawn) }, (_, index) => index + 1);
  const more = (number: number, y: number): Part =>
    number <= mostDrawn ? undefined : text(px, y, `×${count(number)}`, { anchor: 'middle', size: 9 });
  return markup`<g class="probe">${title(told)}${rows(passes).map((row) => circle(px, middle - slotHeight * row, 3.6, { fill: 'currentColor', class: 'kept' }))}${more(passes, middle - slotHeight * (mostDrawn + 1) + 3)}${rows(
    failures,
  ).map((row) => cross(px, middle + slotHeight * row))}${more(failures, middle + slotHeight * (mostDrawn + 1) + 3)}${
    undecided === 0
      ? undefined
      : circle(px, middle, 4.2, { fill: 'none', stroke: 'currentColor', width: 1.4, class: 'undecided' })
  }</g>`;
};

const cross = (x: number, y: number): Markup =>
  path(`M${at(x - 3.2)} ${at(y - 3.2)}l6.4 6.4M${at(x + 3.2)} ${at(y - 3.2)}l-6.4 6.4`, {
    stroke: 'currentColor',
    width: 1.8,
    class: 'not-kept',
  });
