import { isOpen, keptUp } from '../../../core/result/open-load.ts';
import type { Comparison, ModeResult, Result } from '../../../core/result/result.ts';
import { comparedBy, droppedShare } from '../../sections/cells.ts';
import { dataWordOf } from '../../sections/data.ts';
import { percentile } from '../../sections/percentile.ts';
import { count, nothing, perSecond } from '../../format.ts';
import { cut, plain } from '../../plain.ts';
import { span, type Line, type Span } from '../layout/line.ts';
import { tables, type Column } from '../layout/table.ts';
import { nameOf, names, toneOfLoss } from '../names.ts';

/** The modes in one table: data, rate, ratio to the control with its interval, p50, p99 and failures. */
export const modesInOneTable = (result: Result, width: number): Line[][] => {
  const rows = result.modes.map((mode, at) => ({ mode, name: nameIn(result, mode, names(result, width)[at]!) }));
  const column = (heading: string, cell: (mode: ModeResult) => Span, align: Column['align'] = 'right'): Column => ({
    heading,
    align,
    cells: rows.flatMap(({ mode }) => [cell(mode), ...(isNoted(mode) ? [span('')] : [])]),
  });
  const isJudged = result.modes.some(({ consistency }) => consistency !== null);
  const first: Column = {
    heading: 'mode',
    align: 'left',
    cells: rows.flatMap(({ mode, name }) => [name, ...(isNoted(mode) ? [span('')] : [])]),
  };
  const compared = comparedBy(result);
  const beside: Column[] =
    compared === undefined
      ? []
      : [
          {
            heading: `${compared === 'p99' ? 'p99 ' : ''}vs ${cut(nameOf(result.scenario.control, 80), 12)}`,
            align: 'left',
            cells: rows.flatMap(({ mode }) => [versus(result, mode, compared), ...(isNoted(mode) ? [span('')] : [])]),
          },
        ];
  const columns = [
    ...(isJudged ? [dataColumn(result.modes)] : []),
    column('iter/s', (mode) => span(perSecond(mode.throughputPerSecond), keptUp(mode) ? undefined : 'doubt')),
    ...(result.modes.some(isOpen) ? [column('kept up', keptUpCell, 'left')] : []),
    ...beside,
    column('p50', (mode) => span(percentile(mode, 'p50'))),
    column('p99', (mode) => span(percentile(mode, 'p99'))),
    column('failed', ({ iterations: { failed } }) => span(count(failed), failed > 0 ? 'doubt' : undefined)),
  ];
  return tables(first, columns, width);
};

/** Whether a line under the mode says that what is wrong there may be so. */
const isNoted = (mode: ModeResult): boolean => {
  const data = dataWordOf(mode);
  return data?.is === 'wrong' && data.isAllowed;
};

const nameIn = ({ cheapest }: Result, { name }: ModeResult, shown: string): Span => {
  const isNamed = (cheapest?.is === 'one' || cheapest?.is === 'level') && cheapest.modes.includes(name);
  return isNamed ? span(`${shown} ◀`, 'strong') : span(shown);
};

const dataColumn = (modes: readonly ModeResult[]): Column => ({
  heading: 'data',
  align: 'left',
  cells: modes.flatMap((mode) => {
    const data = dataWordOf(mode);
    if (data === undefined) return [span(nothing)];
    const tone = data.is === 'wrong' ? toneOfLoss(mode) : data.is === 'open' ? 'doubt' : undefined;
    return [span(data.text, tone), ...(isNoted(mode) ? [span('(allowed)', 'quiet')] : [])];
  }),
});

const keptUpCell = (mode: ModeResult): Span => {
  if (!isOpen(mode)) return span(nothing);
  if (keptUp(mode)) return span('yes');
  const share = droppedShare(mode);
  return span(share === '' ? 'no' : `no, ${share} dropped`, 'doubt');
};

const versus = (result: Result, { name }: ModeResult, metric: 'throughput' | 'p99'): Span => {
  if (name === result.scenario.control) return span('control', 'quiet');
  const found = result.comparisons.find((one) => one.mode === name && one.metric === metric);
  return found === undefined ? span(nothing) : span(ratioWithInterval(found));
};

/** `6.90 (6.69-7.28)` */
const ratioWithInterval = ({ ratio, low, high }: Comparison): string =>
  plain(`${digits(ratio)}${low === null || high === null ? '' : ` (${digits(low)}-${digits(high)})`}`, 30);

const digits = (value: number): string =>
  value >= 99.95
    ? count(value)
    : value >= 9.995
      ? value.toFixed(1)
      : value >= 0.0995
        ? value.toFixed(2)
        : value.toPrecision(2);
