import type { Comparison, Result } from '../../../core/result/result.ts';
import { comparedColumns, readingOf, toldIn } from '../../sections/compared.ts';
import { plain } from '../../plain.ts';
import { hanging, span, type Line, type Span, type Tone } from '../layout/line.ts';
import { nameOf, names } from '../names.ts';
import { tables, type Column } from '../layout/table.ts';

const longestMetric = 16;
const widestProse = 100;

const toneOf = ({ verdict }: Comparison): Tone | undefined => {
  if (verdict === 'no difference shown') return 'quiet';
  return verdict === 'inconclusive' ? 'doubt' : undefined;
};

/** Every mode compared with the control: for each metric the ratio, its interval and what it shows; then how to read it. */
export const compared = (result: Result, width: number): Line[][] => {
  const shown = names(result, width);
  const told = toldIn(result);
  const groups = result.modes.flatMap(({ name }, at) => {
    const comparisons = told.filter(({ mode }) => mode === name);
    return comparisons.length === 0 ? [] : [{ name: shown[at]!, comparisons }];
  });
  if (groups.length === 0) return [];
  const first: Column = {
    heading: '',
    align: 'left',
    cells: groups.flatMap(({ name, comparisons }) => [
      span(name),
      ...comparisons.map(({ metric }) => span(`  ${plain(metric, longestMetric)}`)),
    ]),
  };
  const columns = comparedColumns(result).map(({ cell, ...column }): Column => {
    const toned = (one: Comparison): Span => span(cell(one), column.heading === 'verdict' ? toneOf(one) : undefined);
    return { ...column, cells: groups.flatMap(({ comparisons }) => [span(''), ...comparisons.map(toned)]) };
  });
  const [head = [], ...others] = tables(first, columns, width);
  const heading = [span(`compared with ${nameOf(result.scenario.control, 80)}`, 'quiet')];
  const reading = readingOf(result).flatMap((text) => hanging([], text, Math.min(width, widestProse), 'quiet'));
  const parts = [[heading, ...head], ...others];
  return [...parts.slice(0, -1), [...parts.at(-1)!, ...reading]];
};
