import { stripVTControlCharacters } from 'node:util';
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Result } from '../../../src/core/result/result.ts';
import { widthOf } from '../../../src/report/plain.ts';
import { terminal } from '../../../src/report/terminal/terminal.ts';
import {
  exampleResult,
  failing,
  gated,
  hostile,
  invalid,
  noConsistency,
  oneMode,
  openLoad,
  violated,
  wideNames,
} from '../example-result.ts';

const sentence =
  'optimistic is the cheapest mode that kept the data right: 3.56 × the throughput of locked (3.45 to 3.66).';

/** As a run says it today. */
const said = (result: Result, more: Partial<Result>): Result => ({
  ...result,
  cheapest: { is: 'one', modes: ['optimistic'] },
  conclusion: sentence,
  headline: 'PASS',
  reasons: [],
  tookUs: 34_200_000,
  ...more,
});

const passed = (): Result => said(exampleResult(), {});

const wrong = 'the data was not right in lock-free: at least 60,993 of 85,906 acknowledged updates lost, 71 %';

const situations: { readonly [name: string]: () => Result } = {
  'pass': passed,
  'fail-data': () =>
    said(violated(), {
      headline: 'FAIL',
      reasons: [wrong],
      cheapest: { is: 'only', modes: ['locked'] },
      conclusion: 'locked is the only mode that kept the data right: 357 iterations/s.',
    }),
  'fail-gate': () =>
    said(gated(), {
      headline: 'FAIL',
      reasons: ['service.p99(locked/write) < 2ms: 4.101 ms over 2,142 requests is above the limit of 2 ms'],
    }),
  'undecided': () =>
    said(gated(), {
      headline: 'UNDECIDED',
      exitCode: 97,
      gates: gated().gates.filter(({ verdict }) => verdict !== 'fail'),
      reasons: [
        'p99.9(locked) < 500ms: a limit of 500 ms takes 20,000 iterations, and there are 2,142 (302.1 ms so far)',
      ],
      verdict: { is: 'undecided', because: 'too little' },
    }),
  'invalid': () =>
    said(invalid(), { headline: 'INVALID', reasons: ['http://127.0.0.1:9 does not answer: connection refused'] }),
  'done': () =>
    said(noConsistency(), {
      headline: 'DONE',
      cheapest: { is: 'none', modes: [] },
      conclusion: 'Whether the data stayed right is not known: the scenario has no "consistency:" section.',
    }),
  'interrupted': () =>
    said(exampleResult(), {
      headline: 'INTERRUPTED',
      reasons: ['what follows was measured until then'],
      exitCode: 130,
    }),
  'open-load': () =>
    said(openLoad(), {
      cheapest: { is: 'only', modes: ['two-locks'] },
      conclusion:
        'At 2,004/s locked did not keep up (1,650/s, 15 % dropped). two-locks is the only mode that kept up and kept the data right: p99 8.0 ms.',
    }),
  'stages': () => {
    const base = oneMode();
    const [mode] = base.modes;
    const { responseTimeUs } = mode!;
    const counts = { completed: 5000, failed: 0, dropped: 0, responseTimeUs };
    const stages = [
      { durationUs: 10_000_000, of: 'rate', from: 0, to: 500, ...counts },
      { durationUs: 10_000_000, of: 'rate', from: 500, to: 500, ...counts, dropped: 400 },
    ] as const;
    return said({ ...base, modes: [{ ...mode!, stages }] }, { headline: 'DONE', conclusion: '500 iterations/s.' });
  },
  'one-mode': () =>
    said(oneMode(), { headline: 'DONE', cheapest: { is: 'none', modes: [] }, conclusion: '12,089 iterations/s.' }),
  'failing': () =>
    said(failing(), {
      headline: 'UNDECIDED',
      cheapest: { is: 'none', modes: [] },
      reasons: [
        'whether the data is right is not known in optimistic: a value could not be read back',
        '6.8 % of the iterations of locked failed: write: status 503, expected 200 or 204',
      ],
      conclusion: 'No mode is known to have kept the data right.',
    }),
};

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
