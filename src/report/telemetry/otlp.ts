import type { HrTime } from '@opentelemetry/api';
import type { DataPoint, MetricData, ResourceMetrics } from '@opentelemetry/sdk-metrics';
import { loadOptional } from '../../core/optional-package.ts';
import type { Result } from '../../core/result/result.ts';
import { plain } from '../plain.ts';
import { edgesSeconds, type Instrument, type Point } from './instrument.ts';
import { instrumentsOf } from './instruments.ts';

/** What tells a run from others in addition to its name: OpenTelemetry's `OTEL_RESOURCE_ATTRIBUTES`. */
export interface ResourceAttributes {
  readonly [name: string]: string;
}

/** Turns a result into what an OTLP exporter sends; `endedMs` is since 1970. */
export type ToOtlp = (result: Result, endedMs: number, given: ResourceAttributes) => ResourceMetrics;

/** The packages that OTLP needs. */
export const otlpPackages: readonly string[] = [
  '@opentelemetry/api',
  '@opentelemetry/resources',
  '@opentelemetry/sdk-metrics',
  '@opentelemetry/exporter-metrics-otlp-http',
];

/**
 * Loads OpenTelemetry's types of metrics, and gives a function that converts a result: to cumulative sums and to histograms with
 * explicit buckets, which start when the run began.
 *
 * @throws {ContendError} ERR_MISSING_PACKAGE
 */
export const loadOtlp = async (): Promise<ToOtlp> => {
  const [{ ValueType }, { resourceFromAttributes }, { AggregationTemporality, DataPointType }] = await loadOptional(
    async () =>
      Promise.all([
        import('@opentelemetry/api'),
        import('@opentelemetry/resources'),
        import('@opentelemetry/sdk-metrics'),
      ]),
    { user: '--otlp', name: '@opentelemetry/sdk-metrics', install: otlpPackages },
  );

  const dataOf = (instrument: Instrument, times: Times): MetricData => {
    const isWhole = instrument.kind === 'counter';
    const common = {
      descriptor: {
        name: instrument.name,
        description: instrument.help,
        unit: instrument.unit,
        valueType: isWhole ? ValueType.INT : ValueType.DOUBLE,
      },
      aggregationTemporality: AggregationTemporality.CUMULATIVE,
    };
    if (instrument.kind === 'gauge')
      return { ...common, dataPointType: DataPointType.GAUGE, dataPoints: instrument.points.map(at(times)) };
    if (isWhole)
      return {
        ...common,
        dataPointType: DataPointType.SUM,
        isMonotonic: true,
        dataPoints: instrument.points.map(at(times)),
      };
    return {
      ...common,
      dataPointType: DataPointType.HISTOGRAM,
      dataPoints: instrument.points
        .map(({ attributes, value }) => ({
          attributes,
          value: {
            buckets: { boundaries: [...edgesSeconds], counts: [...value.counts] },
            count: value.count,
            sum: value.sumSeconds,
            min: value.minSeconds,
            max: value.maxSeconds,
          },
        }))
        .map(at(times)),
    };
  };

  return (result, endedMs, given) => {
    const { tool, scenario, startedAt } = result;
    const times = { startTime: hrTime(Date.parse(startedAt)), endTime: hrTime(endedMs) };
    return {
      resource: resourceFromAttributes({
        'service.name': tool.name,
        'service.version': tool.version,
        'contend.scenario': plain(scenario.name, 200),
        ...given,
      }),
      scopeMetrics: [
        {
          scope: { name: tool.name, version: tool.version },
          metrics: instrumentsOf(result).map((instrument) => dataOf(instrument, times)),
        },
      ],
    };
  };
};

interface Times {
  readonly startTime: HrTime;
  readonly endTime: HrTime;
}

const at =
  (times: Times) =>
  <Value>({ attributes, value }: Point<Value>): DataPoint<Value> => ({
    ...times,
    attributes: { ...attributes },
    value,
  });

const hrTime = (ms: number): HrTime => [Math.floor(ms / 1000), Math.round((ms % 1000) * 1e6)];
