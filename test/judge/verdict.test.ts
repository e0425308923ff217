import { describe, expect, test } from 'vitest';
import type { GateResult } from '../../src/core/result/result.ts';
import { judge, type Outcome } from '../../src/judge/verdict.ts';
import { iterations, lostWith, modeWith } from './mode.ts';

const gate = (verdict: GateResult['verdict']): GateResult => ({
  text: `p99(a) < ${verdict}`,
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
  isInvalid: false,
  undecided: 'fail',
  ...more,
});

const violated = modeWith({ name: 'a', ...lostWith(1, 1, 'violated') });
const lapsed = modeWith({
  name: 'leased',
  locks: [{ ...modeWith().locks[0]!, name: 'redis', lapsed: 2 }],
});
const idle = modeWith({ name: 'a', ...lostWith(0, 0, 'not-exercised') });
const silent = modeWith({ name: 'b', iterations: iterations({ failed: 9 }) });

describe('a run', () => {
  test.each<[what: string, more: Partial<Outcome>, is: string, exitCode: number]>([
    ['with everything in order passes', {}, 'pass', 0],
    ['without a consistency section passes', { modes: [modeWith({ lost: null, consistency: null })] }, 'pass', 0],
    ['with gates that passed passes', { gates: [gate('pass'), gate('pass')] }, 'pass', 0],
    ['with a violation where it is forbidden fails', { modes: [violated] }, 'fail', 98],
    ['with a violation where it is allowed passes', { modes: [{ ...violated, violations: 'allowed' }] }, 'pass', 0],
    ['with a lease that ran out while it was held fails', { modes: [lapsed] }, 'fail', 98],
    [
      'with such a lease where violations are allowed passes',
      { modes: [{ ...lapsed, violations: 'allowed' }] },
      'pass',
      0,
    ],
    ['without an acknowledged update is undecided', { modes: [idle] }, 'undecided', 97],
    ['that could not read a value is undecided', { modes: [modeWith(lostWith(0, 0, 'unknown'))] }, 'undecided', 97],
    ['with a mode in which nothing completed is undecided', { modes: [modeWith(), silent] }, 'undecided', 97],
    [
      'with a mode in which more failed than completed is undecided',
      { modes: [modeWith({ iterations: iterations({ completed: 40, failed: 60 }) })] },
      'undecided',
      97,
    ],
    ['with an undecided gate is undecided', { gates: [gate('pass'), gate('undecided')] }, 'undecided', 97],
    ['with a failed gate fails', { gates: [gate('fail'), gate('undecided')] }, 'fail', 99],
    ['that is invalid is undecided', { isInvalid: true }, 'undecided', 96],
    ['that was interrupted is undecided', { interrupted: 'SIGINT' }, 'undecided', 130],
    ['that was terminated is undecided', { interrupted: 'SIGTERM' }, 'undecided', 143],
  ])('%s', (_what, more, is, exitCode) => {
    const judged = judge(outcome(more));
    expect([judged.verdict.is, judged.exitCode]).toEqual([is, exitCode]);
  });
});

describe('of several reasons the first of 130, 98, 96, 99, 97 decides', () => {
  const all: Outcome = outcome({
    modes: [violated, idle],
    gates: [gate('fail'), gate('undecided')],
    isInvalid: true,
    interrupted: 'SIGINT',
  });

  test('step by step', () => {
    const without: readonly Partial<Outcome>[] = [
      {},
      { interrupted: undefined },
      { modes: [idle] },
      { isInvalid: false },
      { gates: [gate('undecided')] },
      { modes: [modeWith()] },
      { gates: [] },
    ];
    const codes = without.map(
      (_, at) => judge(Object.assign({}, all, ...without.slice(0, at + 1)) as Outcome).exitCode,
    );
    expect(codes).toEqual([130, 98, 96, 99, 97, 97, 0]);
  });

  test('so that a violation in an invalid run is a violation', () => {
    expect(judge(outcome({ modes: [violated], isInvalid: true }))).toEqual({
      verdict: { is: 'fail', because: 'data was not right in a' },
      exitCode: 98,
    });
  });
});

describe('the reason', () => {
  const because = (more: Partial<Outcome>): string => judge(outcome(more)).verdict.because;

  test('names the first gate and counts the others', () => {
    expect(because({ gates: [gate('pass'), gate('fail')] })).toBe('the gate p99(a) < fail failed: 5 µs is 5 µs');
    expect(because({ gates: [gate('fail'), gate('fail'), gate('fail')] })).toBe(
      'the gate p99(a) < fail failed: 5 µs is 5 µs (and 2 more)',
    );
    expect(because({ gates: [gate('undecided')] })).toBe('the gate p99(a) < undecided is undecided: 5 µs is 5 µs');
  });

  test('of a violation says which it was', () => {
    expect(because({ modes: [lapsed] })).toBe('a lease ran out while it was held in leased');
    expect(because({ modes: [violated, lapsed] })).toBe(
      'data was not right in a, and a lease ran out while it was held in leased',
    );
  });

  test('of a pass says how much failed, from a hundredth on', () => {
    const half = modeWith({
      iterations: { scheduled: 10, begun: 10, completed: 6, failed: 4, interrupted: 0, dropped: 0 },
    });
    expect(because({ modes: [half] })).toBe('no violation found in locked; 40 % of the iterations in locked failed');
    const few = modeWith({
      iterations: { scheduled: 1000, begun: 1000, completed: 991, failed: 9, interrupted: 0, dropped: 0 },
    });
    expect(because({ modes: [few] })).toBe('no violation found in locked');
  });

  test('of a pass says what passed', () => {
    expect(because({})).toBe('no violation found in a');
    expect(because({ gates: [gate('pass')] })).toBe('no violation found in a, and the gate passed');
    expect(because({ gates: [gate('pass'), gate('pass')], modes: [modeWith({ consistency: null })] })).toBe(
      'nothing was forbidden, and all 2 gates passed',
    );
  });
});

test('with warn, undecided stays undecided and ends with 0, and the reason says so; nothing else changes', () => {
  expect(judge(outcome({ gates: [gate('undecided')], undecided: 'warn' }))).toEqual({
    verdict: {
      is: 'undecided',
      because:
        'the gate p99(a) < undecided is undecided: 5 µs is 5 µs; --undecided warn makes that a warning, so the exit code is 0',
    },
    exitCode: 0,
  });
  const codes = [
    { gates: [gate('fail')] },
    { modes: [violated] },
    { isInvalid: true },
    { interrupted: 'SIGINT' as const },
  ];
  expect(codes.map((more) => judge(outcome({ ...more, undecided: 'warn' })).exitCode)).toEqual([99, 98, 96, 130]);
});
