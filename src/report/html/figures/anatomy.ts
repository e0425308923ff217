import type { Result } from '../../../core/result/result.ts';
import {
  anatomyOf,
  isTold,
  largestParts,
  parts,
  shareOf,
  type AnatomyLine,
  type PartName,
} from '../../sections/anatomy.ts';
import { nothing } from '../../format.ts';
import { bottomAxis } from '../draw/axis.ts';
import { fitted, pxOf } from '../draw/label.ts';
import { linearScale, timeTick, type Scale } from '../draw/scale.ts';
import type { Series } from '../draw/series.ts';
import { at, chart, group, text } from '../draw/svg.ts';
import { numbers, type Figure } from '../markup/figure.ts';
import { markup, said, type Markup, type Part } from '../markup/markup.ts';
import { names, table, type Column } from '../markup/table.ts';

const width = 1000;
const left = 190;
const right = 980;
const rowHeight = 38;
/** A part with a smaller share of the whole gets no name in the figure. */
const leastNamed = 0.08;

/** The look of each part without colour: ink, or lines of ink. */
const patterns: { readonly [name in PartName]: Markup } = {
  'queue wait': markup`<path d="M0 3h6" stroke="currentColor" stroke-width="2"/>`,
  'send lag': markup`<path d="M3 0v6" stroke="currentColor" stroke-width="1"/>`,
  'retries': markup`<path d="M0 0l6 6M6 0l-6 6" stroke="currentColor" stroke-width="0.9"/>`,
  'lock wait': markup`<path d="M-1 7l8 -8M-1 1l2 -2M5 7l2 -2" stroke="currentColor" stroke-width="1.2"/>`,
  'connect': markup`<circle cx="3" cy="3" r="1.8" fill="currentColor"/>`,
  'server lock wait': markup`<path d="M-1 -1l8 8" stroke="currentColor" stroke-width="1.6"/>`,
  'query': markup`<rect width="6" height="6" fill="currentColor" opacity="0.45"/>`,
  'service': markup`<rect width="6" height="6" fill="currentColor" opacity="0.8"/>`,
  'rest': markup`<circle cx="3" cy="3" r="0.9" fill="currentColor"/>`,
};

/** A bar: the mean or the p99 of a mode. */
interface Row extends AnatomyLine {
  readonly series: Series;
  readonly isFirst: boolean;
}

/** Where the time went: the mean and the p99 of every mode as bars stacked from their parts. */
export const anatomy = ({ modes }: Result, series: readonly Series[]): Figure | undefined => {
  const rows = series.flatMap((one) =>
    anatomyOf(one.mode).map((line, index): Row => ({ ...line, series: one, isFirst: index === 0 })),
  );
  if (rows.length === 0) return undefined;
  const told = parts.filter((part) => rows.some((row) => isTold(part, row.anatomy)));
  const scale = linearScale(Math.max(1, ...rows.map(({ anatomy: one }) => one.responseUs)), { from: left, to: right });
  const bottom = 34 + rowHeight * rows.length;
  const unknown = modes.filter((mode) => mode.anatomy === null);
  const withoutP99 = modes.filter((mode) => mode.anatomy !== null && anatomyOf(mode).length === 1);
  return {
    id: 'anatomy',
    title: 'Where the time went',
    question: 'What is a response time made of, and what does the lock cost within it?',
    answer: series.flatMap((one): readonly Part[] => {
      const last = anatomyOf(one.mode).at(-1);
      if (last === undefined) return [];
      return [
        markup`${said(one.name, 24)} ${last.which} ${last.time}: ${largestParts(last.anatomy, { parts: 2, columns: 60 })}. `,
      ];
    }),
    body: [
      chart(
        {
          width,
          height: bottom + 36,
          label: 'Bars from 0, stacked from the parts of the mean and the p99 of every mode',
        },
        [
          markup`<defs>${told.map(({ name }) => markup`<pattern id="${idOf(name)}" width="6" height="6" patternUnits="userSpaceOnUse">${patterns[name]}</pattern>`)}</defs>`,
          legend(told.map(({ name }) => name)),
          bottomAxis(scale, { at: bottom, to: 30, label: timeTick, title: 'time, from 0' }),
          rows.map((row, index) => bar(row, scale, 34 + rowHeight * index)),
        ],
      ),
      numbers(rows.length, sharesTable(rows, told)),
    ],
    reading: [
      ...(unknown.length > 0 ? [markup`Not known of ${said(unknown.map(({ name }) => name).join(', '), 100)}.`] : []),
      ...(withoutP99.length > 0
        ? [
            markup`No p99 of ${said(withoutP99.map(({ name }) => name).join(', '), 100)}: it has too few iterations behind it, or failures may hide it.`,
          ]
        : []),
    ],
  };
};

const idOf = (name: PartName): string => `p${parts.findIndex((part) => part.name === name)}`;

const legend = (shown: readonly PartName[]): Part => {
  let x = left;
  return shown.map((name) => {
    const from = x;
    x += 24 + pxOf(name, 11);
    return [swatch(name, from, 4, 14, 12), text(from + 18, 14, name, { size: 11 })];
  });
};

const swatch = (name: PartName, x: number, y: number, wide: number, high: number): Markup =>
  markup`<rect class="part" x="${at(x)}" y="${at(y)}" width="${at(wide)}" height="${at(high)}" fill="url(#${idOf(name)})" stroke="currentColor" stroke-width="0.8"/>`;

const bar = ({ series, which, time, anatomy: one, isFirst }: Row, scale: Scale, y: number): Markup => {
  let us = 0;
  const pieces = parts.map((part) => {
    const from = us;
    us += Math.max(0, part.of(one));
    const [x1, x2] = [scale.of(from), scale.of(us)];
    if (x2 - x1 < 0.3) return undefined;
    const isNamed = us - from >= leastNamed * one.responseUs && pxOf(part.name, 10) < x2 - x1 - 4;
    return [
      swatch(part.name, x1, y + 13, x2 - x1, 16),
      isNamed ? text(x1 + 2, y + 10, part.name, { size: 10 }) : undefined,
    ];
  });
  return group(series.class, [
    isFirst ? text(4, y + 26, fitted(series.name, 96)) : undefined,
    text(left - 8, y + 26, `${which} ${time}`, { anchor: 'end', size: 11 }),
    pieces,
  ]);
};

const sharesTable = (
  rows: readonly Row[],
  told: typeof parts extends readonly (infer One)[] ? readonly One[] : never,
): Part =>
  table<Row>(
    rows,
    [
      names('mode', ({ series }) => said(series.name, 30)),
      { heading: 'of', align: 'left', cell: ({ which }) => which },
      { heading: 'response time', align: 'right', cell: ({ time }) => time },
      ...told.map((part): Column<Row> => ({
        heading: part.name,
        align: 'right',
        cell: (row) => (part.of(row.anatomy) === 0 ? nothing : shareOf(part, row.anatomy)),
      })),
    ],
    { label: 'Parts of the response time' },
  );
