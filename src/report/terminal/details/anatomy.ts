import type { Anatomy, Result } from '../../../core/result/result.ts';
import { anatomyOf, isTold, largestParts, parts, type AnatomyLine, type PartName } from '../../sections/anatomy.ts';
import { roundUp } from '../../axis.ts';
import { widthOf } from '../../plain.ts';
import { labelled } from '../layout/axis.ts';
import { span, type Line, type Span, type Tone } from '../layout/line.ts';
import { names } from '../names.ts';

/** How a part looks; the parts differ without colour, too. */
const looks: { readonly [name in PartName]: readonly [fill: string, tone: Tone] } = {
  'queue wait': ['▓', 'waiting'],
  'send lag': ['l', 'quiet'],
  'retries': ['▒', 'doubt'],
  'lock wait': ['░', 'waiting'],
  'connect': ['c', 'quiet'],
  'server lock wait': ['▚', 'waiting'],
  'query': ['▞', 'work'],
  'service': ['█', 'work'],
  'rest': ['·', 'quiet'],
};

const shortestBar = 14;
const longestBar = 80;
/** How many parts are named after a bar: fewer if there is not enough room, and at last under the bar, as many as fit. */
const partsBeside = [4, 3, 2] as const;
const ofWhich = 'mean  '.length;

/** A bar with its mode, which is printed next to the first bar of each mode. */
interface Row extends AnatomyLine {
  readonly name: string;
  readonly isFirst: boolean;
}

/** An axis of `columns` columns, from 0 to `mostUs`. */
interface Axis {
  readonly columns: number;
  readonly mostUs: number;
}

/**
 * Where the time went: the mean and the p99 of every mode as bars on one axis from 0, stacked from their parts, with the largest
 * parts in words, which say what a short bar cannot. The words are next to the bars if there is room, otherwise under them.
 */
export const whereTheTimeWent = (result: Result, width: number): Line[] => {
  const labels = names(result, width);
  const rows = result.modes.flatMap((mode, at) =>
    anatomyOf(mode).map((line, of): Row => ({ ...line, name: labels[at]!, isFirst: of === 0 })),
  );
  if (rows.length === 0) return [];
  const ofTime = Math.max(...rows.map(({ time }) => widthOf(time)));
  const mostUs = Math.max(1, ...rows.map(({ anatomy }) => anatomy.responseUs));
  const head = (row: Row): string => `${row.which.padEnd(ofWhich)}${row.time.padStart(ofTime)}  `;
  const ofName = Math.max(...rows.map(({ name }) => widthOf(name))) + 3;
  const indent = ofName + ofWhich + ofTime + 2;
  const beside = sides(rows).find(({ columns }) => width - indent - columns - 3 >= shortestBar);
  if (beside === undefined) return [...legend(rows, width), ...stacked(rows, head, { width, mostUs })];
  const axis = { columns: Math.min(longestBar, width - indent - beside.columns - 3), mostUs };
  return [
    ...legend(rows, width),
    scale(axis, indent),
    ...rows.map((row) => [
      span(padded(row.isFirst ? row.name : '', ofName)),
      span(head(row)),
      ...bar(row.anatomy, axis),
      span('   '),
      span(largestParts(row.anatomy, { parts: beside.parts, columns: beside.columns })),
    ]),
  ];
};

/** The width of the words after the bars for each number of parts, the most first. */
const sides = (rows: readonly Row[]): readonly { readonly parts: number; readonly columns: number }[] =>
  partsBeside.map((most) => {
    const room = { parts: most, columns: Infinity };
    return { parts: most, columns: Math.max(...rows.map(({ anatomy }) => widthOf(largestParts(anatomy, room)))) };
  });

/** Every mode on a line of its own, with the words under each bar. */
const stacked = (
  rows: readonly Row[],
  head: (row: Row) => string,
  { width, mostUs }: { readonly width: number; readonly mostUs: number },
): Line[] => {
  const indent = 2 + widthOf(head(rows[0]!));
  const axis = { columns: Math.min(longestBar, width - indent), mostUs };
  const under = 2 + ofWhich;
  return [
    scale(axis, indent),
    ...rows.flatMap((row) => [
      ...(row.isFirst ? [[span(row.name)]] : []),
      [span(`  ${head(row)}`), ...bar(row.anatomy, axis)],
      [span(' '.repeat(under)), span(largestParts(row.anatomy, { parts: parts.length, columns: width - under }))],
    ]),
  ];
};

/**
 * The parts of a time, each beginning where the one before it ended. However short it is, it gets a column, in the look of its
 * largest part.
 */
const bar = (anatomy: Anatomy, { columns, mostUs }: Axis): Span[] => {
  const total = Math.max(1, Math.round((columns * anatomy.responseUs) / mostUs));
  let us = 0;
  const pieces = parts.map((part) => {
    const from = edge(us, anatomy, total);
    us += part.of(anatomy);
    return { part, columns: edge(us, anatomy, total) - from };
  });
  return [
    ...pieces.map(({ part, columns: wide }) => {
      const [fill, tone] = looks[part.name];
      return span(fill.repeat(wide), tone);
    }),
    span(' '.repeat(Math.max(0, columns - total))),
  ];
};

const edge = (us: number, { responseUs }: Anatomy, columns: number): number =>
  responseUs === 0 ? 0 : Math.min(columns, Math.round((columns * us) / responseUs));

/** The heading, and the look of each part that occurs anywhere. */
const legend = (rows: readonly Row[], width: number): Line[] => {
  const seen = parts.filter((part) => rows.some(({ anatomy }) => isTold(part, anatomy)));
  const lines: Span[][] = [[span(heading, 'quiet')]];
  let room = width - widthOf(heading);
  for (const { name } of seen) {
    const [fill, tone] = looks[name];
    const item = [span('   '), span(fill, tone), span(` ${name}`)];
    const columns = widthOf(name) + 5;
    if (columns > room) {
      lines.push([]);
      room = width;
    }
    lines.at(-1)!.push(...item);
    room -= columns;
  }
  return lines;
};

const heading = 'where the time went';

const scale = ({ columns, mostUs }: Axis, indent: number): Line => {
  const step = roundUp(Math.max(1, (mostUs * leastApart) / columns));
  const ticks = Array.from({ length: Math.floor(mostUs / step) + 1 }, (_, at) => ({
    us: at * step,
    column: Math.round((columns * at * step) / mostUs),
  }));
  return [span(' '.repeat(indent)), span(labelled(ticks, columns), 'quiet')];
};

/** The least number of columns from one label to the next. */
const leastApart = 8;

const padded = (text: string, width: number): string => text + ' '.repeat(Math.max(0, width - widthOf(text)));
