import { describe, expect, test } from 'vitest';
import type { GateResult } from '../../src/core/result/result.ts';
import { judge, type Outcome } from '../../src/judge/verdict.ts';
import { iterations, lostWith, modeWith } from './mode.ts';

const gate = (verdict: GateResult['verdict'], metric = 'p99'): GateResult => ({
  text: `${metric}(a) < ${verdict}`,
  metric,
  verdict,
  actual: 5,
  limit: 4,
  unit: 'µs',
  interval: null,
  samples: 2000,
  because: '5 µs is 5 µs',
});

const outcome = (more: Partial<Outcome> = {}): Outcome => ({
  modes: [modeWith({ name: 'a' })],
  gates: [],
  invalid: undefined,
  undecided: 'fail',
  ...more,
});

const invalid = { code: 'ERR_TARGET_UNREACHABLE', message: 'nobody listens.', hint: 'Start it.' };
const violated = modeWith({ name: 'a', ...lostWith(1, 1, 'violated') });
const lapsed = modeWith({
  name: 'leased',
  locks: [{ ...modeWith().locks[0]!, name: 'redis', lapsed: 2 }],
});
const idle = modeWith({ name: 'a', ...lostWith(0, 0, 'not-exercised') });
const unjudged = { lost: null, consistency: null };
const failing = modeWith({
  name: 'b',
  ...unjudged,
  iterations: iterations({ completed: 40, failed: 60 }),
  failuresByClass: { check: { count: 60, example: 'read: status 500, expected one below 400' } },
});

describe('a run', () => {
  test.each<[what: string, more: Partial<Outcome>, is: string, headline: string, exitCode: number]>([
    ['with everything in order passes', {}, 'pass', 'PASS', 0],
    ['of which nothing was asked is done', { modes: [modeWith(unjudged)] }, 'pass', 'DONE', 0],
    ['with gates that passed passes', { gates: [gate('pass'), gate('pass')] }, 'pass', 'PASS', 0],
    ['with a violation where it is forbidden fails', { modes: [violated] }, 'fail', 'FAIL', 98],
    [
      'with nothing but violations that are allowed is done',
      { modes: [{ ...violated, violations: 'allowed' }] },
      'pass',
      'DONE',
      0,
    ],
    [
      'that kept its data right although it need not passes',
      { modes: [modeWith({ violations: 'allowed' })] },
      'pass',
      'PASS',
      0,
    ],
    ['with a lease that ran out while it was held fails', { modes: [lapsed] }, 'fail', 'FAIL', 98],
    [
      'with such a lease where violations are allowed passes',
      { modes: [{ ...lapsed, violations: 'allowed' }] },
      'pass',
      'PASS',
      0,
    ],
    ['without an acknowledged update is undecided', { modes: [idle] }, 'undecided', 'UNDECIDED', 97],
    [
      'that could not read a value is undecided',
      { modes: [modeWith(lostWith(0, 0, 'unknown'))] },
      'undecided',
      'UNDECIDED',
      97,
    ],
    [
      'with a mode in which more failed than completed is undecided',
      { modes: [failing] },
      'undecided',
      'UNDECIDED',
      97,
    ],
    ['with an undecided gate is undecided', { gates: [gate('pass'), gate('undecided')] }, 'undecided', 'UNDECIDED', 97],
    ['with a failed gate fails', { gates: [gate('fail'), gate('undecided')] }, 'fail', 'FAIL', 99],
    ['that is invalid is undecided', { invalid }, 'undecided', 'INVALID', 96],
    ['that was interrupted is undecided', { interrupted: 'SIGINT' }, 'undecided', 'INTERRUPTED', 130],
    ['that was terminated is undecided', { interrupted: 'SIGTERM' }, 'undecided', 'INTERRUPTED', 143],
  ])('%s', (_what, more, is, headline, exitCode) => {
    const judged = judge(outcome(more));
    expect([judged.verdict.is, judged.headline, judged.exitCode]).toEqual([is, headline, exitCode]);
  });
});

