import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, test } from 'vitest';
import { ContendError } from '../../src/core/errors.ts';
import { otlpSettingsOf, type OtlpFlags } from '../../src/cli/flags/otlp.ts';
import { openOtlp } from '../../src/cli/write/otlp.ts';
import type { Result } from '../../src/core/result/result.ts';
import { exampleResult } from '../report/example-result.ts';
import { locksResult } from '../report/locks-result.ts';
import { attributesOf, openCollector, type Answer, type Collector } from './collector.ts';
import { scriptedHost } from './host.ts';

type Env = Parameters<typeof otlpSettingsOf>[1];

const accepted = { status: 200, body: { partialSuccess: {} } };

/** Pushes a result, and gives what was said on stderr. */
const push = async (
  flags: OtlpFlags,
  {
    env = {},
    result = exampleResult(),
    signal = new AbortController().signal,
  }: {
    readonly env?: Env;
    readonly result?: Result;
    readonly signal?: AbortSignal;
  } = {},
): Promise<string> => {
  const { host, stderr } = scriptedHost([], { env, wallClockMs: () => Date.parse('2026-10-01T12:00:00.250Z') });
  const send = await openOtlp(host, otlpSettingsOf(flags, env)!);
  await send(result, signal);
  return stderr();
};

const collecting = (answer: Answer = accepted): Promise<Collector> => openCollector(() => answer);

