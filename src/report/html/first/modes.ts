import type { ModeResult, Result } from '../../../core/result/result.ts';
import { certificateOf, comparedBy } from '../../sections/cells.ts';
import { firstColumns, isAllowedWrong, isNamed, type FirstColumn } from '../../sections/first/modes.ts';
import { controlRow, ratioHead, ratioRow, ratioScale } from '../draw/forest.ts';
import { marker, type Series } from '../draw/series.ts';
import { svg } from '../draw/svg.ts';
import { markup, said, type Markup, type Part } from '../markup/markup.ts';
import { state, stateOfData } from '../markup/state.ts';
import { columnOf, names, table, type Column } from '../markup/table.ts';

/**
 * The modes in one table, as in the short report, and for each ratio its interval on a common axis.
 *
 * @param certificates the id of a mode's certificate in this page, by the mode's name
 */
export const modesInOneTable = (
  result: Result,
  series: readonly Series[],
  certificates: ReadonlyMap<string, string>,
): Part => {
  const columns = firstColumns(result, ' to ').flatMap((column): readonly Column<Series>[] => {
    const cells: Column<Series> = {
      ...columnOf(column),
      class: `c-${column.of.replace(' ', '-')}`,
      cell: ({ mode }) => cellOf(column, mode, certificates.get(mode.name)),
    };
    return column.of === 'versus' ? [cells, forest(result)] : [cells];
  });
  return table(series, [names('mode', (one) => nameOf(result, one)), ...columns], {
    label: 'The modes side by side',
    kind: 'first',
    rowClass: (one) => (isNamed(result, one.mode) ? 'named' : undefined),
  });
};

const nameOf = (result: Result, series: Series): Markup =>
  markup`${svg({ width: 14, height: 14, kind: 'cell', label: 'marker of the mode' }, marker(series, 7, 7))} ${said(series.name, 30)}${isNamed(result, series.mode) ? markup` <b class="s-good">◀</b>` : undefined}`;

const cellOf = (column: FirstColumn, mode: ModeResult, certificate: string | undefined): Part => {
  const text = column.cell(mode);
  if (column.of === 'data' && mode.consistency !== null) {
    const words = isAllowedWrong(mode) ? `${text} (allowed)` : text;
    const shown = state(stateOfData(mode.consistency.verdict, mode.violations === 'allowed'), words);
    return certificate === undefined || certificateOf(mode) === undefined
      ? shown
      : markup`<a href="#${certificate}">${shown}</a>`;
  }
  return column.isDoubtful(mode) ? markup`<span class="s-doubt">${text}</span>` : text;
};

/** The interval of each mode's ratio, on one axis. */
const forest = (result: Result): Column<Series> => {
  const metric = comparedBy(result) ?? 'throughput';
  const found = result.comparisons.filter((one) => one.metric === metric);
  const scale = ratioScale(found);
  return {
    heading: ratioHead(scale, metric === 'throughput'),
    align: 'left',
    class: 'c-forest',
    cell: (one) => {
      if (one.mode.name === result.scenario.control) return controlRow(scale, one);
      const ratio = found.find(({ mode }) => mode === one.mode.name);
      if (ratio === undefined) return undefined;
      return ratioRow(scale, { ...ratio, isOpen: ratio.verdict === 'inconclusive' }, one, true);
    },
  };
};
