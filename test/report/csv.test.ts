import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Result, SlotResult } from '../../src/core/result/result.ts';
import { csv } from '../../src/report/csv.ts';
import { slotTimes, slotWith } from '../judge/mode.ts';
import { exampleResult } from './example-result.ts';

/** RFC 4180, read strictly: every field, quoted or not, every line ended by CR LF. */
const parse = (text: string): string[][] => {
  const rows: string[][] = [];
  let row: string[] = [];
  const field = /(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r\n)/uy;
  while (field.lastIndex < text.length) {
    const at = field.lastIndex;
    const found = field.exec(text);
    if (found === null) throw new Error(`no field at ${at}: ${text.slice(at, at + 40)}`);
    row.push(found[1]?.replaceAll('""', '"') ?? found[2]!);
    if (found[3] === ',') continue;
    rows.push(row);
    row = [];
  }
  return rows;
};

const resultWith = (name: string, slots: readonly SlotResult[]): Result => ({
  ...exampleResult(),
  modes: [{ ...exampleResult().modes[0]!, name, slots }],
});

const slot = slotWith({
  round: 3,
  position: 1,
  throughputPerSecond: 357.25,
  errors: 0.01,
  response: slotTimes(2000, 1500, 30),
  service: slotTimes(4000, 700),
  steps: { 'read, then': slotTimes(2000, 650) },
  groups: { visit: slotTimes(2000, 1300) },
  requests: { total: 4030, byStatus: { 200: 4000, 503: 20 }, byError: { timeout: 10 }, bytes: 480_000 },
});

const rowsOf = (result: Result): string[][] => parse(csv(result)[0].text);

test('there is a row for every mode, round and metric, under one heading', () => {
  const [heading, ...rows] = rowsOf(resultWith('locked', [slot]));
  expect(heading).toEqual(['mode', 'round', 'position', 'metric', 'step', 'value', 'unit', 'samples']);
  expect(rows).toHaveLength(2 + 5 + 4 * 5);
  expect(rows[0]).toEqual(['locked', '3', '1', 'throughput', '', '357.25', '/s', '']);
  expect(rows[1]).toEqual(['locked', '3', '1', 'errors', '', '0.01', 'share', '']);
  expect(rows.slice(2, 7).map(([, , , metric, , value, unit]) => [metric, value, unit])).toEqual([
    ['requests', '4030', 'count'],
    ['requests.200', '4000', 'count'],
    ['requests.503', '20', 'count'],
    ['requests.timeout', '10', 'count'],
    ['received', '480000', 'B'],
  ]);
  expect(rows).toContainEqual(['locked', '3', '1', 'p95', '', '1500', 'µs', '2000']);
  expect(rows).toContainEqual(['locked', '3', '1', 'service.p99.9', '', '700', 'µs', '4000']);
  expect(rows).toContainEqual(['locked', '3', '1', 'service.p50', 'read, then', '650', 'µs', '2000']);
  expect(rows).toContainEqual(['locked', '3', '1', 'p50', 'visit', '1300', 'µs', '2000']);
});

test('a percentile that failures may hide has no value, and where nothing was timed there is no row', () => {
  const rows = rowsOf(resultWith('locked', [slot, slotWith({ round: 4 })]));
  expect(rows).toContainEqual(['locked', '3', '1', 'p99', '', '', 'µs', '2000']);
  expect(rows.filter(([, round]) => round === '4').map(([, , , metric]) => metric)).toEqual(['throughput', 'errors']);
});

test('a spreadsheet finds no formula in text, and numbers stay numbers', () => {
  for (const name of ['=1+1', '+1', '-cmd', '@sum', '\t=1', '\r=1']) {
    expect(rowsOf(resultWith(name, [slot]))[1]?.[0]).toBe(`'${name}`);
  }
  expect(rowsOf(resultWith('locked', [{ ...slot, errors: -1 }]))[2]?.[5]).toBe('-1');
});

test('whatever a name is, it comes back from the file', () => {
  fc.assert(
    fc.property(fc.string({ unit: fc.constantFrom('a', ' ', ',', '"', '\r', '\n', ';', 'é', "'") }), (name) => {
      const [, row] = rowsOf(resultWith(`n${name}`, [slot]));
      expect(row?.[0]).toBe(`n${name}`);
    }),
    { numRuns: 100 },
  );
});

test('a result without modes has the heading alone', () => {
  expect(csv({ ...exampleResult(), modes: [] })[0]).toEqual({
    name: 'slots.csv',
    text: 'mode,round,position,metric,step,value,unit,samples\r\n',
  });
});
