import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { metrics, type MetricName } from '../../../src/core/metric.ts';
import type { Gate, LimitGate } from '../../../src/core/plan/plan.ts';
import type { GateResult, ModeResult } from '../../../src/core/result/result.ts';
import { judgeGates, type Judged } from '../../../src/judge/gate/gate.ts';
import { iterations, lostWith, modeWith, times } from '../mode.ts';

const on = (metric: MetricName, op: LimitGate['op'], limit: number, step?: string): Gate => ({
  text: 'as it was written',
  metric,
  mode: 'locked',
  ...(step === undefined ? {} : { step }),
  op,
  limit,
});
const generator = { cpuShare: 0.4, eventLoopDelayP99Us: 900, warnings: [] };
const measured = (...modes: readonly ModeResult[]): Judged => ({ modes, generator, looks: 'one look' });
const right: Gate = { text: 'consistency(locked)', metric: 'consistency', mode: 'locked' };

const judged = (gate: Gate, mode: Partial<ModeResult> = {}, doubt?: string): GateResult =>
  judgeGates([gate], measured(modeWith(mode)), doubt)[0]!;
const told = (gate: Gate, mode?: Partial<ModeResult>): string => {
  const { verdict, because } = judged(gate, mode);
  return `${verdict}: ${because}`;
};

describe('a time', () => {
  test('passes below the limit and fails above it, with the figures', () => {
    expect(judged(on('p99', '<', 60_000))).toEqual({
      text: 'as it was written',
      metric: 'p99',
      mode: 'locked',
      verdict: 'pass',
      actual: 50_000,
      limit: 60_000,
      unit: 'µs',
      interval: null,
      samples: 10_000,
      because: '50 ms over 10,000 iterations is below the limit of 60 ms',
    });
    expect(told(on('p99', '<', 49_999))).toBe('fail: 50 ms over 10,000 iterations is above the limit of 49.999 ms');
    expect(told(on('service.p99', '<=', 3000, 'write'))).toBe(
      'pass: 3 ms over 10,000 requests is at the limit of 3 ms',
    );
    expect(told(on('p99', '<', 2000, 'write'))).toBe('fail: 3 ms over 10,000 requests is above the limit of 2 ms');
    expect(told(on('lockWait.p50', '<', 1e6))).toBe('pass: 40 ms over 10,000 waits is below the limit of 1 s');
  });

  test('with too few behind it fails where a lower percentile is too long already', () => {
    const few = { ...times(250, 100_000), p50: 20_000 };
    expect(told(on('p99', '<', 50_000), { responseTimeUs: few })).toBe(
      'fail: p90 is 100 ms over 250 iterations, above the limit of 50 ms already, and p99 is no less',
    );
    expect(judged(on('p99', '<', 100_001), { responseTimeUs: few }).verdict).toBe('undecided');
    // Too few for a p90, and half of them are short.
    expect(judged(on('p99', '<', 50_000), { responseTimeUs: { ...few, count: 199 } }).verdict).toBe('undecided');
    expect(judged(on('p99', '<', 10_000), { responseTimeUs: { ...few, count: 40 } }).verdict).toBe('fail');
    expect(judged(on('p99', '>', 10_000), { responseTimeUs: few }).verdict).toBe('undecided');
  });

  test.each<[LimitGate['op'], readonly GateResult['verdict'][]]>([
    ['<', ['pass', 'fail', 'fail']],
    ['<=', ['pass', 'pass', 'fail']],
    ['>', ['fail', 'fail', 'pass']],
    ['>=', ['fail', 'pass', 'pass']],
  ])('is held against its limit by %s', (op, verdicts) => {
    const values = [49_999, 50_000, 50_001];
    const seen = values.map((us) => judged(on('mean', op, 50_000), { responseTimeUs: times(40, us) }).verdict);
    expect(seen).toEqual(verdicts);
  });

  test('is undecided with a sample too few, whichever side of the limit it lies on', () => {
    const few = { responseTimeUs: times(1999, 50_000) };
    const wanted = 'takes 2,000 iterations, and there are 1,999 (50 ms so far)';
    expect(told(on('p99', '<', 60_000), few)).toBe(`undecided: a limit of 60 ms ${wanted}`);
    expect(told(on('p99', '>', 100), few)).toBe(`undecided: a limit of 100 µs ${wanted}`);
    expect(judged(on('p99', '<', 60_000), { responseTimeUs: times(2000, 50_000) }).verdict).toBe('pass');
  });

  test('does not pass where failures could hide it, and fails where it is too long already', () => {
    const hidden = { iterations: iterations({ completed: 10_000, failed: 102 }) };
    expect(told(on('p99', '<', 60_000), hidden)).toBe(
      'undecided: 50 ms over 10,000 iterations is below the limit of 60 ms, but 102 iterations without a time could all lie beyond',
    );
    expect(judged(on('p99', '>', 60_000), hidden).verdict).toBe('undecided');
    expect(judged(on('p99', '>', 40_000), hidden).verdict).toBe('undecided');
    expect(judged(on('p99', '<', 40_000), hidden).verdict).toBe('fail');
    expect(judged(on('p95', '<', 60_000), hidden).verdict).toBe('pass');
  });

  test('counts what was dropped or never ended among what hides it', () => {
    for (const what of ['dropped', 'interrupted']) {
      const hidden = { iterations: iterations({ completed: 10_000, [what]: 102 }) };
      expect(judged(on('p99', '<', 60_000), hidden).verdict).toBe('undecided');
    }
  });
});

