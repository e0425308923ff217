import { expect, test } from 'vitest';
import type { GateResult, ModeResult, Result, SlotResult } from '../../../src/core/result/result.ts';
import { csv } from '../../../src/report/csv.ts';
import { markdown } from '../../../src/report/markdown/markdown.ts';
import { terminal } from '../../../src/report/terminal/terminal.ts';
import { comparisonWith, exampleResult } from '../example-result.ts';

const slotWith = (round: number, used: Partial<SlotResult>): SlotResult => {
  const times = { count: 0, missing: 0, p50: 0, p90: 0, p95: 0, p99: 0, p999: 0 };
  return {
    round,
    position: 0,
    throughputPerSecond: 1000,
    p50Us: 0,
    p95Us: 0,
    p99Us: 0,
    errors: 0,
    storeCpuUs: null,
    drift: null,
    response: times,
    service: times,
    steps: {},
    ...used,
  };
};

const build = (from: ModeResult, name: string, serve: string, used: Partial<ModeResult & SlotResult>): ModeResult => {
  const { targetCpuUs = null, targetMemoryBytes = null } = used;
  const both = { targetCpuUs, targetMemoryBytes };
  return { ...from, name, serve, ...both, slots: [slotWith(1, both), slotWith(2, both)] };
};

const gate = (text: string, verdict: GateResult['verdict'], more: Partial<GateResult>): GateResult => ({
  text,
  metric: 'target.cpu',
  mode: 'after',
  verdict,
  actual: null,
  limit: null,
  unit: 'ratio',
  interval: null,
  samples: 12,
  because: '',
  ...more,
});

/** Two builds that contend has started, and a third in a container, of which it can tell nothing. */
const builds = (): Result => {
  const example = exampleResult();
  const [first] = example.modes;
  const because = 'the process that listens on the port is none of those that were started';
  return {
    ...example,
    scenario: { ...example.scenario, name: 'two-builds', control: 'before', rounds: 12 },
    modes: [
      build(first!, 'before', 'serve-1', { targetCpuUs: 30.5, targetMemoryBytes: 71_000_000 }),
      build(first!, 'after', 'serve-2', { targetCpuUs: 71.4, targetMemoryBytes: 88_000_000 }),
      build(first!, 'in a container', 'serve-3', {}),
    ],
    serves: [
      { name: 'serve-1', modes: ['before'], command: 'node server.js', git: { ref: 'main', commit: 'a'.repeat(40) } },
      { name: 'serve-2', modes: ['after'], command: 'node server.js', setup: 'npm ci' },
      { name: 'serve-3', modes: ['in a container'], command: 'docker run api', unmeasured: because },
    ],
    conclusion: '',
    verdict: { is: 'fail', because: 'target.cpu(after) <= 1.05 * target.cpu(before)' },
    exitCode: 99,
    comparisons: [
      comparisonWith({ mode: 'after', control: 'before', metric: 'target.cpu', ratio: 2.34, low: 2.22, high: 2.94 }),
      comparisonWith({ mode: 'after', control: 'before', metric: 'target.memory', ratio: 1.24, low: 1.2, high: 1.28 }),
    ],
    gates: [
      gate('target.cpu(after) <= 1.05 * target.cpu(before)', 'fail', {
        actual: 2.34,
        limit: 1.05,
        interval: [2.22, 2.94],
        because: 'the whole interval lies above 1.05',
      }),
      gate('target.cpu(after) < 500us', 'pass', { actual: 71.4, limit: 500, unit: 'µs', because: '71.4 µs' }),
      gate('target.memory(after) < 512MB', 'pass', {
        metric: 'target.memory',
        actual: 88e6,
        limit: 512e6,
        unit: 'B',
        because: '88.0 MB',
      }),
      gate('target.cpu(in a container) < 500us', 'undecided', {
        mode: 'in a container',
        limit: 500,
        unit: 'µs',
        samples: 0,
        because: 'what the target used is not known',
      }),
    ],
  };
};

test('what targets used stands in the report and the summary: values, intervals, gates, and why one is not known', async () => {
  const report = terminal(builds(), { width: 100, color: false, details: true });
  const [summary] = markdown(builds());
  await expect(report).toMatchFileSnapshot('../../golden/terminal-targets-100.txt');
  await expect(summary.text).toMatchFileSnapshot('../../golden/summary-targets.md');
  for (const text of [report, summary.text]) {
    expect(text).toMatch(/after +\|? +serve-2 +\|? +71\.4 µs +\|? +2\.340× \(2\.220 to 2\.940×\) +\|? +88\.0 MB/u);
    expect(text.replaceAll(/\s+/gu, ' ')).toContain('What it used is not known: the process that listens on the port');
  }
});

test('what is not known has no row in slots.csv', () => {
  const lines = csv(builds())[0].text.split('\r\n');
  expect(lines).toContain('after,1,0,target.cpu,,71.4,µs,');
  expect(lines).toContain('after,2,0,target.memory,,88000000,B,');
  expect(lines.filter((line) => line.startsWith('in a container') && line.includes('target.'))).toEqual([]);
});
