import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import type { Finding, Result } from '../../src/core/result/result.ts';
import { junit } from '../../src/report/junit.ts';
import { comparedResult } from './compared-result.ts';
import { exampleResult, failing, invalid, noConsistency, violated } from './example-result.ts';
import { gates, hostileMarkup } from './hostile-markup.ts';
import { hostileLocks, lapsedResult } from './locks-result.ts';

const textOf = (result: Result): string => junit(result)[0].text;
const withGates = (): Result => ({ ...exampleResult(), gates });
const results = [
  withGates(),
  comparedResult(),
  violated(),
  failing(),
  noConsistency(),
  invalid(),
  hostileMarkup(),
  lapsedResult(),
  hostileLocks(),
];

test.each([
  ['junit', withGates],
  ['junit-violated', violated],
  ['junit-invalid', invalid],
  ['junit-hostile', hostileMarkup],
] as const)('%s reads as it did', async (name, make) => {
  expect(junit(make())[0].name).toBe('junit.xml');
  await expect(textOf(make())).toMatchFileSnapshot(`../golden/${name}.xml`);
});

/** Test case → what it ended with, if it did not pass. */
const casesOf = (text: string): readonly string[] =>
  [...text.matchAll(/<testcase name="([^"]*)" classname="([^"]*)"(?:\/>|>\s*<(\w+))/gu)].map(
    ([, name, suite, outcome]) => `${suite}: ${name} ${outcome ?? 'passed'}`,
  );

test('there is a case for every gate and for the consistency of every mode', () => {
  expect(casesOf(textOf(withGates()))).toEqual([
    'online-store.gates: p99(locked) &lt; 250ms passed',
    'online-store.gates: errors(optimistic) &lt; 0.1% failure',
    'online-store.gates: consistency(two-locks) skipped',
    'online-store.consistency: locked passed',
    'online-store.consistency: two-locks passed',
    'online-store.consistency: optimistic passed',
    'online-store.consistency: lock-free skipped',
  ]);
});

test('a violation fails where it is forbidden, and is skipped with its reason where it is allowed', () => {
  expect(casesOf(textOf(violated()))).toContain('online-store.consistency: lock-free failure');
  expect(textOf(withGates())).toContain('<skipped type="consistency" message="allowed: 60,993 of 85,906 ');
});

test('wrong data is shown by a certificate below its reason, escaped, whose columns stay where they are', () => {
  const held = (letter: string, call: number) =>
    ({ letter, session: 1, f: 'acquire', status: 'ok', call, ret: call + 1e6, value: 7 }) as const;
  const finding: Finding = {
    model: 'allocation',
    round: 1,
    key: '</failure>&',
    rule: 'allocated-twice',
    evidence: 'same-host',
    operations: [held('A', 0), held('B', 4e6)],
    because: ['A had it, and B was given it.'],
    atLeast: 1,
    atMost: 1,
  };
  const [locked, wrong] = violated().modes;
  const consistency = { ...wrong!.consistency!, findings: [finding], findingCount: 1 };
  const text = textOf({ ...violated(), modes: [locked!, { ...wrong!, consistency }] });
  const [, message = '', body = ''] =
    /<failure type="consistency" message="([^"]*)">([^<]*)<\/failure>/u.exec(text) ?? [];
  const [first, blank, round, head, axis, a, b, ...reasons] = body.split('\n');
  expect([first, blank, round]).toEqual([message, '', 'round 1:']);
  expect(head).toBe('VIOLATED  allocated twice  key=&lt;/failure&gt;&amp;  [same-host]');
  expect(axis).toMatch(/^ +0 +5 ms$/u);
  expect(a).toMatch(/^ {2}A {2}session 1 .*\|-+\|$/u);
  expect(b!.indexOf('|')).toBeGreaterThan(a!.lastIndexOf('|') + 10);
  expect(reasons[0]).toBe('  A had it, and B was given it.');
});

test('the case of a scenario without modes has the name of the scenario, as it has no other', () => {
  const [, wrong] = violated().modes;
  const text = textOf({ ...violated(), modes: [wrong!] });
  expect(casesOf(text)).toEqual(['online-store.consistency: online-store failure']);
  expect(text).toContain('<property name="requests" ');
});

