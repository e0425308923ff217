import type { TextColumn } from '../sections/columns.ts';
import { plain } from '../plain.ts';

const longestText = 500;

/**
 * Text from outside as Markdown that shows it and means nothing: one line, no control characters, every character with a
 * meaning to Markdown or HTML escaped.
 */
export const safe = (text: string, most = longestText): string =>
  plain(text, most)
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll(/[\\`*_[\]#~|!$]/gu, String.raw`\$&`);

/** A column: its heading, and a row's cell, made safe by whoever gives it. */
export type Column<Row> = readonly [heading: string, align: 'left' | 'right', cell: (row: Row) => string];

/** A column made safe, its group in front of its heading. */
export const columnOf = <Row>({ heading, group, align, cell }: TextColumn<Row>): Column<Row> => [
  safe(group === undefined ? heading : `${group} ${heading}`),
  align,
  (row) => safe(cell(row)),
];

/** The lines of a table; none where there is no row. */
export const table = <Row>(rows: readonly Row[], columns: readonly Column<Row>[]): readonly string[] => {
  if (rows.length === 0) return [];
  const line = (texts: readonly string[]): string => `| ${texts.join(' | ')} |`;
  return [
    line(columns.map(([heading]) => heading)),
    line(columns.map(([, align]) => (align === 'right' ? '---:' : '---'))),
    ...rows.map((row) => line(columns.map(([, , cell]) => cell(row)))),
  ];
};