test('an answer that drips in is waited for no longer than was said, and its connection is closed', async () => {
  let closed: Promise<unknown> | undefined;
  const server = createServer((request, response) => {
    // A reset is a close like any other, and no error of the test.
    closed = new Promise((resolve) => request.socket.once('close', resolve));
    request.resume();
    response.writeHead(200, { 'content-type': 'application/json' }).write('{');
    const drip = setInterval(() => response.write(' '), 20);
    request.socket.once('close', () => clearInterval(drip));
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  try {
    const { port } = server.address() as AddressInfo;
    const said = await push({ otlp: `http://127.0.0.1:${port}` }, { env: { OTEL_EXPORTER_OTLP_TIMEOUT: '300' } });
    expect(said).toMatch(/^contend: the metrics did not reach http:\/\/127\.0\.0\.1:\d+\/v1\/metrics: /u);
    await closed;
  } finally {
    server.closeAllConnections();
    server.close();
  }
});

describe('a collector', () => {
  test('gets every mode in the form of OTLP, cumulative since the run began, with the numbers of the document', async () => {
    await using collector = await collecting();
    const result = { ...locksResult(), startedAt: '2026-10-01T11:59:00.000Z' };
    expect(await push({ otlp: collector.origin }, { result })).toBe('');
    const [{ path, headers, metrics, resource }] = collector.exports as [Collector['exports'][number]];
    expect([collector.exports.length, path]).toEqual([1, '/v1/metrics']);
    expect(headers).toMatchObject({ 'content-type': 'application/json' });
    expect(resource).toMatchObject({ 'service.name': 'contend', 'contend.scenario': result.scenario.name });
    const duration = metrics.find(({ name }) => name === 'contend.iteration.duration')!;
    expect(duration.unit).toBe('s');
    expect(
      duration.histogram!.dataPoints.map(({ attributes, count }) => [attributesOf(attributes)['mode'], count]),
    ).toEqual(result.modes.map(({ name, responseTimeUs }) => [name, responseTimeUs.count]));
    for (const { startTimeUnixNano, timeUnixNano } of duration.histogram!.dataPoints)
      expect([startTimeUnixNano, timeUnixNano]).toEqual(['1790855940000000000', '1790856000250000000']);
    const requests = metrics.find(({ name }) => name === 'contend.requests')!.sum!;
    expect(requests.isMonotonic).toBe(true);
    expect(requests.dataPoints.reduce((sum, { asInt = 0 }) => sum + asInt, 0)).toBe(
      result.modes
        .flatMap(({ requests: { byStatus, byError } }) => [...Object.values(byStatus), ...Object.values(byError)])
        .reduce((sum, count) => sum + count, 0),
    );
    expect(
      requests.dataPoints.map(({ attributes }) => attributesOf(attributes)['http.response.status_code']),
    ).toContain(200);
    const throughput = metrics.find(({ name }) => name === 'contend.throughput')!.gauge!;
    expect(throughput.dataPoints.map(({ asDouble }) => asDouble)).toEqual(
      result.modes.map(({ throughputPerSecond }) => throughputPerSecond),
    );
  });

  test('gets headers and resource from the environment, as any program of OpenTelemetry would send them, and flags before them', async () => {
    await using collector = await collecting();
    const env = {
      OTEL_EXPORTER_OTLP_HEADERS: 'X-Tenant=a%20b, x-key=from-env',
      OTEL_EXPORTER_OTLP_METRICS_HEADERS: 'x-more=1',
      OTEL_RESOURCE_ATTRIBUTES: 'deployment.environment.name=ci,service.name=not-this',
      OTEL_SERVICE_NAME: 'shop-load',
    };
    await push({ otlp: `${collector.origin}/otlp/`, otlpHeader: ['X-Key: from-flag'] }, { env });
    expect(collector.exports[0]).toMatchObject({
      path: '/otlp/v1/metrics',
      headers: { 'x-tenant': 'a b', 'x-key': 'from-flag', 'x-more': '1' },
      resource: { 'service.name': 'shop-load', 'deployment.environment.name': 'ci' },
    });
  });

  test('that refuses is told of, with what it said, and without the key that it repeats', async () => {
    await using collector = await collecting({ status: 403, body: { message: 'no such key: abcdef-123456' } });
    const said = await push({
      otlp: `${collector.origin}/?k=query-key`,
      otlpHeader: ['authorization: Bearer abcdef-123456'],
    });
    expect(said).toBe(
      `contend: the metrics did not reach ${collector.origin}/v1/metrics: 403 Forbidden, {"message":"no such key: ***"}. The exit code does not change.\n`,
    );
  });

  test('that takes only a part says so', async () => {
    await using collector = await collecting({
      status: 200,
      body: { partialSuccess: { rejectedDataPoints: 3, errorMessage: 'too many labels' } },
    });
    expect(await push({ otlp: collector.origin })).toMatch(/^contend: the collector at .*too many labels.*\n$/u);
  });

  test('that does not answer is waited for no longer than the timeout, and after 2 s people are told', async () => {
    await using collector = await openCollector(() => undefined);
    const said = await push({ otlp: collector.origin }, { env: { OTEL_EXPORTER_OTLP_TIMEOUT: '2200' } });
    expect(said.split('\n')).toEqual([
      `contend: waiting for ${collector.origin}/v1/metrics, 2.2 s at most`,
      expect.stringMatching(
        /^contend: the metrics did not reach .*: Request timed out\. The exit code does not change\.$/u,
      ),
      '',
    ]);
    expect(collector.exports).toHaveLength(1);
  });

  test('that does not answer is left by an interrupt', async () => {
    const interrupt = new AbortController();
    await using collector = await openCollector(() => {
      interrupt.abort();
      return undefined;
    });
    expect(await push({ otlp: collector.origin }, { signal: interrupt.signal })).toContain('interrupted');
  });
});

describe('what is asked for', () => {
  const urlOf = (otlp: string): string | undefined => otlpSettingsOf({ otlp }, {})?.url;

  test('the path of the signal comes after that of the address, once', () => {
    expect(urlOf('http://localhost:4318')).toBe('http://localhost:4318/v1/metrics');
    expect(urlOf('https://otlp.example.com/api/otlp/?x=1')).toBe('https://otlp.example.com/api/otlp/v1/metrics?x=1');
    expect(urlOf('http://localhost:9090/api/v1/otlp/v1/metrics')).toBe('http://localhost:9090/api/v1/otlp/v1/metrics');
  });

  test('CONTEND_OTLP stands in for the flag, and without either nothing is pushed, whatever OTEL_… says', () => {
    const env = { CONTEND_OTLP: 'http://one:4318', OTEL_EXPORTER_OTLP_METRICS_TIMEOUT: '500' };
    expect(otlpSettingsOf({}, env)).toMatchObject({ url: 'http://one:4318/v1/metrics', timeoutMs: 500 });
    expect(otlpSettingsOf({ otlp: 'http://two:4318' }, env)?.url).toBe('http://two:4318/v1/metrics');
    expect(otlpSettingsOf({}, { OTEL_EXPORTER_OTLP_ENDPOINT: 'http://three:4318' })).toBeUndefined();
  });

  test.each<readonly [OtlpFlags, Env, string]>([
    [{ otlp: 'localhost:4318' }, {}, '--otlp takes an http:// or https:// address.'],
    [{ otlp: 'http://me:hidden@localhost' }, {}, '--otlp takes no password in the address.'],
    [{}, { CONTEND_OTLP: 'grpc://x' }, 'CONTEND_OTLP takes an http:// or https:// address.'],
    [{ otlpHeader: ['x: y'] }, {}, '--otlp-header needs an address.'],
    [
      { otlp: 'http://x', otlpHeader: ['hidden'] },
      {},
      '--otlp-header needs a name and a value that a header may have.',
    ],
    [
      { otlp: 'http://x' },
      { OTEL_EXPORTER_OTLP_HEADERS: 'hidden' },
      'OTEL_EXPORTER_OTLP_HEADERS is not a list of names and values.',
    ],
    [
      { otlp: 'http://x' },
      { OTEL_EXPORTER_OTLP_HEADERS: 'k=%zz' },
      'OTEL_EXPORTER_OTLP_HEADERS is not a list of names and values.',
    ],
    [
      { otlp: 'http://x' },
      { OTEL_EXPORTER_OTLP_TIMEOUT: '10s' },
      'OTEL_EXPORTER_OTLP_TIMEOUT must be a number of milliseconds, not "10s".',
    ],
  ])('%j with %j is refused, and no value of a header is repeated', (flags, env, message) => {
    let refused: unknown;
    try {
      otlpSettingsOf(flags, env);
    } catch (error) {
      refused = error;
    }
    expect(refused).toBeInstanceOf(ContendError);
    expect((refused as ContendError).message).toBe(message);
    expect(`${message}${(refused as ContendError).hint}`).not.toContain('hidden');
  });
});
