import { expect, test } from 'vitest';
import { Histogram } from '../../../src/core/recording/histogram.ts';
import type { Result, TimesResult } from '../../../src/core/result/result.ts';
import { distributionOf } from '../../../src/report/telemetry/distribution.ts';
import { edgesSeconds } from '../../../src/report/telemetry/instrument.ts';
import { prometheus } from '../../../src/report/telemetry/prometheus.ts';
import { exampleResult, failing, invalid, times } from '../example-result.ts';
import { gates, hostileMarkup } from '../hostile-markup.ts';
import { locksResult } from '../locks-result.ts';
import { parsePrometheus } from './parse-prometheus.ts';

const textOf = async (result: Result): Promise<string> => (await prometheus(result))[0].text;

const read = async (result: Result) => parsePrometheus(await textOf(result));

/** The values of the samples that have these labels, in their order. */
const valuesOf = async (result: Result, name: string, labels: { readonly [label: string]: string }) =>
  ((await read(result)).get(name) ?? [])
    .filter((one) => Object.entries(labels).every(([key, is]) => one.labels?.[key] === is))
    .map(({ value }) => value);

const valueOf = async (...asked: Parameters<typeof valuesOf>) => (await valuesOf(...asked))[0];

/** Times that are known one by one, as a result has them. */
const known = (values: readonly number[]): TimesResult => {
  const histogram = Histogram.empty();
  for (const value of values) histogram.record(value);
  const { histogram: encoded } = histogram.toTimes();
  const { count, min, max, mean } = histogram;
  histogram.free();
  return { ...times(0, () => 0), count, min, max, mean: Math.round(mean * 10) / 10, histogram: encoded };
};

test('a histogram has the count of every bucket, each with those below it, the sum and the number of all', () => {
  // Two on this side of an edge, one beyond it, and one beyond the last.
  const values = [90, 95, 105, 900, 4000, 6000, 90_000, 110_000, 2_000_000, 70_000_000];
  const { counts, count, sumSeconds, minSeconds, maxSeconds } = distributionOf(known(values));
  const expected = edgesSeconds.map((edge) => values.filter((us) => us <= edge * 1e6).length);
  expect(counts.map((_, at) => counts.slice(0, at + 1).reduce((sum, one) => sum + one, 0))).toEqual([...expected, 10]);
  expect([count, minSeconds, maxSeconds]).toEqual([10, 0.000_09, 70]);
  expect(sumSeconds).toBeCloseTo(values.reduce((sum, us) => sum + us, 0) / 1e6, 6);
});

test('another program reads it: every mode, every bucket, the same counts as the document', async () => {
  const result = exampleResult();
  expect(await textOf(result)).toMatch(/^# TYPE contend_iteration_duration_seconds histogram$/mu);
  for (const { name, responseTimeUs } of result.modes) {
    const of = async (suffix: string) =>
      (await valuesOf(result, `contend_iteration_duration_seconds_${suffix}`, { mode: name })).map(Number);
    const counts = await of('bucket');
    expect(counts).toHaveLength(edgesSeconds.length + 1);
    expect(counts.toSorted((a, b) => a - b)).toEqual(counts);
    expect([counts.at(-1), await of('count')]).toEqual([responseTimeUs.count, [responseTimeUs.count]]);
    expect((await of('sum'))[0]).toBeCloseTo((responseTimeUs.mean * responseTimeUs.count) / 1e6, 6);
    // What lies at or below the p99 of the document lies in the buckets up to the next edge.
    const above = edgesSeconds.findIndex((edge) => edge * 1e6 >= responseTimeUs.p99);
    expect(counts[above]).toBeGreaterThanOrEqual(Math.floor(0.99 * responseTimeUs.count));
    expect(counts[above - 1]).toBeLessThanOrEqual(Math.ceil(0.99 * responseTimeUs.count));
  }
});

test('counts, verdicts and what was lost are those of the document', async () => {
  const result = { ...exampleResult(), gates };
  const [optimistic, lockFree] = [result.modes[2]!, result.modes[3]!];
  expect(await valueOf(result, 'contend_iterations_total', { mode: 'optimistic', outcome: 'failed' })).toBe('8');
  expect(await valueOf(result, 'contend_iterations_failures_total', { error_type: 'gave-up' })).toBe('8');
  expect(await valueOf(result, 'contend_conflicts_total', { mode: 'optimistic' })).toBe(String(optimistic.conflicts));
  expect(await valueOf(result, 'contend_requests_total', { mode: 'lock-free', http_response_status_code: '204' })).toBe(
    String(lockFree.requests.byStatus['204']),
  );
  expect(await valueOf(result, 'contend_updates_lost', { mode: 'lock-free', bound: 'at_most' })).toBe('60993');
  expect(await valueOf(result, 'contend_consistency', { mode: 'lock-free', verdict: 'violated' })).toBe('1');
  expect(await valueOf(result, 'contend_consistency', { mode: 'locked', verdict: 'violated' })).toBe('0');
  expect(await valueOf(result, 'contend_gate_verdict', { gate: 'errors(optimistic) < 0.1%', verdict: 'fail' })).toBe(
    '1',
  );
  expect(await valueOf(result, 'contend_gate_verdict', { position: '2', verdict: 'undecided' })).toBe('1');
  expect(await valueOf(failing(), 'contend_run_exit_code', {})).toBe(String(failing().exitCode));
});

test('a lock has its waits and holds', async () => {
  const result = locksResult();
  const waits = (await read(result)).get('contend_lock_wait_seconds_count')!;
  const locks = result.modes.flatMap(({ name, locks: all }) =>
    all.filter(({ waitUs }) => waitUs.count > 0).map(({ name: lock, waitUs }) => [name, lock, waitUs.count]),
  );
  expect(waits.map(({ labels, value }) => [labels?.['mode'], labels?.['lock'], Number(value)])).toEqual(locks);
  expect(locks.length).toBeGreaterThan(0);
});

test('each metric stands in it once with its help and its type, and names are those that Prometheus allows', async () => {
  for (const result of [exampleResult(), locksResult(), invalid()]) {
    const text = await textOf(result);
    const named = [...text.matchAll(/^# TYPE (\S+) (?:counter|gauge|histogram)$/gmu)].map(([, name]) => name!);
    expect(new Set(named).size).toBe(named.length);
    expect([...text.matchAll(/^# HELP (\S+) \S.*$/gmu)].map(([, name]) => name)).toEqual(named);
    for (const name of named) expect(name).toMatch(/^[a-z][a-z0-9_]*$/u);
  }
});

test('text from outside breaks no line and adds no label', async () => {
  const text = await textOf(hostileMarkup());
  for (const line of text.trimEnd().split('\n'))
    expect(line).toMatch(
      /^(?:|# (?:HELP|TYPE) \S+ .+|[a-z_]+(?:\{[a-z_]+="(?:[^"\\\n]|\\["\\n])*"(?:,[a-z_]+="(?:[^"\\\n]|\\["\\n])*")*\})? (?:[-+.\de]+|NaN))$/u,
    );
});

test('what was not measured is left out', async () => {
  const text = await textOf(exampleResult());
  expect(text).not.toContain('contend_queue_wait');
  expect(text).not.toContain('contend_group_duration');
});
