import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import type { Result, SlotResult } from '../../../src/core/result/result.ts';
import { attributesOf, openCollector } from '../collector.ts';
import { contendHere } from '../contend.ts';
import { serving } from './serving.ts';

const pathOf = (name: string): string => fileURLToPath(new URL(name, import.meta.url));
const costly = [process.execPath, pathOf('costly.mjs')];
const hasProc = existsSync('/proc/self/stat');

/** A runtime that starts servers for others: its port, and what ends it with them. */
const runtime = async (): Promise<AsyncDisposable & { readonly port: string }> => {
  const child = spawn(process.execPath, [pathOf('container.mjs')], { stdio: ['pipe', 'pipe', 'inherit'] });
  const { value } = (await createInterface({ input: child.stdout })[Symbol.asyncIterator]().next()) as {
    value: string;
  };
  return {
    port: value,
    [Symbol.asyncDispose]: async () => {
      const ended = once(child, 'exit');
      child.stdin.end();
      await ended;
    },
  };
};

test.skipIf(!hasProc)(
  'what a target costs goes from its process to the document, the report, the comparison, the gates and the exports; of one in a container it is null, with the reason',
  async () => {
    await using one = await serving();
    await using container = await runtime();
    await using collector = await openCollector(() => ({ status: 200, body: {} }));
    await one.write(
      { command: costly, env: { PORT: '${port}', WORK_US: 1000 }, ready: { get: '/health' } },
      `rounds: 8
load: { users: 1, iterations: 160 }
modes:
  before: none
  after: { serve: { env: { WORK_US: 2000 } } }
  contained: { serve: { command: ${JSON.stringify([process.execPath, pathOf('container.mjs'), container.port])} } }
gates:
  - target.cpu(after) <= 3 * target.cpu(before)
  - target.cpu(after) <= 1.05 * target.cpu(before)
  - target.cpu(before) < 20ms
  - target.cpu(after) < 500us
  - target.memory(after) < 1GB
  - target.cpu(contained) < 500us`,
    );
    const flags = ['-q', '--details', '--otlp', collector.origin, '--prometheus', 'contend.prom'];
    const ended = await one.run(flags);
    expect(ended).toMatchObject({ code: 99, stderr: '' });
    const { modes, serves = [], comparisons, gates, exitCode } = JSON.parse(await one.out('result.json')) as Result;
    expect(exitCode).toBe(99);

    // The document: µs for each request, of every slot and of the mode; the larger memory of its slots.
    const [before, after, contained] = modes as [Result['modes'][0], Result['modes'][0], Result['modes'][0]];
    for (const [mode, workUs] of [
      [before, 1000],
      [after, 2000],
    ] as const) {
      expect(mode.slots).toHaveLength(8);
      const cpu = mode.slots.map((slot) => slot.targetCpuUs ?? 0);
      for (const us of cpu) expect(us).toBeGreaterThan(0.97 * workUs);
      const sorted = cpu.toSorted((a, b) => a - b);
      expect(mode.targetCpuUs).toBeCloseTo((sorted[3]! + sorted[4]!) / 2, 3);
      const memory = mode.slots.map((slot: SlotResult) => slot.targetMemoryBytes ?? 0);
      expect(Math.min(...memory)).toBeGreaterThan(20e6);
      expect(mode.targetMemoryBytes).toBe(Math.max(...memory));
    }
    expect(contained.targetCpuUs).toBeNull();
    expect(contained.targetMemoryBytes).toBeNull();
    expect(contained.slots.map((slot) => slot.targetCpuUs)).toEqual(Array.from({ length: 8 }, () => null));
    const [, , told] = serves;
    expect(told?.unmeasured).toMatch(
      /^process \d+ \(.*costly\.mjs\) listens on port \d+, and is not one of its processes/u,
    );
    expect(serves.map((serve) => serve.unmeasured === undefined)).toEqual([true, true, false]);

    // Beside the control, with an interval; nothing beside what is not known.
    const cpu = comparisons.filter(({ metric }) => metric === 'target.cpu');
    expect(cpu).toMatchObject([{ mode: 'after', control: 'before', rounds: 8, verdict: 'slower' }]);
    expect(cpu[0]!.low).toBeLessThan(cpu[0]!.ratio);
    expect(cpu[0]!.high).toBeGreaterThan(cpu[0]!.ratio);
    expect(cpu[0]!.ratio).toBeGreaterThan(1.4);
    expect(cpu[0]!.ratio).toBeLessThan(2.05);
    expect(comparisons.filter(({ metric }) => metric === 'target.memory')).toMatchObject([{ mode: 'after' }]);

    expect(gates.map(({ verdict }) => verdict)).toEqual(['pass', 'fail', 'pass', 'fail', 'pass', 'undecided']);
    expect(gates.at(-1)?.because).toBe('what the target of contained used is not known: the report says why');

    // The report.
    const report = ended.stdout.replaceAll(/ +/gu, ' ');
    expect(report).toMatch(/^target process CPU per request ratio most memory$/mu);
    expect(report).toMatch(/^before serve-1 1\.\d+ ms – [\d.]+ MB$/mu);
    expect(report).toMatch(/^after serve-2 2\.\d+ ms 1\.\d+× \(.* to .*×\) [\d.]+ MB$/mu);
    expect(report).toMatch(/^contained serve-3 – – –$/mu);
    expect(report.replaceAll('\n', ' ')).toMatch(/What it used is not known: process \d+ \(/u);

    expect(report).toMatch(/^ target\.cpu 1\.\d+× .* more 8 .* %$/mu);

    // Exports.
    const exported = await readFile(join(one.folder, 'contend.prom'), 'utf8');
    const seconds = (name: string, mode: string): number =>
      Number(new RegExp(String.raw`^${name}\{mode="${mode}"\} (\S+)$`, 'mu').exec(exported)?.[1]);
    expect(seconds('contend_target_cpu_seconds', 'before')).toBeCloseTo(before.targetCpuUs! / 1e6, 9);
    expect(seconds('contend_target_cpu_seconds', 'contained')).toBeNaN();
    expect(seconds('contend_target_memory_bytes', 'after')).toBe(after.targetMemoryBytes);
    const gauge = collector.exports[0]!.metrics.find(({ name }) => name === 'contend.target.cpu')!.gauge!;
    expect(gauge.dataPoints.map(({ attributes, asDouble }) => [attributesOf(attributes)['mode'], asDouble])).toEqual([
      ['before', before.targetCpuUs! / 1e6],
      ['after', after.targetCpuUs! / 1e6],
    ]);
    const rendered = await contendHere(['report', 'out/result.json', '--format', 'csv'], { cwd: one.folder });
    expect(rendered.stdout).toMatch(/^.*after.*target\.cpu.*$/mu);
  },
);

test.skipIf(!hasProc)(
  'CPU time agrees within 3 % with what the target says itself, over slots of a second at 0.1, 0.3 and 0.8 of a core',
  async () => {
    await using one = await serving();
    await one.write(
      { command: costly, env: { PORT: '${port}', WORK_US: 1000 } },
      `rounds: 5
before: [{ post: /mark }]
after: [{ post: /mark }]
load: { users: 10, rate: 100/s, duration: 5s, warmup: 0s }
modes:
  tenth: none
  third: { load: { rate: 300/s } }
  most: { load: { rate: 800/s } }`,
    );
    // A busy machine may not keep up with the rates: that changes no figure of CPU time.
    await one.run(['-q', '--seed', '1']);
    const { modes } = JSON.parse(await one.out('result.json')) as Result;
    const marks = [...(await one.out('serve-1.log')).matchAll(/^mark (\d+) (\d+)$/gmu)].map(([, us, asked]) => ({
      us: Number(us),
      asked: Number(asked),
    }));
    const inOrder = modes
      .flatMap(({ slots }) => slots)
      .toSorted((one, other) => one.round - other.round || one.position - other.position);
    expect(inOrder).toHaveLength(15);
    // Each mode has worked it before, which is of no slot.
    expect(marks).toHaveLength(2 * (3 + 15));
    marks.splice(0, 2 * 3);
    for (const [at, slot] of inOrder.entries()) {
      const [begun, ended] = [marks[2 * at]!, marks[2 * at + 1]!];
      const own = (ended.us - begun.us) / (ended.asked - begun.asked + 1);
      expect(Math.abs(slot.targetCpuUs! / own - 1)).toBeLessThan(0.03);
    }
  },
);
