import { expect, test } from 'vitest';
import type { Result } from '../../../src/core/result/result.ts';
import { terminal } from '../../../src/report/terminal/terminal.ts';
import { warningsOf } from '../../../src/report/sections/warnings.ts';
import { exampleResult, hostile } from '../example-result.ts';

const warned = (...messages: readonly string[]): Result => ({
  ...exampleResult(),
  generator: {
    ...exampleResult().generator,
    warnings: messages.map((message) => ({ code: 'LOOP_DELAY', message, hint: 'Fewer users.' })),
  },
});
const told = (result: Result): readonly string[] => warningsOf(result).map(({ message }) => message);

const delayed = (mode: string, ms: string): string =>
  `the generator's own delays in ${mode} were ${ms} ms at the 99th percentile.`;

test('a warning that every mode has is told once, with the names and the range of the number', () => {
  const result = warned(delayed('locked', '9'), delayed('two-locks', '12'), delayed('lock-free', '1,200'));
  expect(told(result)).toEqual([
    "the generator's own delays in locked, two-locks and lock-free were 9 … 1,200 ms at the 99th percentile.",
  ]);
  expect(terminal(result, { width: 80, color: false, details: true }).match(/LOOP_DELAY/gu)).toHaveLength(1);
});

test('a number that is the same for all stands there once', () => {
  expect(told(warned(delayed('locked', '9'), delayed('lock-free', '9')))).toEqual([
    "the generator's own delays in locked and lock-free were 9 ms at the 99th percentile.",
  ]);
});

test('what says something else, or means another thing, is told apart', () => {
  const messages = [delayed('locked', '9'), 'locked was held.', 'lock-free-two was held.', delayed('unknown', '3')];
  expect(told(warned(...messages))).toEqual(messages);
  const [first, second] = warned(delayed('locked', '9'), delayed('lock-free', '9')).generator.warnings;
  const apart = { ...warned(), generator: { ...warned().generator, warnings: [first!, { ...second!, code: 'GC' }] } };
  expect(warningsOf(apart)).toHaveLength(2);
});

test('a mode named like a word of the message, or not at all, merges nothing that differs', () => {
  const [one, other] = exampleResult().modes;
  const result = {
    ...warned(delayed('the', '1'), delayed('', '2')),
    modes: [
      { ...one!, name: 'the' },
      { ...other!, name: '' },
    ],
  };
  expect(told(result)).toEqual([delayed('the', '1'), delayed('', '2')]);
});

test('hostile warnings end and stay as they were', () => {
  expect(warningsOf(hostile())).toEqual(hostile().generator.warnings);
});
