import { expect, test } from 'vitest';
import type { Comparison, Result } from '../../../src/core/result/result.ts';
import { fineRatio, interval, readingOf, roundsWanted } from '../../../src/report/sections/compared.ts';
import { junit } from '../../../src/report/junit.ts';
import { markdown } from '../../../src/report/markdown/markdown.ts';
import { widthOf } from '../../../src/report/plain.ts';
import { terminal } from '../../../src/report/terminal/terminal.ts';
import { comparedResult, fewRounds, oneRound } from '../compared-result.ts';
import { hostile } from '../example-result.ts';
import { hostileText } from '../hostile-markup.ts';

const text = (result: Result, width = 80): string => terminal(result, { width, color: false, details: true });

test.each([40, 60, 80, 120])('at %i columns the comparisons read as they did', async (width) => {
  await expect(text(comparedResult(), width)).toMatchFileSnapshot(`../../golden/terminal-compared-${width}.txt`);
});

test('the summary and junit.xml have them as they did', async () => {
  await expect(markdown(comparedResult())[0].text).toMatchFileSnapshot('../../golden/summary-compared.md');
  await expect(junit(comparedResult())[0].text).toMatchFileSnapshot('../../golden/junit-compared.xml');
});

test('at every width from 40 to 80, and at wider ones, all numbers are there, and no line is wider', () => {
  const result = comparedResult();
  for (let width = 40; width <= 130; width += width < 80 ? 1 : 10) {
    const shown = text(result, width);
    expect(Math.max(...shown.split('\n').map(widthOf)), `at ${width}`).toBeLessThanOrEqual(width);
    for (const number of ['1.380 to 1.420×', '0.890 to 1.171×', 'no difference shown', 'inconclusive', '23 %', '~95'])
      expect(shown, `at ${width}`).toContain(number);
  }
});

test('the level is said once below, with what it is worth', () => {
  expect(
    text(comparedResult()).match(/\(exact signed-rank test\), not adjusted for multiple comparisons\./gu),
  ).toHaveLength(1);
  const looks = comparedResult().comparisons.map((one) => ({ ...one, level: 0.9706 }));
  expect(text({ ...comparedResult(), comparisons: looks })).toContain('97.06 % intervals (exact signed-rank test)');
});

test('too few rounds show ratios, no interval and no verdict, and say so', () => {
  const shown = text(fewRounds());
  expect(shown).toMatch(/throughput +1\.400× +3 +2\.7 %/u);
  expect(shown).toContain('3 rounds: ratios without a verdict, which needs 6 rounds.');
  expect(shown).not.toMatch(/interval|faster|signed-rank/u);
  expect(text(oneRound())).toContain('1 round: ratios without a verdict');
  expect(markdown(fewRounds())[0].text).not.toMatch(/interval|faster/u);
});

test('a run without comparisons says nothing of them', () => {
  const alone = { ...comparedResult(), comparisons: [] };
  expect(readingOf(alone)).toEqual([]);
  expect(text(alone)).not.toContain('compared with');
  expect(markdown(alone)[0].text).not.toContain('Compared with');
});

test('an interval is as fine as its ends are close', () => {
  expect([0.0043, 0.998, 1.0034, 9.9996, 33.86, 1200].map(fineRatio)).toEqual([
    '0.0043×',
    '0.998×',
    '1.003×',
    '10.0×',
    '33.9×',
    '1,200×',
  ]);
  expect(interval(0.9, 1.1)).toBe('0.900 to 1.100×');
  expect(interval(null, null)).toBe('–');
});

test('an inconclusive comparison says how many rounds it would take: four times as many halve the interval', () => {
  const wide = (half: number): Comparison => ({
    ...comparedResult().comparisons[3]!,
    low: Math.exp(-half),
    high: Math.exp(half),
    rounds: 12,
  });
  const margin = Math.log(1.05);
  expect(roundsWanted(wide(2 * margin * 0.999))).toBe('~48');
  expect(roundsWanted(wide(0.9 * margin))).toBe('~13');
  expect(roundsWanted(wide(20 * margin))).toBe('> 1,000');
  expect(roundsWanted(comparedResult().comparisons[0]!)).toBe('–');
});

test('a gate that compares modes has its interval in the summary and its finding in junit.xml, passed or not', () => {
  const [summary, cases] = [markdown(comparedResult())[0].text, junit(comparedResult())[0].text];
  expect(summary).toContain('| pass | 1.4 × | 1.380 to 1.420× | 0.95 × | 12 |');
  expect(cases).toContain('<system-out>1.4 × locked (95 % interval 1.38 to 1.42) over 12 rounds');
  expect(cases).toContain('<failure type="gate" message="1.46 × locked (95 % interval 1.31 to 1.6) over 12 rounds');
  expect(cases).toContain('<skipped type="gate" message="1.03 × locked (95 % interval 0.91 to 1.17) over 12 rounds');
});

test('a metric from outside is made safe', () => {
  const comparisons = hostile().comparisons.map((one) => ({ ...one, metric: hostileText as Comparison['metric'] }));
  expect(text({ ...hostile(), comparisons })).not.toMatch(/(?!\n)[\p{Cc}\p{Cf}\p{Cs}]/u);
  expect(markdown({ ...hostile(), comparisons })[0].text).not.toContain('<script');
});
