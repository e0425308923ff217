import type { Result } from '../../src/core/result/result.ts';
import { unequalWarning } from '../../src/judge/unequal.ts';
import {
  exampleResult,
  failing,
  gated,
  invalid,
  noConsistency,
  oneMode,
  openLoad,
  violated,
} from './example-result.ts';

const sentence =
  'optimistic is the cheapest mode that kept the data right: 3.56 × the throughput of locked (95 % interval 3.45 to 3.66), ' +
  'but its p99 is 3.00 × that of two-locks and 0.10 % of its iterations failed.';

/** As a run says it today. */
export const said = (result: Result, more: Partial<Result>): Result => ({
  ...result,
  cheapest: {
    is: 'one',
    modes: ['optimistic'],
    drawbacks: [
      { metric: 'p99', value: 3, than: 'two-locks' },
      { metric: 'failed', value: 8 / 7628 },
    ],
  },
  conclusion: sentence,
  headline: 'PASS',
  reasons: [],
  tookUs: 34_200_000,
  ...more,
});

/** Four modes, one of them the cheapest that kept the data right. */
export const passed = (): Result => said(exampleResult(), {});

const wrong = 'the data was not right in lock-free: at least 60,993 of 85,906 acknowledged updates lost, 71 %';

/** What a run may end in, by a word for each. */
export const situations: { readonly [name: string]: () => Result } = {
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
  'unequal': () => {
    const unequal = { step: 'book', status: '200', other: 0.654, alike: 'cancel' };
    const warnings = unequalWarning([{ mode: 'optimistic', control: 'locked', own: 0.419, ...unequal }]);
    return said(exampleResult(), {
      cheapest: { is: 'one', modes: ['optimistic'] },
      conclusion:
        'optimistic is the cheapest mode that kept the data right: 3.56 × the throughput of locked (95 % interval 3.45 to 3.66), ' +
        'but it did different work: 65 % of the answers to book were 200 in locked, 42 % in optimistic.',
      generator: { ...exampleResult().generator, warnings },
    });
  },
  'interrupted': () =>
    said(exampleResult(), {
      headline: 'INTERRUPTED',
      reasons: ['stopped early: this is what was measured until then'],
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