test('a time of a group of steps is judged by its passes', () => {
  const groups = [{ name: 'visit', timeUs: times(3000, 8000), unfinished: 0 }];
  expect(told(on('p99', '<', 10_000, 'visit'), { groups })).toBe(
    'pass: 8 ms over 3,000 passes is below the limit of 10 ms',
  );
  expect(told(on('p99', '<', 10_000, 'visit'), { groups: [{ ...groups[0]!, unfinished: 100 }] })).toBe(
    'undecided: 8 ms over 3,000 passes is below the limit of 10 ms, but 100 passes without a time could all lie beyond',
  );
});

describe('errors', () => {
  const failing = (failed: number, of: number) => ({ iterations: iterations({ completed: of - failed, failed }) });

  test('take three times the inverse of the limit', () => {
    expect(told(on('errors', '<', 0.001), failing(0, 2999))).toBe(
      'undecided: a limit of 0.1 % takes 3,000 iterations, and there are 2,999 (0 % so far)',
    );
    expect(told(on('errors', '<', 0.001), failing(0, 3000))).toBe(
      'pass: 0 % over 3,000 iterations is below the limit of 0.1 %',
    );
    expect(told(on('errors', '<', 0.001), failing(3, 3000))).toBe(
      'fail: 0.1 % over 3,000 iterations is at the limit of 0.1 %',
    );
    expect(judged(on('errors', '<', 0.001), failing(20, 20)).verdict).toBe('undecided');
  });

  test('that must be none are a statement on this run', () => {
    expect(judged(on('errors', '==', 0), failing(0, 1)).verdict).toBe('pass');
    expect(judged(on('errors', '==', 0), failing(1, 1000)).verdict).toBe('fail');
    expect(judged(on('errors', '==', 0), failing(0, 0)).verdict).toBe('undecided');
  });
});

describe('throughput', () => {
  test('is the median over the rounds', () => {
    expect(told(on('throughput', '>=', 300))).toBe('pass: 357/s over 3 rounds is above the limit of 300/s');
    expect(told(on('throughput', '>=', 2000))).toBe('fail: 357/s over 3 rounds is below the limit of 2,000/s');
  });

  test('is undecided where no round was measured', () => {
    const none = { slots: [], throughputPerSecond: 0 };
    expect(told(on('throughput', '<', 5), none)).toBe('undecided: a limit of 5/s takes 1 round, and there are none');
  });
});