test('what is undecided is skipped and never passed', () => {
  expect(casesOf(textOf(failing()))).toEqual([
    'online-store.consistency: locked passed',
    'online-store.consistency: two-locks skipped',
    'online-store.consistency: optimistic skipped',
    'online-store.run: run skipped',
  ]);
});

test('what was found against the generator is an error, no failure of what is measured', () => {
  const found = { ...gates[1]!, text: 'generator', metric: 'generator', because: 'half the iterations began late.' };
  const text = textOf({ ...exampleResult(), gates: [found] });
  expect(casesOf(text)).toContain('online-store.gates: generator error');
  expect(text).toContain('<error type="generator" message="half the iterations began late."');
});

test('an invalid run is an error with its reason', () => {
  expect(casesOf(textOf(invalid()))).toEqual(['online-store.run: run error']);
  expect(textOf(invalid())).toContain('type="ERR_TARGET_UNREACHABLE" message="http://127.0.0.1:9 does not answer');
});

test('a run of which nothing was asked has a case all the same, with how long it took and what was sent', () => {
  const [mode] = noConsistency().modes;
  const requests = {
    ...mode!.requests,
    total: 90,
    byStatus: { 200: 80, 503: 7 },
    byError: { timeout: 3 },
    bytes: 12_345,
  };
  const text = textOf({ ...noConsistency(), tookUs: 34_200_400, modes: [{ ...mode!, requests }] });
  expect(casesOf(text)).toEqual(['online-store.run: run passed']);
  expect(text).toContain('<testsuites name="contend" time="34.200" tests="1"');
  expect(text).toContain(
    '<property name="requests of locked" value="total: 90, 200: 80, 503: 7, timeout: 3, bytes: 12345"/>',
  );
});

test('the sums agree with the cases', () => {
  for (const result of results) {
    const text = textOf(result);
    for (const [attribute, element] of [
      ['tests', 'testcase'],
      ['failures', 'failure'],
      ['errors', 'error'],
      ['skipped', 'skipped'],
    ] as const) {
      const elements = text.match(new RegExp(`<${element} `, 'gu'))?.length ?? 0;
      const inSuites = [...text.matchAll(new RegExp(`<testsuite [^>]*\\b${attribute}="(\\d+)"`, 'gu'))];
      expect(inSuites.reduce((sum, [, count]) => sum + Number(count), 0)).toBe(elements);
      const [, whole] = new RegExp(`<testsuites [^>]*\\b${attribute}="(\\d+)"`, 'u').exec(text) ?? [];
      if (whole !== undefined) expect(Number(whole)).toBe(elements);
    }
  }
});

test('no text from outside becomes an element, and no character is left that XML 1.0 forbids', () => {
  const text = textOf(hostileMarkup());
  expect(text).not.toMatch(/<(?!\/?(?:testsuites?|propert(?:ies|y)|testcase|failure|error|skipped)[\s>]|\?xml )/u);
  expect(text).not.toContain(']]>');
  expect(text).not.toMatch(/&(?!(?:amp|lt|gt|quot|apos);)/u);
  // Tab, newline and carriage return are the only ones below U+0020; no surrogate stands alone.
  expect(text).not.toMatch(/(?!\n)[\p{Cc}\p{Cs}\ufffe\uffff]/u);
});

const schema = fileURLToPath(new URL('junit.xsd', import.meta.url));
const lint = (input: string) =>
  spawnSync('xmllint', ['--noout', '--nonet', '--schema', schema, '-'], { input, encoding: 'utf8' });
const hasXmllint = lint('').error === undefined;

describe.skipIf(!hasXmllint)('for xmllint (apt-get install -y libxml2-utils), a report', () => {
  test('keeps to the schema that build servers know', () => {
    for (const result of results) expect(lint(textOf(result))).toMatchObject({ status: 0, stderr: '- validates\n' });
  });

  test('does not keep to it where a case has no name, so the schema says something', () => {
    expect(lint(textOf(withGates()).replace(/<testcase name="[^"]*"/u, '<testcase')).status).toBe(3);
  });
});
