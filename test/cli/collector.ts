import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Ajv } from 'ajv';

/** What a collector was sent. */
export interface Export {
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly metrics: readonly ExportedMetric[];
  readonly resource: { readonly [name: string]: unknown };
}

/** A metric as OTLP has it in JSON, as far as the tests ask. */
export interface ExportedMetric {
  readonly name: string;
  readonly unit: string;
  readonly sum?: { readonly isMonotonic: boolean; readonly dataPoints: readonly NumberPoint[] };
  readonly gauge?: { readonly dataPoints: readonly NumberPoint[] };
  readonly histogram?: { readonly dataPoints: readonly HistogramPoint[] };
}

interface KeyValue {
  readonly key: string;
  readonly value: { readonly stringValue?: string; readonly intValue?: number };
}

interface NumberPoint {
  readonly attributes: readonly KeyValue[];
  readonly asInt?: number;
  readonly asDouble?: number;
}

interface HistogramPoint {
  readonly attributes: readonly KeyValue[];
  readonly count: number;
  readonly sum: number;
  readonly bucketCounts: readonly number[];
  readonly explicitBounds: readonly number[];
  readonly startTimeUnixNano: string;
  readonly timeUnixNano: string;
}

/** A collector on the loopback interface. */
export interface Collector extends AsyncDisposable {
  readonly origin: string;
  readonly exports: readonly Export[];
}

/** A status, and what is said with it; `undefined`: no answer ever comes. */
export type Answer = { readonly status: number; readonly body?: unknown } | undefined;

/** Opens a collector that refuses with 400 what is not in the schema of OTLP, and otherwise answers as it is told. */
export const openCollector = async (answer: (headers: IncomingHttpHeaders) => Answer): Promise<Collector> => {
  const exports: Export[] = [];
  const server = createServer((request, response) => {
    let text = '';
    request.setEncoding('utf8').on('data', (chunk: string) => void (text += chunk));
    request.on('end', () => {
      const sent: unknown = JSON.parse(text);
      const problem = problemOf(sent);
      if (problem === undefined) exports.push({ path: request.url!, headers: request.headers, ...partsOf(sent) });
      const { status, body = {} } =
        problem === undefined ? (answer(request.headers) ?? {}) : { status: 400, body: { message: problem } };
      if (status !== undefined)
        response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
    });
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  return {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    exports,
    [Symbol.asyncDispose]: async () => {
      const closed = once(server.close(), 'close');
      server.closeAllConnections();
      await closed;
    },
  };
};

/** The attributes of a point as a map. */
export const attributesOf = (attributes: readonly KeyValue[]): { readonly [name: string]: unknown } =>
  Object.fromEntries(attributes.map(({ key, value }) => [key, value.stringValue ?? value.intValue]));

const partsOf = (sent: unknown): Pick<Export, 'metrics' | 'resource'> => {
  const { resourceMetrics } = sent as {
    readonly resourceMetrics: readonly {
      readonly resource: { readonly attributes: readonly KeyValue[] };
      readonly scopeMetrics: readonly { readonly metrics: readonly ExportedMetric[] }[];
    }[];
  };
  return {
    metrics: resourceMetrics.flatMap(({ scopeMetrics }) => scopeMetrics.flatMap(({ metrics }) => metrics)),
    resource: attributesOf(resourceMetrics.flatMap(({ resource }) => resource.attributes)),
  };
};

const object = (properties: { readonly [name: string]: object }, required: readonly string[] = []) => ({
  type: 'object',
  additionalProperties: false,
  properties,
  required,
});
const listOf = (items: object) => ({ type: 'array', items });
const text = { type: 'string' };
const double = { type: 'number' };
/** 64 bits: a text of digits, as protobuf writes them in JSON, or a number, as all decoders take it. */
const fixed64 = {
  anyOf: [
    { type: 'string', pattern: '^\\d+$' },
    { type: 'integer', minimum: 0 },
  ],
};
const attributes = listOf(
  object(
    {
      key: { type: 'string', minLength: 1 },
      value: {
        ...object({ stringValue: text, intValue: { type: ['integer', 'string'] }, doubleValue: double, boolValue: {} }),
        minProperties: 1,
        maxProperties: 1,
      },
    },
    ['key', 'value'],
  ),
);
const pointFields = { attributes, startTimeUnixNano: fixed64, timeUnixNano: fixed64, flags: { type: 'integer' } };
const numberPoints = listOf({
  ...object({ ...pointFields, asInt: { type: ['integer', 'string'] }, asDouble: double }, ['timeUnixNano']),
  oneOf: [{ required: ['asInt'] }, { required: ['asDouble'] }],
});
const histogramPoints = listOf(
  object(
    {
      ...pointFields,
      count: fixed64,
      sum: double,
      min: double,
      max: double,
      bucketCounts: listOf(fixed64),
      explicitBounds: listOf(double),
    },
    ['timeUnixNano', 'count', 'bucketCounts', 'explicitBounds'],
  ),
);
const temporality = { enum: [1, 2] };
const metric = {
  ...object(
    {
      name: { type: 'string', minLength: 1 },
      description: text,
      unit: text,
      gauge: object({ dataPoints: numberPoints }, ['dataPoints']),
      sum: object({ dataPoints: numberPoints, aggregationTemporality: temporality, isMonotonic: { type: 'boolean' } }, [
        'dataPoints',
        'aggregationTemporality',
      ]),
      histogram: object({ dataPoints: histogramPoints, aggregationTemporality: temporality }, [
        'dataPoints',
        'aggregationTemporality',
      ]),
    },
    ['name'],
  ),
  oneOf: [{ required: ['gauge'] }, { required: ['sum'] }, { required: ['histogram'] }],
};
const dropped = { droppedAttributesCount: { type: 'integer', minimum: 0 } };

/** `ExportMetricsServiceRequest` of opentelemetry-proto, of its points those that contend has a use for. */
const isExport = new Ajv({ allErrors: true, strict: true, strictRequired: false, allowUnionTypes: true }).compile(
  object(
    {
      resourceMetrics: listOf(
        object(
          {
            resource: object({ attributes, ...dropped }),
            schemaUrl: text,
            scopeMetrics: listOf(
              object({
                scope: object({ name: text, version: text, attributes, ...dropped }),
                schemaUrl: text,
                metrics: listOf(metric),
              }),
            ),
          },
          ['resource', 'scopeMetrics'],
        ),
      ),
    },
    ['resourceMetrics'],
  ),
);

/** What the schema cannot say: a bucket more than edges, which rise, and counts that add up. */
const problemOf = (sent: unknown): string | undefined => {
  if (!isExport(sent)) return JSON.stringify(isExport.errors);
  for (const { name, histogram } of partsOf(sent).metrics) {
    for (const { count, bucketCounts, explicitBounds, startTimeUnixNano, timeUnixNano } of histogram?.dataPoints ??
      []) {
      if (bucketCounts.length !== explicitBounds.length + 1) return `${name}: ${bucketCounts.length} buckets`;
      if (bucketCounts.reduce((sum, one) => sum + one, 0) !== count) return `${name}: counts do not add up`;
      if (explicitBounds.some((edge, at) => at > 0 && edge <= explicitBounds[at - 1]!)) return `${name}: edges fall`;
      if (BigInt(timeUnixNano) < BigInt(startTimeUnixNano)) return `${name}: ended before it began`;
    }
  }
  return undefined;
};
