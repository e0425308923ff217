/**
 * A column of a table in any format: each row's text, which need not be safe. `group`: what adjacent columns have in common,
 * written above them or in front of the heading.
 */
export interface TextColumn<Row> {
  readonly heading: string;
  readonly group?: string;
  readonly align: 'left' | 'right';
  readonly cell: (row: Row) => string;
}

/** A column of numbers. */
export const right = <Row>(heading: string, cell: (row: Row) => string, group?: string): TextColumn<Row> => ({
  heading,
  align: 'right',
  cell,
  ...(group === undefined ? {} : { group }),
});
