import { isOpen, keptUp } from '../../../core/result/open-load.ts';
import type { ModeResult, Result } from '../../../core/result/result.ts';
import { droppedShare, offeredRate, timeAt } from '../../sections/cells.ts';
import { differ, transportOf } from '../../sections/facts.ts';
import { count, nothing } from '../../format.ts';
import { plain } from '../../plain.ts';
import { span, type Line, type Span } from '../layout/line.ts';
import { names } from '../names.ts';
import { aligned, tables, type Column } from '../layout/table.ts';

/** How the load was generated: what an open load offered and how punctually, and how modes differ apart from their locks. */
export const loads = (result: Result, width: number): Line[][] => {
  const { modes } = result;
  const of = (heading: string, cell: (mode: ModeResult) => Span, group?: string): Column => ({
    heading,
    align: 'right',
    cells: modes.map(cell),
    ...(group === undefined ? {} : { group }),
  });
  const dropped = aligned(
    modes.map((mode) => (isOpen(mode) ? count(mode.iterations.dropped) : nothing)),
    modes.map(droppedShare),
  );
  const times = (group: string, field: 'queueWaitUs' | 'sendLagUs'): Column[] =>
    (['p50', 'p99'] as const).map((name) =>
      of(name, (mode) => span(isOpen(mode) ? timeAt(mode[field], name) : nothing), group),
    );
  const open = [
    of('offered', (mode) => span(offeredRate(mode), keptUp(mode) ? undefined : 'doubt')),
    of('dropped', (mode) => span(dropped[modes.indexOf(mode)]!, mode.iterations.dropped > 0 ? 'doubt' : undefined)),
    ...times('queue wait', 'queueWaitUs'),
    ...times('send lag', 'sendLagUs'),
    of('pacing', ({ offered }) => span(offered?.pacing ?? nothing)),
  ];
  const columns = [
    ...(modes.some(isOpen) ? open : []),
    ...(differ(modes, 'users') ? [of('users', ({ users }) => span(count(users)))] : []),
    ...(differ(modes, 'workers') ? [of('workers', ({ workers }) => span(count(workers)))] : []),
    ...(differ(modes, 'transport') ? [of('transport', (mode) => span(plain(transportOf(mode), 24)))] : []),
  ];
  const first: Column = { heading: 'mode', align: 'left', cells: names(result, width).map((name) => span(name)) };
  return columns.length === 0 ? [] : tables(first, columns, width);
};
