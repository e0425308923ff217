import type { SweepResult } from '../../core/result/sweep.ts';
import { exact } from '../format.ts';
import { curveOf } from './law.ts';
import { isDropped, levelOf, namesOf, valueAt, valueOf } from './levels.ts';

const rows = 13;
const narrowest = 30;
const widest = 100;

/**
 * The medians over the axis, a letter for each mode, in `width` columns; dots are the law if it is not rejected, `┆` is the
 * middle of a bracket, `*` is several modes in one place, and modes left out are in parentheses. The axis is logarithmic, heights
 * begin at 0.
 *
 * @returns the lines, and the letter of each mode; no lines for fewer than two points
 */
export const sweepChart = (
  result: SweepResult,
  width: number,
): { readonly lines: readonly string[]; readonly letters: ReadonlyMap<string, string> } => {
  const { points, axis, scaling } = result;
  const names = namesOf(result);
  const letters = lettersOf(names);
  const level = levelOf(result);
  const values = points.flatMap((point) => names.flatMap((name) => valueAt(point, name, level) ?? []));
  if (points.length < 2 || values.length === 0) return { lines: [], letters };
  const most = roundedUp(Math.max(...values));
  const margin = Math.max(...[most, most / 2].map((value) => valueOf(value, level).length)) + 2;
  const columns = Math.min(widest, Math.max(narrowest, width - margin - 5));
  const [from, to] = [points[0]!.at, points.at(-1)!.at];
  const columnOf = (at: number): number =>
    Math.round(
      (axis.kind === 'skew' || from <= 0 ? (at - from) / (to - from) : Math.log(at / from) / Math.log(to / from)) *
        (columns - 1),
    );
  const rowOf = (value: number): number => Math.min(rows - 1, Math.max(0, Math.round((1 - value / most) * (rows - 1))));
  const cells = Array.from({ length: rows }, () => Array.from({ length: columns + 2 }, () => ' '));

  if (level === 'throughput')
    for (const { law } of scaling) {
      const by = curveOf(law);
      if (by === undefined) continue;
      for (let column = 0; column < columns; column++) {
        const value = by(from * (to / from) ** (column / (columns - 1)));
        if (value <= most) cells[rowOf(value)]![column] = '·';
      }
    }
  const crossings = result.crossings.filter(({ kind }) => kind === 'crossing');
  for (const { brackets } of crossings) {
    const column = columnOf(middleOf(brackets[0]!.below, brackets[0]!.above, axis.kind === 'skew'));
    for (const row of cells) row[column] = '┆';
  }
  for (const point of points)
    for (const name of names) {
      const value = valueAt(point, name, level);
      if (value === undefined) continue;
      const [row, column] = [cells[rowOf(value)]!, columnOf(point.at)];
      const taken = row[column]!;
      row[column] = /[a-zA-Z*]/u.test(taken) ? '*' : letters.get(name)!;
      if (isDropped(point, name) && column > 0) [row[column - 1], row[column + 1]] = ['(', ')'];
    }
  return {
    lines: [
      ...framed(cells, most, margin, (value) => valueOf(value, level)),
      ...footOf(result, columns, margin, columnOf),
    ],
    letters,
  };
};

const middleOf = (below: number, above: number, isLinear: boolean): number =>
  isLinear ? (below + above) / 2 : Math.sqrt(below * above);

const framed = (
  cells: readonly (readonly string[])[],
  most: number,
  margin: number,
  text: (value: number) => string,
): readonly string[] =>
  cells.map((row, index) => {
    const value = most * (1 - index / (rows - 1));
    const isLabelled = index === 0 || index === rows - 1 || index === Math.round((rows - 1) / 2);
    const label = index === rows - 1 ? '0' : isLabelled ? text(value) : '';
    const edge = index === rows - 1 ? '┼' : '┤';
    const line = index === rows - 1 ? row.map((cell) => (cell === ' ' ? '─' : cell)) : row;
    return `${label.padStart(margin)} ${edge}${line.join('').trimEnd()}`;
  });

/** The values of the axis under their places, except those without room, and the unit. */
const footOf = (
  { points, axis }: SweepResult,
  columns: number,
  margin: number,
  columnOf: (at: number) => number,
): readonly string[] => {
  let line = '';
  for (const { at } of points) {
    const text = exact(at);
    const start = Math.min(columnOf(at), columns - text.length);
    if (line === '' || start > line.length) line = line.padEnd(start) + text;
  }
  const indent = ' '.repeat(margin + 2);
  const unit = axis.kind === 'keys' || axis.kind === 'skew' ? axis.name : axis.kind;
  return [`${indent}${line}`, `${indent}${unit}`];
};

/** The first letter of each name that no earlier name has taken. */
const lettersOf = (names: readonly string[]): ReadonlyMap<string, string> => {
  const letters = new Map<string, string>();
  const spare = 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ';
  for (const name of names) {
    const taken = new Set(letters.values());
    letters.set(
      name,
      `${name}${spare}`.split('').find((letter) => /[a-z]/iu.test(letter) && !taken.has(letter)) ?? '?',
    );
  }
  return letters;
};

const roundedUp = (value: number): number => {
  const decade = 10 ** Math.floor(Math.log10(value));
  return decade * ([1, 1.25, 1.5, 2, 2.5, 3, 4, 5, 6, 8, 10].find((step) => step * decade >= value) ?? 10);
};
