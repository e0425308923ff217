import type { Comparison, GateResult, Result } from '../../src/core/result/result.ts';
import { exampleResult } from './example-result.ts';

const comparison = (
  mode: string,
  metric: Comparison['metric'],
  [low, ratio, high]: readonly [number | null, number, number | null],
  verdict: Comparison['verdict'],
  more: Partial<Comparison> = {},
): Comparison => ({
  mode,
  control: 'locked',
  metric,
  ratio,
  low,
  high,
  level: 0.95,
  rounds: 12,
  noise: 0.0271,
  verdict,
  ...more,
});

/** A gate that compares modes, of each verdict. */
const relativeGates: readonly GateResult[] = [
  {
    text: 'throughput(two-locks) >= 0.95 * throughput(locked)',
    verdict: 'pass',
    actual: 1.4,
    limit: 0.95,
    unit: 'ratio',
    interval: [1.38, 1.42],
    samples: 12,
    because: '1.4 × locked (95 % interval 1.38 to 1.42) over 12 rounds is surely above 0.95 ×',
  },
  {
    text: 'service.p99(optimistic/write) <= 1.1 * service.p99(locked/write)',
    verdict: 'fail',
    actual: 1.46,
    limit: 1.1,
    unit: 'ratio',
    interval: [1.31, 1.6],
    samples: 12,
    because: '1.46 × locked (95 % interval 1.31 to 1.6) over 12 rounds is surely above 1.1 ×',
  },
  {
    text: 'service.p95(lock-free) <= 1.05 * service.p95(locked)',
    verdict: 'undecided',
    actual: 1.03,
    limit: 1.05,
    unit: 'ratio',
    interval: [0.91, 1.17],
    samples: 12,
    because:
      '1.03 × locked (95 % interval 0.91 to 1.17) over 12 rounds may be on either side of 1.05 ×: the rounds differ by 18 %, so a margin of about 20.8 % can be decided',
  },
];

/** Every verdict that a comparison can have, over twelve rounds. */
export const comparedResult = (): Result => ({
  ...exampleResult(),
  scenario: { ...exampleResult().scenario, rounds: 12 },
  comparisons: [
    comparison('two-locks', 'throughput', [1.38, 1.4, 1.42], 'faster'),
    comparison('two-locks', 'p50', [0.7, 0.711, 0.72], 'faster', { noise: 0.0004 }),
    comparison('two-locks', 'service.p50', [0.98, 1.004, 1.031], 'no difference shown'),
    comparison('two-locks', 'service.p99', [0.89, 1.033, 1.171], 'inconclusive', { noise: 0.2315 }),
    comparison('optimistic', 'throughput', [3.51, 3.557, 3.61], 'faster'),
    comparison('optimistic', 'service.p50', [1.31, 1.46, 1.6], 'slower', { noise: 0.18 }),
    comparison('lock-free', 'throughput', [33.1, 33.86, 34.5], 'faster'),
    comparison('lock-free', 'service.p99', [null, 1.9, null], null, { rounds: 3, noise: 0.31 }),
  ],
  gates: relativeGates,
});

/** Too few rounds for an interval. */
export const fewRounds = (): Result => ({
  ...exampleResult(),
  scenario: { ...exampleResult().scenario, rounds: 3 },
  comparisons: [
    comparison('two-locks', 'throughput', [null, 1.4, null], null, { rounds: 3 }),
    comparison('two-locks', 'p50', [null, 0.71, null], null, { rounds: 3 }),
  ],
});

/** One round: no noise is known either. */
export const oneRound = (): Result => ({
  ...fewRounds(),
  comparisons: fewRounds().comparisons.map((one) => ({ ...one, rounds: 1, noise: null })),
});
