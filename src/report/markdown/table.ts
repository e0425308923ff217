import type { TextColumn } from '../sections/columns.ts';
import { plain } from '../plain.ts';

const longestText = 500;

/**
 * Text from outside as Markdown without effect: one line, no control characters, every character that means something to Markdown
 * or HTML escaped.
 */
export const safe = (text: string, most = longestText): string =>
  plain(text, most)
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll(/[\\`*_[\]#~|!$]/gu, String.raw`\$&`);

/** A column: its heading, and a row's cell, which `cell` makes safe. */
export type Column<Row> = readonly [heading: string, align: 'left' | 'right', cell: (row: Row) => string];

/** A column made safe, with its group in front of its heading. */
export const columnOf = <Row>({ heading, group, align, cell }: TextColumn<Row>): Column<Row> => [
  safe(group === undefined ? heading : `${group} ${heading}`),
  align,
  (row) => safe(cell(row)),
];

/** The lines of a table; empty if there are no rows. */
export const table = <Row>(rows: readonly Row[], columns: readonly Column<Row>[]): readonly string[] => {
  if (rows.length === 0) return [];
  const line = (texts: readonly string[]): string => `| ${texts.join(' | ')} |`;
  return [
    line(columns.map(([heading]) => heading)),
    line(columns.map(([, align]) => (align === 'right' ? '---:' : '---'))),
    ...rows.map((row) => line(columns.map(([, , cell]) => cell(row)))),
  ];
};
