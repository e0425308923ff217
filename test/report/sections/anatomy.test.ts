import { expect, test } from 'vitest';
import type { Result } from '../../../src/core/result/result.ts';
import { largestParts, parts } from '../../../src/report/sections/anatomy.ts';
import { markdown } from '../../../src/report/markdown/markdown.ts';
import { widthOf } from '../../../src/report/plain.ts';
import { terminal } from '../../../src/report/terminal/terminal.ts';
import { exampleResult, failing, wideNames } from '../example-result.ts';
import { hostileLocks, lapsedResult, locksResult, openLocksResult } from '../locks-result.ts';

const text = (result: Result, width = 80): string => terminal(result, { width, color: false, details: true });

const sectionOf = (result: Result, width = 80): readonly string[] => {
  const [, section] = /^(where the time went.*?)\n\n/msu.exec(text(result, width)) ?? [];
  return section?.split('\n') ?? [];
};

test.each([40, 60, 80, 120])('at %i columns locks and the anatomy read as they did', async (width) => {
  await expect(text(locksResult(), width)).toMatchFileSnapshot(`../../golden/terminal-locks-${width}.txt`);
});

test('under an open load they do so, too', async () => {
  await expect(text(openLocksResult())).toMatchFileSnapshot('../../golden/terminal-locks-open.txt');
});

test('the summary has them as it did', async () => {
  await expect(markdown(locksResult())[0].text).toMatchFileSnapshot('../../golden/summary-locks.md');
});

test('no line is wider than the terminal, and every mode says its largest part in words', () => {
  const results = [locksResult(), openLocksResult(), lapsedResult(), hostileLocks()];
  for (const width of [40, 41, 47, 59, 66, 79, 80, 93, 110, 120, 160]) {
    for (const result of results) {
      for (const line of text(result, width).split('\n')) expect(widthOf(line)).toBeLessThanOrEqual(width);
    }
    const words = sectionOf(results[0]!, width).join('\n');
    for (const said of ['lock wait 98 %', 'lock wait 92 %', 'retries 83 %', 'retries 90 %', 'service 99 %'])
      expect(words, `at ${width}`).toContain(said);
  }
});

test('a bar is as long as its time beside the longest, made of its parts, and never empty', () => {
  const rows = sectionOf(locksResult(), 60).filter((line) => /^ {2}(?:mean|p99) /u.test(line));
  const bars = rows.map((row) => row.replace(/^ {2}(?:mean|p99) +[\d.]+ ms {2}/u, ''));
  const longest = Math.max(...bars.map(widthOf));
  expect(longest).toBe(43);
  expect(bars).toEqual([
    '░'.repeat(15),
    expect.stringMatching(/^░{18}█{2}$/u),
    '░'.repeat(11),
    expect.stringMatching(/^░{13}█$/u),
    expect.stringMatching(/^▒{3}█$/u),
    expect.stringMatching(/^l▒{38}ccc█$/u),
    '█',
    '█',
  ]);
});

test('the parts are told apart without colour, and the legend names those that are there', () => {
  const [, legend] = /^where the time went(.*?)^ +0/msu.exec(text(locksResult())) ?? [];
  expect(legend?.split(/\s{2,}|\n/u).filter((item) => item !== '')).toEqual([
    'l send lag',
    '▒ retries',
    '░ lock wait',
    'c connect',
    '█ service',
    '· rest',
  ]);
});

test('with colour no letter changes', () => {
  const escape = String.fromCodePoint(27);
  const colored = terminal(locksResult(), { width: 80, color: true, details: true });
  expect(colored).toContain(`${escape}[35m░░`);
  expect(colored.replaceAll(new RegExp(`${escape}\\[\\d+m`, 'gu'), '')).toBe(text(locksResult()));
});

test('a p99 that has too few samples, or that failures may hide, has no anatomy', () => {
  const { anatomy } = locksResult().modes[0]!;
  const modes = failing().modes.map((mode) => ({ ...mode, anatomy }));
  const section = sectionOf({ ...failing(), modes }).join('\n');
  expect(section).toMatch(/^locked +mean /mu);
  expect(section).toMatch(/^two-locks\* +mean /mu);
  expect(section.match(/p99/gu)).toHaveLength(1);
});

test('nothing is said of times that nobody took apart', () => {
  expect(text(exampleResult())).not.toContain('where the time went');
  expect(markdown(exampleResult())[0].text).not.toContain('Where the time went');
});

test('an anatomy of nothing is drawn and divides by nothing', () => {
  const { mean } = locksResult().modes[0]!.anatomy!;
  const none = Object.fromEntries(Object.keys(mean).map((part) => [part, 0])) as unknown as typeof mean;
  const modes = exampleResult().modes.map((mode) => ({ ...mode, anatomy: { mean: none, p99: none } }));
  for (const width of [40, 80]) expect(text({ ...exampleResult(), modes }, width)).not.toMatch(/NaN|Infinity/u);
});

test('wide names keep the bars in line', () => {
  const { anatomy } = locksResult().modes[0]!;
  const modes = wideNames().modes.map((mode) => ({ ...mode, anatomy }));
  const rows = sectionOf({ ...wideNames(), modes }, 90).filter((line) => /mean|p99/u.test(line));
  expect(new Set(rows.map((line) => widthOf(line.slice(0, line.indexOf('░'))))).size).toBe(1);
});

test('the largest parts stand first, as many as there is room for, and what is under 1 % does not stand there', () => {
  const { p99 } = locksResult().modes[2]!.anatomy!;
  const room = { parts: 7, columns: 100 };
  expect(largestParts(p99, room)).toBe('retries 90 %, connect 6.0 %, service 2.0 %, send lag 1.2 %');
  expect(largestParts(p99, { ...room, parts: 2 })).toBe('retries 90 %, connect 6.0 %');
  expect(largestParts(p99, { ...room, columns: 26 })).toBe('retries 90 %');
});

test('the parts of every anatomy together are all of it', () => {
  for (const { anatomy } of locksResult().modes) {
    const { p99 } = anatomy!;
    expect(parts.reduce((sum, part) => sum + part.of(p99), 0)).toBeCloseTo(p99.responseUs, 6);
  }
});
