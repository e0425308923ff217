import { loadOptional } from '../../core/optional-package.ts';
import type { File } from '../../core/file.ts';
import type { Result } from '../../core/result/result.ts';
import { edgesSeconds, type Attributes, type Distribution, type Instrument, type Point } from './instrument.ts';
import { instrumentsOf } from './instruments.ts';

/**
 * `metrics.prom`, in Prometheus's text format 0.0.4, without timestamps, for a textfile collector or a Pushgateway.
 *
 * Names are those that Prometheus gives to the same result sent over OTLP.
 *
 * @throws {ContendError} ERR_MISSING_PACKAGE without `prom-client`
 */
export const prometheus = async (result: Result): Promise<readonly [File]> => {
  const { AggregatorRegistry } = await loadPrometheus();
  // It is made for the counts of other processes, but is the library's only way to take a whole histogram.
  const registry = AggregatorRegistry.aggregate([instrumentsOf(result).map(metricOf)]);
  return [{ name: 'metrics.prom', text: await registry.metrics() }];
};

/** Loads the package that writes the format. @throws {ContendError} ERR_MISSING_PACKAGE */
export const loadPrometheus = async () => {
  const loaded = await loadOptional(() => import('prom-client'), { user: 'Prometheus text', name: 'prom-client' });
  return loaded.default;
};

/** In the form of another process's `getMetricsAsJSON`. */
const metricOf = (instrument: Instrument) => {
  const name = nameOf(instrument);
  return {
    name,
    help: instrument.help,
    type: instrument.kind,
    aggregator: 'first',
    values:
      instrument.kind === 'histogram'
        ? instrument.points.flatMap((point) => bucketsOf(name, point))
        : instrument.points.map(({ attributes, value }) => ({ metricName: name, labels: labelsOf(attributes), value })),
  };
};

/** Cumulative, as the format requires: every bucket includes those below it. */
const bucketsOf = (name: string, { attributes, value }: Point<Distribution>) => {
  const labels = labelsOf(attributes);
  let below = 0;
  return [
    ...value.counts.map((count, at) => {
      below += count;
      return { metricName: `${name}_bucket`, labels: { ...labels, le: edgesSeconds[at] ?? '+Inf' }, value: below };
    }),
    { metricName: `${name}_sum`, labels, value: value.sumSeconds },
    { metricName: `${name}_count`, labels, value: value.count },
  ];
};

/** Name and unit, joined by OpenTelemetry's compatibility rules. */
const nameOf = ({ name, unit, kind }: Instrument): string => {
  const suffixes = [
    ...(unit === 's' ? ['seconds'] : []),
    ...(unit === 'By' ? ['bytes'] : []),
    ...(unit.endsWith('/s') ? ['per_second'] : []),
    ...(unit === '1' && kind === 'gauge' ? ['ratio'] : []),
    ...(kind === 'counter' ? ['total'] : []),
  ];
  return [name.replaceAll('.', '_'), ...suffixes].join('_');
};

const labelsOf = (attributes: Attributes): Attributes =>
  Object.fromEntries(Object.entries(attributes).map(([name, value]) => [name.replaceAll('.', '_'), value]));
