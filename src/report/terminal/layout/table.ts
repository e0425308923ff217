import type { TextColumn } from '../../sections/columns.ts';
import { span, type Line, type Span } from './line.ts';
import { widthOf, wrap } from '../../plain.ts';

/** One column; `group` is written once above adjacent columns that share it. */
export interface Column {
  readonly heading: string;
  readonly group?: string;
  readonly align: 'left' | 'right';
  readonly cells: readonly Span[];
  /** Only for the last column: text that is too long continues on the next lines, if there is room for words. */
  readonly wraps?: true;
}

/** A column of the rows' texts. */
export const columnOf = <Row>({ cell, ...column }: TextColumn<Row>, rows: readonly Row[]): Column => ({
  ...column,
  cells: rows.map((row) => span(cell(row))),
});

/**
 * Columns side by side, as far apart as the width allows. What does not fit goes into further tables below, each beginning with
 * the `lead` column again.
 *
 * @returns the lines of each table
 */
export const tables = (lead: Column, others: readonly Column[], width: number): Line[][] => {
  const [first, ...columns] = wrapped([lead, ...others], width) as [Column, ...Column[]];
  const gap = [3, 2, 1].find((gap) => widthOfAll([first, ...columns], gap) <= width);
  if (gap !== undefined) return [table([first, ...columns], gap)];
  const fitting = columns.findLastIndex((_, at) => widthOfAll([first, ...columns.slice(0, at + 1)], 2) <= width);
  const taken = Math.max(1, fitting + 1);
  const rest = columns.slice(taken);
  return [table([first, ...columns.slice(0, taken)], 2), ...(rest.length === 0 ? [] : tables(first, rest, width))];
};

/** The least room for a sentence, in columns. */
const leastProse = 24;

/** The columns with every row split into as many lines as its last cell takes; unchanged if there is no room for words. */
const wrapped = (columns: readonly Column[], width: number): readonly Column[] => {
  const [last, others] = [columns.at(-1)!, columns.slice(0, -1)];
  const room = width - widthOfAll(others, 2) - 2;
  if (last.wraps !== true || room < leastProse) return columns;
  const lines = last.cells.map(({ text }) => (text === '' ? [''] : wrap(text, room)));
  const taken = ({ cells }: Column, at: number, line: number): Span => (line === 0 ? cells[at]! : span(''));
  return [
    ...others.map((column) => ({
      ...column,
      cells: lines.flatMap((of, at) => of.map((_, line) => taken(column, at, line))),
    })),
    { ...last, cells: lines.flatMap((of, at) => of.map((text) => ({ ...last.cells[at]!, text }))) },
  ];
};

const table = (columns: readonly Column[], gap: number): Line[] => {
  const rows = Math.max(0, ...columns.map(({ cells }) => cells.length));
  const between = span(' '.repeat(gap));
  const row = (cell: (column: Column) => Span): Line =>
    columns.flatMap((column, at) => [...(at === 0 ? [] : [between]), ...padded(cell(column), column)]);
  return [
    ...groups(columns, gap),
    row(({ heading }) => span(heading, 'quiet')),
    // A row may have cells only in another table.
    ...Array.from({ length: rows }, (_, at) => at)
      .filter((at) => columns.some(({ cells }) => (cells[at]?.text ?? '') !== ''))
      .map((at) => row(({ cells }) => cells[at] ?? span(''))),
  ];
};

const padded = (cell: Span, column: Column): Span[] => {
  const pad = span(' '.repeat(Math.max(0, widthOfColumn(column) - widthOf(cell.text))));
  return column.align === 'left' ? [cell, pad] : [pad, cell];
};

/** The line above the headings: each group's name in the middle of a rule over its columns, if there is room for it. */
const groups = (columns: readonly Column[], gap: number): Line[] => {
  if (columns.every(({ group }) => group === undefined)) return [];
  let line = '';
  for (let at = 0; at < columns.length;) {
    const { group } = columns[at]!;
    let end = at + 1;
    while (end < columns.length && columns[end]!.group === group) end++;
    const room = widthOfAll(columns.slice(at, end), gap);
    line += (at === 0 ? '' : ' '.repeat(gap)) + (group === undefined ? ' '.repeat(room) : titled(group, room));
    at = end;
  }
  return [[span(line, 'quiet')]];
};

const titled = (title: string, room: number): string => {
  const rule = room - widthOf(title) - 2;
  if (rule < 2) return widthOf(title) <= room ? title.padStart(room) : ' '.repeat(room);
  return `${'─'.repeat(Math.floor(rule / 2))} ${title} ${'─'.repeat(Math.ceil(rule / 2))}`;
};

const widthOfColumn = ({ heading, cells }: Column): number =>
  Math.max(widthOf(heading), ...cells.map(({ text }) => widthOf(text)));

const widthOfAll = (columns: readonly Column[], gap: number): number =>
  columns.reduce((width, column) => width + widthOfColumn(column) + gap, -gap);

/** Counts and their shares as cells, each aligned with its kind; no room is taken for shares if there are none. */
export const aligned = (counts: readonly string[], shares: readonly string[]): string[] => {
  const [left, right] = [counts, shares].map((texts) => Math.max(...texts.map(widthOf)));
  return counts.map((text, at) => text.padStart(left!) + (right === 0 ? '' : `  ${shares[at]!.padStart(right!)}`));
};
