import type { Result } from '../../../core/result/result.ts';
import { checkColumns, checksIn, verdictOf, type CheckLine } from '../../sections/checks.ts';
import { plain, widthOf } from '../../plain.ts';
import { span, type Line, type Tone } from '../layout/line.ts';
import { nameOf, toneOfLoss } from '../names.ts';
import { columnOf, tables, type Column } from '../layout/table.ts';

/** Was the data right? What each model says of each mode, and how much there was to judge by. */
export const checks = (result: Result, width: number): Line[][] => {
  const rows = checksIn(result);
  if (rows.length === 0) return [];
  const modes = rows.map(({ mode, isFirst }) => (isFirst ? nameOf(mode.name, width) : ''));
  const ofMode = Math.max(widthOf('mode'), ...modes.map(widthOf)) + 3;
  const padded = (text: string): string => text + ' '.repeat(ofMode - widthOf(text));
  const first: Column = {
    heading: `${padded('mode')}model`,
    align: 'left',
    cells: rows.map(({ check }, at) => span(padded(modes[at]!) + plain(check.model, 20))),
  };
  const verdict: Column = {
    heading: 'verdict',
    align: 'left',
    cells: rows.map((row) => span(verdictOf(row), toneOf(row))),
  };
  return tables(first, [verdict, ...checkColumns.map((column) => columnOf(column, rows))], width);
};

const toneOf = ({ mode, check }: CheckLine): Tone | undefined => {
  if (check.verdict === 'violated') return toneOfLoss(mode);
  return check.verdict === 'unknown' || check.verdict === 'not-exercised' ? 'doubt' : undefined;
};
