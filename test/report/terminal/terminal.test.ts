import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Result } from '../../../src/core/result/result.ts';
import { terminal } from '../../../src/report/terminal/terminal.ts';
import { widthOf } from '../../../src/report/plain.ts';
import {
  exampleResult,
  failing,
  gated,
  hostile,
  invalid,
  noConsistency,
  oneMode,
  openLoad,
  openLoadKept,
  times,
  violated,
  violatedThenInvalid,
  wideNames,
} from '../example-result.ts';

const examples = {
  exampleResult,
  oneMode,
  noConsistency,
  violated,
  invalid,
  failing,
  gated,
  hostile,
  wideNames,
  openLoad,
  openLoadKept,
};
const results = Object.values(examples).map((make) => make());
const escape = '\u001b';
const at = (width: number) => ({ width, color: false, details: true });

test.each([
  ['terminal-80', exampleResult, 80],
  ['terminal-120', exampleResult, 120],
  ['terminal-60', exampleResult, 60],
  ['terminal-one-mode', oneMode, 80],
  ['terminal-no-consistency', noConsistency, 80],
  ['terminal-violated', violated, 80],
  ['terminal-invalid', invalid, 80],
  ['terminal-violated-then-invalid', violatedThenInvalid, 80],
  ['terminal-gates', gated, 80],
  ['terminal-gates-40', gated, 40],
  ['terminal-failing', failing, 80],
  ['terminal-failing-120', failing, 120],
  ['terminal-hostile', hostile, 80],
  ['terminal-wide-names', wideNames, 80],
  ['terminal-open-load', openLoad, 80],
  ['terminal-open-load-40', openLoad, 40],
  ['terminal-open-load-120', openLoad, 120],
  ['terminal-open-load-kept', openLoadKept, 80],
] as const)('%s reads as it did', async (name, make, width) => {
  await expect(terminal(make(), at(width))).toMatchFileSnapshot(`../../golden/${name}.txt`);
});

test('shows what came back where it was not what it should be', () => {
  const result = failing();
  const [first, ...others] = result.modes;
  const samples = [
    { step: 'write', status: 503, headers: { 'retry-after': '1' }, body: 'out of\n\u001b[31morder' },
    { step: 'read', status: 404, headers: {}, body: '' },
  ];
  const check = { count: 113, example: 'write: status 503, expected 200 or 204', samples };
  const text = terminal({ ...result, modes: [{ ...first!, failuresByClass: { check } }, ...others] }, at(120));
  expect(text).toContain('   write answered 503, retry-after: 1: out of order\n');
  expect(text).not.toContain('read answered');
});

test('no line is wider than the terminal, whatever its width', () => {
  fc.assert(
    fc.property(fc.integer({ min: 40, max: 200 }), fc.constantFrom(...results), (width, result) => {
      for (const line of terminal(result, at(width)).split('\n')) expect(widthOf(line)).toBeLessThanOrEqual(width);
    }),
    { numRuns: 40 },
  );
});

test('every number of the modes fits into a terminal of 80 columns in two tables, and their requests in a third', () => {
  const heads = terminal(exampleResult(), at(80))
    .split('compared with')[0]
    ?.match(/^mode /gm);
  expect(heads).toHaveLength(3);
});

test('without colour there is no control character but the newline', () => {
  for (const result of results) expect(terminal(result, at(100))).not.toMatch(/(?!\n)\p{Cc}/u);
});

test('colour adds escape sequences and changes no letter', () => {
  const colored = terminal(violated(), { width: 80, color: true, details: true });
  expect(colored).toContain('\u001b[31mFAIL');
  const bare = colored.replaceAll(new RegExp(`${escape}\\[\\d+m`, 'g'), '');
  expect(bare).toBe(terminal(violated(), at(80)));
});

test('a lost update is red where it is forbidden and yellow where it is allowed', () => {
  const red = '\u001b[31m60,993';
  const yellow = '\u001b[33m60,993';
  expect(terminal(exampleResult(), { width: 80, color: true, details: true })).toContain(yellow);
  expect(terminal(exampleResult(), { width: 80, color: true, details: true })).not.toContain(red);
});

test('a gate that passed is green, a failed one red, an undecided one yellow', () => {
  const colored = terminal(gated(), { width: 80, color: true, details: true });
  for (const piece of ['\u001b[32mpass', '\u001b[31mFAIL', '\u001b[33mundecided']) expect(colored).toContain(piece);
});

test('hostile text reaches the terminal without its sequences, on one line, and cut', () => {
  const text = terminal(hostile(), at(80));
  expect(text).toContain('clickred');
  expect(text).not.toMatch(/[\p{Cf}\p{Cs}]/u);
  expect(text).not.toContain('evil.example');
  expect(text).not.toContain('[31m');
  expect(text).not.toContain('x'.repeat(200));
});

test('a mode is called faster or slower only where there is an interval', () => {
  const bare = ({ comparisons, ...result }: Result): Result => ({
    ...result,
    comparisons: comparisons.map((one) => ({ ...one, low: null, high: null, verdict: null })),
  });
  for (const result of results) expect(terminal(bare(result), at(100))).not.toMatch(/faster|slower/i);
});

test('a percentile without its samples is a dash, and the note says how many it takes', () => {
  const text = terminal(failing(), at(120));
  expect(rowOf(text, 'two-locks*')).toMatch(/125 ms +\d+ ms +\d+ ms +– +– +\d+ ms/);
  expect(text).toContain('p99 needs 1,000 iterations, p99.9 10,000.');
});

test('a percentile that failures may hide is a bound', () => {
  expect(rowOf(terminal(failing(), at(120)), 'locked')).toContain('> ');
});

test('no lost update is a plain 0, and where nobody asked about the data there is no column for it', () => {
  expect(rowOf(terminal(exampleResult(), at(80)), 'locked')).toMatch(/ 0$/);
  expect(terminal(noConsistency(), at(80))).not.toContain('lost updates');
});

test('lost updates that are not known exactly are shown as bounds', () => {
  expect(rowOf(terminal(violated(), at(80)), 'lock-free')).toMatch(/60,993 to 61,020 +71 %$/);
});

test('a single place in a histogram is shown, however few lie in it', () => {
  const [mode] = oneMode().modes;
  const responseTimeUs = times(50_000, (u) => (u < 0.0001 ? 1_000_000 : 1000));
  const text = terminal({ ...oneMode(), modes: [{ ...mode!, responseTimeUs }] }, at(80));
  expect(text).toMatch(/^lock-free +█ +▁$/m);
});

test('a mode in which nothing completed has an empty row', () => {
  const result = exampleResult();
  const [first, ...others] = result.modes;
  const text = terminal({ ...result, modes: [{ ...first!, responseTimeUs: times(0, () => 0) }, ...others] }, at(80));
  expect(text).toMatch(/^locked +–$/m);
});

test('modes that were offered the same rate stand beside each other by their p99, as far as it is known', () => {
  const text = terminal(openLoadKept(), at(80));
  expect(text).toMatch(/p99 vs two-locks/);
  expect(rowOf(text, 'lock-free')).toMatch(/0\.53×/);
  expect(terminal(openLoad(), at(80))).not.toContain('p99 vs');
});

test('a closed load says nothing of queues, and one worker on the usual transport is not worth a word', () => {
  expect(terminal(exampleResult(), at(80))).not.toMatch(/queue wait|send lag|pacing|workers|wire/);
});

const rowOf = (text: string, mode: string): string =>
  text.split('\n').find((line) => line.startsWith(`${mode} `)) ?? `no row of ${mode}`;
