import type { PercentileName } from '../../../core/metric.ts';
import { keptUp } from '../../../core/result/open-load.ts';
import type { ModeResult, Result } from '../../../core/result/result.ts';
import { comparedBy, failedShare, largest, lostCount, lostShare, median, versusControl } from '../../sections/cells.ts';
import { count, perSecond } from '../../format.ts';
import { hasLocks } from '../../sections/locks.ts';
import { span, type Line, type Span } from '../layout/line.ts';
import { percentile } from '../../sections/percentile.ts';
import { cut } from '../../plain.ts';
import { nameOf, names, toneOfLoss } from '../names.ts';
import { aligned, tables, type Column } from '../layout/table.ts';

/** From this width on, all percentiles share one table. */
const roomy = 120;

/** The modes side by side: throughput, ratio to the control, response times and lost updates; then what these are made of. */
export const modesSideBySide = (result: Result, width: number): Line[][] => {
  const of = (heading: string, cell: (mode: ModeResult) => Span, group?: string): Column => ({
    heading,
    align: 'right',
    cells: result.modes.map(cell),
    ...(group === undefined ? {} : { group }),
  });
  const response = (name: PercentileName, heading: string = name): Column =>
    of(heading, (mode) => span(percentile(mode, name)), 'response time');
  const [p50, p95, p99] = [response('p50'), response('p95'), response('p99')];
  const tail = [response('p999', 'p99.9'), of('max', ({ responseTimeUs }) => span(largest(responseTimeUs)), p50.group)];
  const ends = [
    of('iter/s', (mode) => span(perSecond(mode.throughputPerSecond), keptUp(mode) ? undefined : 'doubt')),
    ...comparedWithControl(result, of, 'throughput'),
  ];
  const beside = comparedWithControl(result, of, 'p99');
  // A mode without consistency, or whose model adds nothing up, has no count of lost updates.
  const lost = result.modes.some((mode) => mode.lost !== null) ? [of('lost updates', lostCell(result.modes))] : [];
  const inside = [
    // Locks have a table of their own.
    ...(hasLocks(result) ? [] : [of('lock wait', ({ lockWaitUs }) => span(median(lockWaitUs)), 'median')]),
    of('service', ({ serviceTimeUs }) => span(median(serviceTimeUs)), 'median'),
  ];
  const failed = of('failed', failedCell(result.modes));

  const first: Column = { heading: 'mode', align: 'left', cells: names(result, width).map((name) => span(name)) };
  const p90 = response('p90');
  return width >= roomy
    ? [
        ...tables(first, [...ends, p50, p90, p95, p99, ...tail, ...beside, ...lost], width),
        ...tables(first, [...inside, failed], width),
      ]
    : [
        ...tables(first, [...ends, p50, p95, p99, ...beside, ...lost], width),
        ...tables(first, [p90, ...tail, ...inside, failed], width),
      ];
};

type MakeColumn = (heading: string, cell: (mode: ModeResult) => Span) => Column;

const comparedWithControl = (result: Result, of: MakeColumn, metric: 'throughput' | 'p99'): Column[] => {
  if (comparedBy(result) !== metric) return [];
  const control = `vs ${cut(nameOf(result.scenario.control, 80), 12)}`;
  return [of(metric === 'p99' ? `p99 ${control}` : control, (mode) => span(versusControl(result, mode)))];
};

const lostCell = (modes: readonly ModeResult[]): ((mode: ModeResult) => Span) => {
  const cells = aligned(modes.map(lostCount), modes.map(lostShare));
  return (mode) => {
    const lossy = mode.lost !== null && mode.lost.atLeast > 0;
    return span(cells[modes.indexOf(mode)]!, lossy ? toneOfLoss(mode) : undefined);
  };
};

const failedCell = (modes: readonly ModeResult[]): ((mode: ModeResult) => Span) => {
  const cells = aligned(
    modes.map(({ iterations }) => count(iterations.failed)),
    modes.map(failedShare),
  );
  return (mode) => span(cells[modes.indexOf(mode)]!, mode.iterations.failed > 0 ? 'doubt' : undefined);
};
