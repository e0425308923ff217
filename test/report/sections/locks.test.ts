import { expect, test } from 'vitest';
import type { Result } from '../../../src/core/result/result.ts';
import { annotations } from '../../../src/report/annotations.ts';
import { junit } from '../../../src/report/junit.ts';
import { markdown } from '../../../src/report/markdown/markdown.ts';
import { terminal } from '../../../src/report/terminal/terminal.ts';
import { exampleResult, oneMode, times } from '../example-result.ts';
import { hostileText } from '../hostile-markup.ts';
import { hostileLocks, lapsedResult, lockOf, locksResult, openLocksResult } from '../locks-result.ts';

const text = (result: Result, width = 80): string => terminal(result, { width, color: false, details: true });
const summary = (result: Result): string => markdown(result)[0].text;

test('a lapsed lease is told with what it means, in the report, the summary and junit.xml, as they did', async () => {
  await expect(text(lapsedResult())).toMatchFileSnapshot('../../golden/terminal-lapsed.txt');
  await expect(summary(lapsedResult())).toMatchFileSnapshot('../../golden/summary-lapsed.md');
  await expect(junit(lapsedResult())[0].text).toMatchFileSnapshot('../../golden/junit-lapsed.xml');
});

test('a lapsed lease is red and an error where it is forbidden, and yellow and none where it is allowed', () => {
  const escape = String.fromCodePoint(27);
  const colored = terminal(lapsedResult(), { width: 120, color: true, details: true });
  expect(colored).toContain(`${escape}[31m3 leases of redis ran out while they were held`);
  expect(colored).toContain(`${escape}[33m1 lease of redis ran out while it was held`);
  expect(annotations(lapsedResult())).toBe(
    '::error title=contend%3A exclusion not kept%3A lease::' +
      'lease: 3 leases of redis ran out while they were held: another user may have been inside\n',
  );
  expect(junit(lapsedResult())[0].text).toMatch(/<testsuite name="online-store\.locks" tests="2" failures="1"/u);
});

test('where no lease lapsed nothing is said of leases', () => {
  const said = [text(locksResult()), summary(locksResult()), junit(locksResult())[0].text, annotations(locksResult())];
  for (const one of said) expect(one).not.toContain('lease');
});

test('modes without a lock have no row among the locks, and without any lock there is no such table', () => {
  expect(summary(locksResult()).match(/^\| \S+ \| (?:mutex|request|response) \|.*×/gmu)).toHaveLength(3);
  for (const result of [oneMode(), exampleResult()]) {
    expect(text(result)).not.toMatch(/contended|starvation/iu);
    expect(summary(result)).not.toMatch(/contended|starvation/iu);
  }
});

test('the median wait for a lock is told once: in the table of the locks', () => {
  expect(summary(exampleResult())).toContain('| lock wait |');
  expect(summary(locksResult()).split('## Compared')[0]).not.toContain('lock wait');
  expect(text(locksResult(), 120).split('compared with')[0]).not.toContain('lock wait');
});

test('a lock that nobody asked for has dashes and no share', () => {
  const none = times(0, () => 0);
  const [mode] = locksResult().modes;
  const idle = lockOf('idle', { waitUs: none, holdUs: none, contended: 0, longestQueue: 0, starvation: null });
  expect(summary({ ...locksResult(), modes: [{ ...mode!, locks: [idle] }] })).toContain(
    '| locked | idle | – | 0 | – | – | – | – | – | – | 0.990 |',
  );
});

test('fairness stands beside every lock of a mode, as a dash where it means nothing, and its note is then away', () => {
  expect(summary(locksResult())).toMatch(/\| two-locks \| response \|.* \| 0\.987 \|$/mu);
  expect(text(locksResult())).toContain("Fairness: Jain's index");
  const modes = openLocksResult().modes.map((mode) => ({ ...mode, fairness: null }));
  expect(text({ ...openLocksResult(), modes })).not.toContain("Fairness: Jain's index");
});

test('retries are told of the modes that came into conflict', () => {
  expect(text(locksResult())).toMatch(/^optimistic +3\.8 +21,366 +42,700 \(74 %\) +8$/mu);
  expect(text(locksResult()).match(/attempts each/gu)).toHaveLength(1);
  const modes = locksResult().modes.map((mode) => ({ ...mode, conflicts: 0 }));
  expect(text({ ...locksResult(), modes })).not.toContain('attempts each');
  expect(summary({ ...locksResult(), modes })).not.toContain('## Retries');
});

test('names of locks from outside mean nothing', () => {
  expect(text(hostileLocks())).not.toMatch(/(?!\n)[\p{Cc}\p{Cf}\p{Cs}]/u);
  const { modes, ...base } = lapsedResult();
  const named = { ...base, modes: modes.map((mode) => ({ ...mode, locks: [lockOf(hostileText, { lapsed: 3 })] })) };
  expect(summary(named)).not.toContain('<script');
  expect(junit(named)[0].text).not.toMatch(/<script|\]\]>/u);
  expect(annotations(named).trimEnd().split('\n')).toHaveLength(1);
  expect(annotations(named)).not.toContain('##[');
});
