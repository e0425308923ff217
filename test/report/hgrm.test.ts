import { expect, test } from 'vitest';
import { Histogram } from '../../src/core/recording/histogram.ts';
import { hgrm, hgrmName } from '../../src/report/hgrm.ts';
import { exampleResult, times } from './example-result.ts';
import { hostileText } from './hostile-markup.ts';

const linesOf = (text: string): readonly string[] => text.trimEnd().split('\n');

test('every mode has its file, in the columns and with the footer that the plotter reads', () => {
  const files = hgrm(exampleResult());
  expect(files.map(({ name }) => name)).toEqual(['locked.hgrm', 'two-locks.hgrm', 'optimistic.hgrm', 'lock-free.hgrm']);
  for (const { text } of files) {
    const [heading, blank, ...lines] = linesOf(text);
    expect(heading).toBe('       Value     Percentile TotalCount 1/(1-Percentile)');
    expect(blank).toBe('');
    for (const line of lines.slice(0, -4)) expect(line).toMatch(/^ *\d+\.\d{3} [01]\.\d{12} +\d+ +\d+\.\d\d$/u);
    expect(lines.at(-4)).toMatch(/^ *\d+\.\d{3} 1\.0{12} +\d+$/u);
    expect(lines.at(-3)).toMatch(/^#\[Mean {4}= +\d+\.\d{3}, StdDeviation {3}= +\d+\.\d{3}\]$/u);
    expect(lines.at(-2)).toMatch(/^#\[Max {5}= +\d+\.\d{3}, Total count {4}= +\d+\]$/u);
    expect(lines.at(-1)).toMatch(/^#\[Buckets = +\d+, SubBuckets {5}= +\d+\]$/u);
  }
});

test('values are milliseconds, with their zeros behind the point', () => {
  const [mode] = exampleResult().modes;
  const result = { ...exampleResult(), modes: [{ ...mode!, responseTimeUs: times(100, () => 2003) }] };
  expect(linesOf(hgrm(result)[0]!.text)[2]).toMatch(/^ {7}2\.003 0\.0{12} +100 +1\.00$/u);
});

/** As HdrHistogram's plotter reads it: numbers parted by spaces, `#` in front of what is no row. */
const readBack = (text: string) => {
  const [, ...lines] = linesOf(text).filter((line) => line !== '');
  const rows = lines
    .filter((line) => !line.startsWith('#'))
    .map((line) => line.trim().split(/\s+/u).map(Number) as [number, number, number, number?]);
  const footer = new Map<string, number>(
    lines
      .filter((line) => line.startsWith('#['))
      .flatMap((line) =>
        [...line.matchAll(/([A-Za-z][A-Za-z ]*?) *= *([\d.]+)/gu)].map(
          ([, name, value]) => [name!, Number(value)] as const,
        ),
      ),
  );
  return { rows, footer };
};

test('read back, a file says of every row and of the whole what the histogram says', () => {
  for (const mode of exampleResult().modes) {
    const { rows, footer } = readBack(hgrm({ ...exampleResult(), modes: [mode] })[0]!.text);
    const { count, min, mean, max, histogram } = mode.responseTimeUs;
    const times = Histogram.from({ histogram, min, max, sum: mean * count, clamped: 0 });
    for (const [valueMs, quantile, total, inverse] of rows) {
      expect(total / count).toBeGreaterThanOrEqual(quantile - 1e-9);
      expect(Math.abs(valueMs * 1000 - times.percentile(quantile * 100))).toBeLessThanOrEqual(valueMs * 1.1);
      if (inverse === undefined) expect([quantile, total]).toEqual([1, count]);
      else expect(Math.abs(inverse * (1 - quantile) - 1)).toBeLessThan(0.01);
    }
    expect(rows.at(-1)?.[3]).toBeUndefined();
    times.free();
    expect([...footer.keys()]).toEqual(['Mean', 'StdDeviation', 'Max', 'Total count', 'Buckets', 'SubBuckets']);
    expect(footer.get('Total count')).toBe(count);
    expect(Math.abs(footer.get('Mean')! * 1000 - mean)).toBeLessThanOrEqual(mean * 0.001);
    expect(Math.abs(footer.get('Max')! * 1000 - max)).toBeLessThanOrEqual(max * 0.001);
    expect(footer.get('SubBuckets')).toBe(2048);
  }
});

test('between a percentile and the next half of what is left there are five rows', () => {
  const { rows } = readBack(hgrm(exampleResult())[0]!.text);
  expect(rows.slice(0, 6).map(([, quantile]) => quantile)).toEqual([0, 0.1, 0.2, 0.3, 0.4, 0.5]);
});

test('values, percentiles and counts rise', () => {
  const rows = linesOf(hgrm(exampleResult())[0]!.text)
    .slice(2, -3)
    .map((line) => line.trim().split(/ +/u).map(Number));
  for (const column of [0, 1, 2]) {
    const values = rows.map((row) => row[column]!);
    expect(values).toEqual(values.toSorted((a, b) => a - b));
  }
  expect(rows.at(-1)?.[2]).toBe(exampleResult().modes[0]?.responseTimeUs.count);
});

test('a mode in which nothing completed has a file without values', () => {
  const [mode] = exampleResult().modes;
  const text = hgrm({ ...exampleResult(), modes: [{ ...mode!, responseTimeUs: times(0, () => 0) }] })[0]!.text;
  expect(text).toContain('Total count    =            0]');
  expect(text).not.toMatch(/NaN|Infinity/u);
});

test('a file has the name of its mode where that is a name everywhere', () => {
  expect(hgrmName('lock-free')).toBe('lock-free.hgrm');
  expect(hgrmName('v1.2_x')).toBe('v1.2_x.hgrm');
});

test('a name that is none everywhere becomes one, another for every mode', () => {
  const names = [
    '..',
    '../../etc/passwd',
    'a/b',
    'a b',
    '.hidden',
    'con',
    'nul.txt',
    'Locked',
    'LOCKED',
    '網上商店',
    'ロック',
    '',
    hostileText,
    'x'.repeat(500),
    'x'.repeat(501),
  ].map(hgrmName);
  for (const name of names) expect(name).toMatch(/^[A-Za-z0-9_-]{8,60}\.hgrm$/u);
  expect(new Set(names.map((name) => name.toLowerCase())).size).toBe(names.length);
});
