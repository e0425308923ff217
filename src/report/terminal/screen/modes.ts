import type { ModeResult, Result } from '../../../core/result/result.ts';
import { dataWordOf } from '../../sections/data.ts';
import { firstColumns, isAllowedWrong, isNamed, type FirstColumn } from '../../sections/first/modes.ts';
import { span, type Line, type Span, type Tone } from '../layout/line.ts';
import { tables, type Column } from '../layout/table.ts';
import { names, toneOfLoss } from '../names.ts';

/** The modes in one table: data, rate, ratio to the control with its interval, p50, p99 and failures. */
export const modesInOneTable = (result: Result, width: number): Line[][] => {
  const { modes } = result;
  const shown = names(result, width);
  /** A line under the mode says that its wrong data is allowed. */
  const withNotes = (cell: (mode: ModeResult, at: number) => Span, note = ''): Span[] =>
    modes.flatMap((mode, at) => [cell(mode, at), ...(isAllowedWrong(mode) ? [span(note, 'quiet')] : [])]);
  const first: Column = {
    heading: 'mode',
    align: 'left',
    cells: withNotes((mode, at) => (isNamed(result, mode) ? span(`${shown[at]!} ◀`, 'strong') : span(shown[at]!))),
  };
  const columns = firstColumns(result).map((column): Column => ({
    heading: column.heading,
    align: column.align,
    cells: withNotes(
      (mode) => span(column.cell(mode), toneOf(column, mode, result)),
      column.of === 'data' ? '(allowed)' : '',
    ),
  }));
  return tables(first, columns, width);
};

const toneOf = ({ of, isDoubtful }: FirstColumn, mode: ModeResult, { scenario }: Result): Tone | undefined => {
  if (of === 'data' && dataWordOf(mode)?.is === 'wrong') return toneOfLoss(mode);
  if (of === 'versus' && mode.name === scenario.control) return 'quiet';
  return isDoubtful(mode) ? 'doubt' : undefined;
};
