import { execFileSync } from 'node:child_process';
import { mkdtemp, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { parsePrometheus } from '../report/telemetry/parse-prometheus.ts';
import { openCollector } from './collector.ts';
import { assertNoLeftovers, contend, contendHere } from './contend.ts';
import { documentOf } from './document.ts';
import { openServer } from './server.ts';

let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'contend-exports-'));
});

afterAll(() => rm(folder, { recursive: true }));

afterEach(assertNoLeftovers);

test('a run leaves its metrics in a file and with a collector, and both have the counts of its document', async () => {
  await using server = await openServer(() => 200);
  await using collector = await openCollector(() => ({ status: 200, body: {} }));
  const file = join(folder, 'run.prom');
  // What a link leads to is written, and the link stays.
  await writeFile(join(folder, 'real.prom'), 'old');
  await symlink('real.prom', file);
  const flags = ['-n', '40', '-c', '4', '-q', '--json', '--prometheus', file, '--otlp', collector.origin];
  const ended = await contendHere(['run', `${server.origin}/products/1`, '--modes', 'mutex,none', ...flags]);
  expect(ended).toMatchObject({ code: 0, stderr: '' });
  const text = await readFile(join(folder, 'real.prom'), 'utf8');
  expect(await readFile(file, 'utf8')).toBe(text);
  const samples = parsePrometheus(text).get('contend_iteration_duration_seconds_count')!;
  expect(samples.map(({ labels, value }) => [labels?.['mode'], Number(value)])).toEqual(
    documentOf(ended.stdout).modes.map(({ name, responseTimeUs }) => [name, responseTimeUs.count]),
  );
  expect(collector.exports).toHaveLength(1);
  const requests = parsePrometheus(text).get('http_client_request_duration_seconds_count')!;
  expect(requests.map(({ labels }) => labels?.['http_request_method'])).toEqual(['GET', 'GET']);
  const document = join(folder, 'result.json');
  await writeFile(document, ended.stdout);
  // Rendered again from the document, the text is the same.
  expect((await contendHere(['report', document, '--format', 'prometheus'])).stdout).toBe(text);
});

test('a collector that cannot be reached leaves the report and the exit code as they are', async () => {
  await using server = await openServer(() => 200);
  const nobody = await openServer(() => 200);
  await nobody.close();
  const { code, stdout, stderr } = await contendHere(
    ['run', `${server.origin}/products/1`, '-n', '40', '-c', '4', '-q', '--json', '--otlp', nobody.origin],
    { env: { OTEL_EXPORTER_OTLP_TIMEOUT: '300' } },
  );
  expect(code).toBe(0);
  expect(documentOf(stdout).verdict.is).toBe('pass');
  expect(stderr).toMatch(/^contend: the metrics did not reach .*ECONNREFUSED/mu);
});

test('what cannot be written or pushed is refused before anything is sent', async () => {
  await using server = await openServer(() => 200);
  const run = async (...flags: readonly string[]) => {
    const NODE_OPTIONS = `--import=${new URL('./no-exporters.mjs', import.meta.url).href}`;
    const argv = ['run', server.origin, '-n', '4', '-q', ...flags.filter((flag) => flag !== 'without')];
    return flags.includes('without') ? contend(argv, { env: { NODE_OPTIONS } }) : contendHere(argv);
  };
  const missing = await run('without', '--prometheus', join(folder, 'x.prom'));
  expect([missing.code, missing.stderr]).toEqual([
    2,
    expect.stringContaining('npm install prom-client beside contend'),
  ]);
  const [noSdk, noFolder] = [
    await run('without', '--otlp', 'http://127.0.0.1:1'),
    await run('--prometheus', join(folder, 'no', 'such', 'x.prom')),
  ];
  expect([noSdk.code, noSdk.stderr]).toEqual([
    2,
    expect.stringContaining(
      'npm install @opentelemetry/api @opentelemetry/resources @opentelemetry/sdk-metrics @opentelemetry/exporter-metrics-otlp-http',
    ),
  ]);
  expect([noFolder.code, noFolder.stderr]).toEqual([2, expect.stringContaining('there is no such file or folder')]);
  const pipe = join(folder, 'pipe');
  execFileSync('mkfifo', [pipe]);
  const noFile = await run('--prometheus', pipe);
  expect([noFile.code, noFile.stderr]).toEqual([2, expect.stringContaining('it is a device or a pipe, not a file')]);
  expect((await stat(pipe)).isFIFO()).toBe(true);
  expect(server.requests).toEqual([]);
});
