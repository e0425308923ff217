import { samplesToShow, type PercentileName } from '../../core/metric.ts';
import type { ModeResult, Result, TimesResult } from '../../core/result.ts';
import { bounds, count, duration, nothing, perSecond, ratio, share } from '../format.ts';
import { span, type Line, type Span, type Tone } from './line.ts';
import { percentile } from './percentile.ts';
import { cut, plain, widthOf } from './plain.ts';
import { tables, type Column } from './table.ts';

/** From this width on, all percentiles stand in one table. */
const roomy = 120;

/** The modes side by side: throughput, ratio to the control, response times and lost updates; then what they are made of. */
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
    of('iter/s', ({ throughputPerSecond }) => span(perSecond(throughputPerSecond))),
    ...versusControl(result, of),
  ];
  const lost = of('lost updates', lostCell(result.modes));
  const inside = [
    of('lock wait', ({ lockWaitUs }) => span(median(lockWaitUs)), 'median'),
    of('service', ({ serviceTimeUs }) => span(median(serviceTimeUs)), 'median'),
  ];
  const conflicted = result.modes.some(({ conflicts }) => conflicts > 0);
  const attempts = conflicted ? [of('attempts', attemptsCell)] : [];
  const conflicts = conflicted ? [of('conflicts', (mode) => span(count(mode.conflicts)))] : [];
  const failed = of('failed', failedCell(result.modes));

  const first: Column = { heading: 'mode', align: 'left', cells: names(result, width).map((name) => span(name)) };
  const p90 = response('p90');
  return width >= roomy
    ? [
        ...tables(first, [...ends, p50, p90, p95, p99, ...tail, lost], width),
        ...tables(first, [...inside, ...attempts, ...conflicts, failed], width),
      ]
    : [
        ...tables(first, [...ends, p50, p95, p99, lost], width),
        ...tables(first, [p90, ...tail, ...inside, ...attempts, failed], width),
      ];
};

/** The modes' names as the report prints them, safe and short, `*` behind one with a different workload. */
export const names = (result: Result, width: number): string[] =>
  result.modes.map((mode) => nameOf(mode.name, width) + (mode.differentWorkload ? '*' : ''));

/** A mode's name, safe and short. */
export const nameOf = (name: string, width: number): string => plain(name, Math.min(24, Math.floor(width / 4)));

/** The colour of a lost update: a mode that was allowed to lose some is no error. */
export const toneOfLoss = (mode: ModeResult): Tone => (mode.violations === 'forbidden' ? 'bad' : 'doubt');

type MakeColumn = (heading: string, cell: (mode: ModeResult) => Span) => Column;

const versusControl = (result: Result, of: MakeColumn): Column[] => {
  const compared = result.comparisons.filter(({ metric }) => metric === 'throughput');
  if (compared.length === 0) return [];
  const cell = (mode: ModeResult): Span => {
    if (mode.name === result.scenario.control) return span('control');
    const found = compared.find((comparison) => comparison.mode === mode.name);
    return span(found === undefined ? nothing : ratio(found.ratio));
  };
  return [of(`vs ${cut(nameOf(result.scenario.control, 80), 12)}`, cell)];
};

const lostCell = (modes: readonly ModeResult[]): ((mode: ModeResult) => Span) => {
  const counts = modes.map(lostCount);
  const shares = modes.map(({ lost }) =>
    lost === null || lost.atLeast === 0 ? '' : share(lost.atLeast, lost.acknowledged),
  );
  const cells = aligned(counts, shares);
  return (mode) => {
    const lossy = mode.lost !== null && mode.lost.atLeast > 0;
    return span(cells[modes.indexOf(mode)]!, lossy ? toneOfLoss(mode) : undefined);
  };
};

const lostCount = ({ lost, consistency }: ModeResult): string => {
  if (lost === null || consistency?.verdict === 'not-exercised') return nothing;
  if (consistency?.verdict === 'unknown' && lost.atLeast === 0) return 'unknown';
  return bounds(lost.atLeast, lost.atMost);
};

const failedCell = (modes: readonly ModeResult[]): ((mode: ModeResult) => Span) => {
  const cells = aligned(
    modes.map(({ iterations }) => count(iterations.failed)),
    modes.map(({ iterations }) => (iterations.failed === 0 ? '' : share(iterations.failed, iterations.begun))),
  );
  return (mode) => span(cells[modes.indexOf(mode)]!, mode.iterations.failed > 0 ? 'doubt' : undefined);
};

const attemptsCell = ({ attempts, iterations }: ModeResult): Span =>
  span(iterations.begun === 0 ? nothing : (attempts / iterations.begun).toFixed(1));

const median = (times: TimesResult): string => (times.count < samplesToShow('p50') ? nothing : duration(times.p50));

const largest = (times: TimesResult): string => (times.count === 0 ? nothing : duration(times.max));

/** A count and its share in one cell, each under its like. */
const aligned = (counts: readonly string[], shares: readonly string[]): string[] => {
  const [left, right] = [counts, shares].map((texts) => Math.max(...texts.map(widthOf)));
  return counts.map((text, at) => text.padStart(left!) + (right === 0 ? '' : `  ${shares[at]!.padStart(right!)}`));
};