describe('of several reasons the first of 130, 98, 96, 99, 97 decides', () => {
  const all: Outcome = outcome({
    modes: [violated, idle],
    gates: [gate('fail'), gate('undecided')],
    invalid,
    interrupted: 'SIGINT',
  });

  test('step by step', () => {
    const without: readonly Partial<Outcome>[] = [
      {},
      { interrupted: undefined },
      { modes: [idle] },
      { invalid: undefined },
      { gates: [gate('undecided')] },
      { modes: [modeWith()] },
      { gates: [] },
    ];
    const codes = without.map(
      (_, at) => judge(Object.assign({}, all, ...without.slice(0, at + 1)) as Outcome).exitCode,
    );
    expect(codes).toEqual([130, 98, 96, 99, 97, 97, 0]);
  });

  test('without the name of a mode where the scenario has no modes', () => {
    const only = { ...violated, name: 'lock-free', lock: 'none' };
    expect(judge(outcome({ modes: [only] })).reasons[0]).toMatch(/^the data was not right: at least 1 of/u);
    expect(judge(outcome({ modes: [only, modeWith()] })).reasons[0]).toMatch(/^the data was not right in lock-free: /u);
  });

  test('so that a violation in an invalid run is a violation, and both are told', () => {
    expect(judge(outcome({ modes: [violated], invalid }))).toEqual({
      verdict: {
        is: 'fail',
        because: 'the data was not right in a: at least 1 of 1,000 acknowledged updates lost, 0.10 %',
      },
      headline: 'FAIL',
      reasons: ['the data was not right in a: at least 1 of 1,000 acknowledged updates lost, 0.10 %', 'nobody listens'],
      exitCode: 98,
    });
  });

  test('so that what was found against the generator is no fault of the change', () => {
    expect(judge(outcome({ gates: [gate('fail', 'generator')], invalid })).exitCode).toBe(96);
  });
});

describe('the reasons', () => {
  const reasons = (more: Partial<Outcome>): readonly string[] => judge(outcome(more)).reasons;

  test('are every gate that failed', () => {
    expect(reasons({ gates: [gate('pass'), gate('fail'), gate('fail', 'errors')] })).toEqual([
      'p99(a) < fail: 5 µs is 5 µs',
      'errors(a) < fail: 5 µs is 5 µs',
    ]);
    expect(reasons({ gates: [gate('undecided')] })).toEqual(['p99(a) < undecided: 5 µs is 5 µs']);
  });

  test('of a violation say in which mode and how much, and do not repeat it for a gate on it', () => {
    expect(reasons({ modes: [lapsed] })).toEqual(['a lease ran out while it was held in leased: 2 times']);
    expect(reasons({ modes: [violated, lapsed], gates: [gate('fail', 'consistency'), gate('fail')] })).toEqual([
      'the data was not right in a: at least 1 of 1,000 acknowledged updates lost, 0.10 %',
      'a lease ran out while it was held in leased: 2 times',
      'p99(a) < fail: 5 µs is 5 µs',
    ]);
  });

  test('of a stock that was oversold say of what, and how often', () => {
    const finding = { rule: 'oversold', key: 'coupon=C1', sold: { granted: 170, of: 50 }, atLeast: 120 };
    const mode = modeWith({ name: 'after', ...lostWith(1, 1, 'violated') });
    const oversold = { ...mode, consistency: { ...mode.consistency!, findings: [finding as never] } };
    expect(reasons({ modes: [oversold] })).toEqual([
      'the data was not right in after: coupon=C1 was granted 170 times, limit 50',
    ]);
  });

  test('say how much failed, and of what, from a hundredth on, whatever the verdict', () => {
    const some = modeWith({
      iterations: iterations({ completed: 60, failed: 40 }),
      failuresByClass: {
        timeout: { count: 3, example: 'no answer within 300 ms' },
        check: { count: 37, example: 'read: status 500, expected one below 400' },
      },
    });
    const told = '40 % of the iterations of locked failed: read: status 500, expected one below 400';
    expect(reasons({ modes: [some] })).toEqual([told]);
    expect(reasons({ modes: [some], gates: [gate('fail')] })).toEqual(['p99(a) < fail: 5 µs is 5 µs', told]);
    expect(reasons({ modes: [modeWith({ iterations: iterations({ completed: 991, failed: 9 }) })] })).toEqual([]);
    expect(reasons({ modes: [failing] })).toEqual([
      'more iterations failed than completed in b: read: status 500, expected one below 400',
    ]);
  });
});

describe('with warn', () => {
  test('what was too little to judge by stays undecided and ends with 0, and the reason says so', () => {
    expect(judge(outcome({ gates: [gate('undecided')], undecided: 'warn' }))).toEqual({
      verdict: {
        is: 'undecided',
        because: 'p99(a) < undecided: 5 µs is 5 µs; --undecided warn makes that a warning, so the exit code is 0',
      },
      headline: 'UNDECIDED',
      reasons: ['p99(a) < undecided: 5 µs is 5 µs', '--undecided warn makes that a warning, so the exit code is 0'],
      exitCode: 0,
    });
  });

  test('nothing else changes: neither failures nor what is invalid is a want of data', () => {
    const codes = [
      { gates: [gate('fail')] },
      { modes: [violated] },
      { invalid },
      { interrupted: 'SIGINT' as const },
      { modes: [failing] },
    ];
    expect(codes.map((more) => judge(outcome({ ...more, undecided: 'warn' })).exitCode)).toEqual([99, 98, 96, 130, 97]);
  });
});
