import type { TextColumn } from '../../sections/columns.ts';
import { markup, said, type Markup, type Part } from './markup.ts';

/** A column of a table. `cell` makes each cell safe. `isName`: its cells name their rows. */
export interface Column<Row> {
  readonly heading: Part;
  readonly align: 'left' | 'right';
  readonly isName?: boolean;
  /** The class of its cells: one of the program's own. */
  readonly class?: string;
  readonly cell: (row: Row) => Part;
}

/** A column from one for any format, with its group in front of its heading. */
export const columnOf = <Row>({ heading, group, align, cell }: TextColumn<Row>): Column<Row> => ({
  heading: said(group === undefined ? heading : `${group} ${heading}`, 60),
  align,
  cell: (row) => cell(row),
});

/** A first column, whose cells name the rows. */
export const names = <Row>(heading: Part, cell: (row: Row) => Part): Column<Row> => ({
  heading,
  align: 'left',
  isName: true,
  cell,
});

/** How a table is described, and how it looks. */
export interface TableLook<Row> {
  /** Its description for screen readers. */
  readonly label: string;
  readonly kind?: 'first' | 'plain';
  /** The class of a row: one of the program's own. */
  readonly rowClass?: (row: Row) => string | undefined;
}

/** A table in its own frame, which scrolls if the page is narrower; nothing if there are no rows. */
export const table = <Row>(
  rows: readonly Row[],
  columns: readonly Column<Row>[],
  { label, kind = 'plain', rowClass }: TableLook<Row>,
): Markup | undefined =>
  rows.length === 0
    ? undefined
    : markup`<div class="scroll" role="region" tabindex="0" aria-label="${label}"><table class="${kind}" rules="rows" cellpadding="6"><thead><tr>${columns.map(headOf)}</tr></thead><tbody>${rows.map(
        (row) => markup`<tr${classed(rowClass?.(row))}>${columns.map((column) => cellOf(column, row))}</tr> `,
      )}</tbody></table></div>`;

const classed = (name: string | undefined): Part => (name === undefined ? undefined : markup` class="${name}"`);

const headOf = <Row>({ heading, align }: Column<Row>): Markup =>
  align === 'right'
    ? markup`<th scope="col" align="right">${heading}</th>`
    : markup`<th scope="col" align="left">${heading}</th>`;

const cellOf = <Row>({ cell, align, isName = false, class: name }: Column<Row>, row: Row): Markup => {
  const named = classed(name);
  if (isName) return markup`<th scope="row" align="left"${named}>${cell(row)}</th>`;
  return align === 'right'
    ? markup`<td align="right"${named}>${cell(row)}</td>`
    : markup`<td${named}>${cell(row)}</td>`;
};
