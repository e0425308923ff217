import { names, table } from '../../html/markup/table.ts';
import { said, type Part } from '../../html/markup/markup.ts';
import type { TextTable } from '../tables.ts';

const longestCell = 300;

/** A table of texts, each made safe; its first column names the rows. */
export const textTable = ({ title, columns: [first, ...others] }: TextTable): Part =>
  first === undefined
    ? undefined
    : table(
        first.cells.map((_, row) => row),
        [
          names(said(first.heading, 60), (row) => said(first.cells[row]!, longestCell)),
          ...others.map(({ heading, align, cells }) => ({
            heading: said(heading, 30),
            align,
            cell: (row: number) => said(cells[row]!, longestCell),
          })),
        ],
        { label: title },
      );
