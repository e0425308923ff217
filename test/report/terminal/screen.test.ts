import { stripVTControlCharacters } from 'node:util';
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { widthOf } from '../../../src/report/plain.ts';
import { terminal } from '../../../src/report/terminal/terminal.ts';
import { exampleResult, hostile, invalid, violated, wideNames } from '../example-result.ts';
import { passed, said, situations } from '../situations.ts';

describe.each([60, 80, 120])('at %d columns', (width) => {
  test.each(Object.entries(situations))('%s reads as it did', async (name, make) => {
    const plain = terminal(make(), { width, color: false });
    await expect(plain).toMatchFileSnapshot(`../../golden/screen-${name}-${width}.txt`);
    const colored = terminal(make(), { width, color: true });
    expect(stripVTControlCharacters(colored)).toBe(plain);
    expect(colored).not.toBe(plain);
  });
});

test('four modes take forty lines at most at 80 columns', () => {
  for (const make of Object.values(situations)) {
    const lines = terminal(make(), { width: 80, color: false }).split('\n').length - 1;
    expect(lines).toBeLessThanOrEqual(40);
  }
});

test('no line is wider than the terminal, whatever its width and whatever is in it', () => {
  const results = [...Object.values(situations), hostile, wideNames].map((make) => make());
  fc.assert(
    fc.property(fc.integer({ min: 40, max: 200 }), fc.constantFrom(...results), (width, result) => {
      const lines = terminal(result, { width, color: false }).split('\n');
      expect(Math.max(...lines.map(widthOf))).toBeLessThanOrEqual(width);
    }),
    { numRuns: 40 },
  );
});

test('the word and the reason stand before anything good', () => {
  for (const name of ['fail-data', 'fail-gate', 'undecided', 'invalid', 'interrupted']) {
    const result = situations[name]!();
    const text = terminal(result, { width: 200, color: false }).replaceAll(/\n +/gu, ' ');
    expect(text.split('\n')[2]).toContain(`${result.headline}  ${result.reasons![0]}.`);
  }
});

test('a document without a headline is shown by its verdict', () => {
  expect(terminal(violated(), { width: 80, color: false })).toContain(
    'FAIL  lock-free is not allowed to lose updates.',
  );
  expect(terminal(invalid(), { width: 80, color: false })).toContain('INVALID  http://127.0.0.1:9 does not answer');
});

test('where the files are is the last thing that is said', () => {
  const text = terminal(passed(), { width: 80, color: false, folder: 'out' });
  expect(text.trimEnd().split('\n').at(-1)).toBe('result.json and the other files are in out.');
});

test('how far a run was extended stands beside its rounds', () => {
  const scenario = { ...exampleResult().scenario, rounds: 12, extendedTo: 24 };
  expect(terminal(said(exampleResult(), { scenario }), { width: 120, color: false })).toContain(
    '4 modes × 12 rounds, extended to 24',
  );
});
