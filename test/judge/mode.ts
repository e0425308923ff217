import type { Finding, ModeResult, SlotResult, SlotTimes } from '../../src/core/result/result.ts';
import { exampleResult } from '../report/example-result.ts';

const [locked] = exampleResult().modes;

/** A mode in which 10,000 iterations completed, none failed and no update was lost, with what is different. */
export const modeWith = (more: Partial<ModeResult> = {}): ModeResult => ({
  ...locked!,
  iterations: iterations({ completed: 10_000 }),
  responseTimeUs: times(10_000, 50_000),
  lockWaitUs: times(10_000, 40_000),
  steps: [{ name: 'write', serviceTimeUs: times(10_000, 3000), requests: 10_000 }],
  slots: [0, 1, 2].map((round) => slotWith({ round, throughputPerSecond: 357 })),
  ...more,
});

/** A slot in which nothing was measured, with what is different. */
export const slotWith = (more: Partial<SlotResult> = {}): SlotResult => {
  const { response = slotTimes(0, 0) } = more;
  const { p50: p50Us, p95: p95Us, p99: p99Us } = response;
  const figures = { throughputPerSecond: 0, p50Us, p95Us, p99Us, errors: 0, storeCpuUs: null, drift: null };
  return { round: 0, position: 0, ...figures, response, service: slotTimes(0, 0), steps: {}, ...more };
};

/** A slot's times: so many, all of that length, and those without any. */
export const slotTimes = (count: number, us: number, missing = 0): SlotTimes => ({
  count,
  missing,
  p50: us,
  p90: us,
  p95: us,
  p99: us,
  p999: us,
});

/** So many times, all of that length. */
export const times = (count: number, us: number): ModeResult['responseTimeUs'] => {
  const all = { min: us, mean: us, p50: us, p90: us, p95: us, p99: us, p999: us, max: us };
  return { count, ...all, clamped: 0, histogram: '' };
};

/** Counts of which the identities hold. */
export const iterations = ({ completed = 0, failed = 0, interrupted = 0, dropped = 0 }): ModeResult['iterations'] => {
  const begun = completed + failed + interrupted;
  return { scheduled: begun + dropped, begun, completed, failed, interrupted, dropped };
};

/** What became of the updates: lost between so many, of a thousand. */
export const lostWith = (
  atLeast: number,
  atMost: number,
  verdict: NonNullable<ModeResult['consistency']>['verdict'],
): Pick<ModeResult, 'lost' | 'consistency'> => {
  const acknowledged = verdict === 'not-exercised' ? 0 : 1000;
  return {
    lost: { acknowledged, atLeast, atMost },
    consistency: {
      verdict,
      model: 'counter',
      checks: [{ model: 'counter', verdict, because: null, findingCount: 0, overlapping: 50 * acknowledged }],
      findings: verdict === 'violated' ? [finding(atLeast > 0 ? 'lost-update' : 'more-than-acknowledged')] : [],
      findingCount: verdict === 'violated' ? 1 : 0,
      coverage: { keys: 20, operations: acknowledged, acknowledged, unknown: 0, reads: 0 },
      exposure: { overlapping: 50 * acknowledged, atMostShare: acknowledged === 0 ? null : 3 / (50 * acknowledged) },
    },
  };
};

const finding = (rule: string): Finding => ({
  model: 'counter',
  rule,
  evidence: 'clock-free',
  round: 0,
  key: '7',
  operations: [],
  because: [],
  atLeast: 1,
  atMost: 1,
});
