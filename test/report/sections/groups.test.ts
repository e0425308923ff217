import { expect, test } from 'vitest';
import type { GroupResult, ModeResult, Result } from '../../../src/core/result/result.ts';
import { markdown } from '../../../src/report/markdown/markdown.ts';
import { terminal } from '../../../src/report/terminal/terminal.ts';
import { exampleResult, hostile, times } from '../example-result.ts';

const group = (name: string, count: number, longest: number, unfinished = 0): GroupResult => ({
  name,
  timeUs: times(count, (u) => 2000 + u * (longest - 2000)),
  unfinished,
});

const withGroups = (result: Result, groups: (mode: ModeResult, at: number) => readonly GroupResult[]): Result => ({
  ...result,
  modes: result.modes.map((mode, at) => ({ ...mode, groups: groups(mode, at) })),
});

const grouped = withGroups(exampleResult(), (_, at) =>
  at === 0
    ? [group('checkout', 2142, 90_000), group('pay', 700, 20_000), group('rare', 3, 9000)]
    : [group('checkout', 2142, 40_000, 60)],
);
const text = (result: Result, width = 80): string => terminal(result, { width, color: false, details: true });
const summary = (result: Result): string => markdown(result)[0].text;

/** The cells of the row in a summary that is about this group of this mode. */
const rowOf = (mode: string, name: string): readonly string[] =>
  summary(grouped)
    .split('\n')
    .map((line) => line.slice(2, -2).split(' | '))
    .find(([first, second]) => first === mode && second === name)!
    .slice(2);

test('groups have a table, with as much of the times as is known', () => {
  const [locked, other] = grouped.modes;
  expect(rowOf(locked!.name, 'checkout').map((cell) => cell.replace(/^\d.*ms$/u, 'a time'))).toEqual([
    '2,142',
    '0',
    'a time',
    'a time',
    'a time',
  ]);
  expect(rowOf(locked!.name, 'pay')[3]).toBe('–');
  expect(rowOf(locked!.name, 'rare').slice(0, 4)).toEqual(['3', '0', '–', '–']);
  // 60 of 2,202 passes did not come to their end: all that is known of the p99 is that it lies beyond.
  expect(rowOf(other!.name, 'checkout').slice(0, 2)).toEqual(['2,142', '60']);
  expect(rowOf(other!.name, 'checkout')[3]).toBe(`&gt; ${rowOf(other!.name, 'checkout')[4]}`);
});

test.each([40, 80, 120])('the table in a terminal of %i columns is no wider than that', async (width) => {
  const table = text(grouped, width);
  for (const line of table.split('\n')) expect(line.length).toBeLessThanOrEqual(width);
  expect(table).toMatch(/mode +group +passes +unfinished/u);
  expect(table.match(/checkout/gu)!.length).toBeGreaterThanOrEqual(4);
});

test('where there are no groups nothing is said of them', () => {
  for (const said of [text(exampleResult()), summary(exampleResult())]) expect(said).not.toMatch(/unfinished|group/u);
});

test('a name that would like to be more than a name is none', () => {
  const name = '\u001B[31m| <b>x</b> \n::error::';
  const evil = withGroups(hostile(), () => [group(name, 100, 9000)]);
  expect(text(evil)).not.toContain('\u001B');
  expect(text(evil)).not.toMatch(/^\s*::/mu);
  expect(summary(evil)).not.toContain('<b>');
});
