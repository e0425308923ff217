import { describe, expect, test } from 'vitest';
import { readAny, readResult } from '../../../src/core/result/read.ts';
import { widthOf } from '../../../src/report/plain.ts';
import { sweepFileNames, sweepFilesOf, sweepReporters } from '../../../src/report/sweep/index.ts';
import { sweepText } from '../../../src/report/sweep/json.ts';
import { sweepTerminal } from '../../../src/report/sweep/terminal.ts';
import { exampleCapacity, exampleSweep } from './example-sweep.ts';

const terminalOf = (width: number, details = false): string =>
  sweepTerminal(exampleSweep(), { width, color: false, details });

test('a sweep on a terminal of 80 columns: the sentence first, the chart, the tables', async () => {
  await expect(terminalOf(80)).toMatchFileSnapshot('../../golden/sweep-80.txt');
});

test('a search for capacity, with its probes', async () => {
  await expect(sweepTerminal(exampleCapacity(), { width: 80, color: false, details: true })).toMatchFileSnapshot(
    '../../golden/sweep-capacity-80.txt',
  );
});

test('its summary', async () => {
  await expect(sweepReporters.markdown(exampleSweep())[0].text).toMatchFileSnapshot('../../golden/sweep.md');
});

test.each([40, 60, 80, 120, 200])('no line is wider than %i columns', (width) => {
  for (const line of terminalOf(width, true).split('\n')) expect(widthOf(line)).toBeLessThanOrEqual(width);
});

describe('the document of a sweep', () => {
  test('is read as it was written', () => {
    for (const sweep of [exampleSweep(), exampleCapacity()])
      expect(readAny(sweepText(sweep), 'result.json')).toEqual(JSON.parse(JSON.stringify(sweep)));
  });

  test('is not taken for that of a run', () => {
    expect(() => readResult(sweepText(exampleSweep()), 'result.json')).toThrow(/the result of a sweep/u);
  });

  test('that lacks something is refused, with its place', () => {
    const { scaling: _, ...rest } = exampleSweep();
    expect(() => readAny(JSON.stringify(rest), 'result.json')).toThrow(/"scaling" is missing/u);
  });
});

test('the slots have their point in the first column', () => {
  const [header, first] = sweepReporters.csv(exampleSweep())[0].text.split('\r\n');
  expect(header).toBe('at,mode,round,position,metric,step,value,unit,samples');
  expect(first).toMatch(/^1,mutex,1,\d,throughput,,/u);
});

test('a build sees a case for every gate on the sweep and the data of every mode at every point, and none for a gate of a point', () => {
  const { text } = sweepReporters.junit(exampleSweep())[0];
  expect(text).toContain('name="peak(optimistic) &gt;= 16"');
  expect(text).toContain('name="mutex at 8 users"');
  expect(text).not.toContain('p99(mutex)');
  expect(text).toMatch(/failures="0" errors="0"/u);
});

test('every file has its name', () => {
  expect(sweepFilesOf(exampleSweep()).map(({ name }) => name)).toEqual([...sweepFileNames]);
});

test('text from outside obeys nothing', () => {
  const sweep = exampleSweep();
  const hostile = { ...sweep, scenario: { ...sweep.scenario, name: '\u001b[31m<script>|' } };
  expect(sweepTerminal(hostile, { width: 80, color: false })).not.toContain('\u001b');
  expect(sweepReporters.markdown(hostile)[0].text).not.toContain('<script>');
});