describe('lost updates', () => {
  test('are decided where both bounds are on one side of the limit', () => {
    expect(told(on('lost', '==', 0), lostWith(0, 0, 'no-violation-found'))).toBe(
      'pass: 0 over 1,000 acknowledged updates is at the limit of 0',
    );
    expect(told(on('lost', '==', 0), lostWith(2, 5, 'violated'))).toBe(
      'fail: at least 2 and at most 5 over 1,000 acknowledged updates: the limit of 0 is not kept either way',
    );
    expect(judged(on('lost', '<', 6), lostWith(2, 5, 'violated')).verdict).toBe('pass');
    expect(judged(on('lost', '>', 1), lostWith(2, 5, 'violated')).verdict).toBe('pass');
  });

  test('are undecided where the limit lies between', () => {
    expect(told(on('lost', '==', 0), lostWith(0, 5, 'no-violation-found'))).toBe(
      'undecided: at least 0 and at most 5 over 1,000 acknowledged updates: the limit of 0 may be kept or not',
    );
    for (const op of ['<', '<=', '>', '>=', '=='] as const) {
      expect(judged(on('lost', op, 3), lostWith(2, 5, 'violated')).verdict).toBe('undecided');
    }
  });

  test('are undecided where a value could not be read, unless enough were lost already', () => {
    expect(told(on('lost', '==', 0), lostWith(0, 0, 'unknown'))).toBe(
      'undecided: at least 0 and no known upper bound over 1,000 acknowledged updates: the limit of 0 may be kept or not',
    );
    expect(judged(on('lost', '<', 2), lostWith(2, 2, 'unknown')).verdict).toBe('fail');
  });

  test('are undecided where no update was acknowledged', () => {
    expect(judged(on('lost', '==', 0), lostWith(0, 0, 'not-exercised'))).toMatchObject({
      verdict: 'undecided',
      actual: null,
      samples: 0,
    });
  });
});

describe('consistency', () => {
  test('is the verdict on the data, whether violations are allowed or not', () => {
    expect(judged(right, lostWith(0, 0, 'no-violation-found'))).toEqual({
      text: 'consistency(locked)',
      metric: 'consistency',
      mode: 'locked',
      verdict: 'pass',
      actual: null,
      limit: null,
      unit: null,
      interval: null,
      samples: 1000,
      because: 'no violation was found among 1,000 operations, of which 50,000 pairs overlapped',
    });
    const violated = { ...lostWith(3, 3, 'violated'), violations: 'allowed' } as const;
    expect(told(right, violated)).toBe(
      'fail: the data was wrong in 1 key: at least 3 of 1,000 acknowledged updates lost',
    );
    expect(told(right, lostWith(0, 0, 'violated'))).toContain('more than acknowledged');
  });

  test('is undecided where the data was not put to the test, or could not be read', () => {
    expect(judged(right, lostWith(0, 0, 'not-exercised')).verdict).toBe('undecided');
    expect(judged(right, lostWith(0, 0, 'unknown')).verdict).toBe('undecided');
    expect(judged(right, { lost: null, consistency: null }).verdict).toBe('undecided');
  });
});

describe('no pass', () => {
  test('comes from a mode that was not measured', () => {
    const results = judgeGates([on('p99', '<', 1e9), right], measured());
    expect(results.map(({ verdict, because }) => [verdict, because])).toEqual([
      ['undecided', 'no round of locked was measured'],
      ['undecided', 'no round of locked was measured'],
    ]);
  });

  test('comes from a run that cannot be believed, and no fail but that data was wrong', () => {
    const doubt = 'the run is invalid';
    expect(judged(on('p99', '<', 60_000), {}, doubt)).toMatchObject({
      verdict: 'undecided',
      because: 'the run is invalid, so this proves nothing: 50 ms over 10,000 iterations is below the limit of 60 ms',
    });
    expect(judged(on('p99', '<', 1), {}, doubt).verdict).toBe('undecided');
    expect(judged(right, lostWith(3, 3, 'violated'), doubt).verdict).toBe('fail');
    expect(judged(on('lost', '==', 0), lostWith(3, 3, 'violated'), doubt).verdict).toBe('fail');
  });

  test('comes from zero samples, whatever the gate', () => {
    const none = times(0, 0);
    const empty = modeWith({
      iterations: iterations({}),
      responseTimeUs: none,
      serviceTimeUs: none,
      lockWaitUs: none,
      steps: [{ name: 'write', serviceTimeUs: none, requests: 0 }],
      slots: [],
      series: [],
      throughputPerSecond: 0,
      ...lostWith(0, 0, 'not-exercised'),
    });
    const names = Object.keys(metrics) as MetricName[];
    fc.assert(
      fc.property(
        fc.constantFrom(...names),
        fc.constantFrom('<', '<=', '>', '>=', '==' as const),
        fc.oneof(fc.constant(0), fc.double({ min: 0, max: 1e9, noNaN: true })),
        fc.constantFrom(undefined, 'write', 'nowhere'),
        (name, op, limit, step) => {
          const [result] = judgeGates([on(name, op, limit, step)], measured(empty));
          expect(result).toMatchObject({ verdict: 'undecided', actual: null, samples: 0 });
        },
      ),
    );
    expect(judgeGates([right], measured(empty))[0]).toMatchObject({ verdict: 'undecided', samples: 0 });
  });
});
