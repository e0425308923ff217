import { Histogram } from '../../src/core/recording/histogram.ts';
import { uniform } from '../../src/core/random.ts';
import { timesResult } from '../../src/judge/times.ts';
import {
  schemaVersion,
  type Comparison,
  type ConsistencyResult,
  type Finding,
  type ModeResult,
  type Result,
  type TimesResult,
} from '../../src/core/result/result.ts';

/** Gives a time in µs for a number in [0, 1). */
type Quantile = (u: number) => number;

/** A histogram's summary of so many times, spread evenly over a distribution. */
export const times = (count: number, quantile: Quantile): TimesResult => {
  const histogram = Histogram.empty();
  for (let at = 0; at < count; at++) histogram.record(Math.max(1, Math.round(quantile(uniform(42, count, at)))));
  const result = timesResult(histogram.toTimes());
  histogram.free();
  return result;
};

/** Goes through the given percentiles, [percent, ms], in a straight line over the logarithm of the time. */
const through =
  (...points: readonly (readonly [percent: number, ms: number])[]): Quantile =>
  (u) => {
    const next = Math.max(
      1,
      points.findIndex(([percent]) => percent > u * 100),
    );
    const [[fromPercent, fromMs], [toPercent, toMs]] = [points[next - 1]!, points[next]!];
    return 1000 * fromMs * (toMs / fromMs) ** ((u * 100 - fromPercent) / (toPercent - fromPercent));
  };

/** One hill around a median, with the tail of a queue. */
const hill = (ms: number, spread: number): Quantile =>
  through(
    [0, ms / spread ** 3],
    [2, ms / spread ** 1.6],
    [15, ms / spread ** 0.7],
    [50, ms],
    [85, ms * spread ** 0.65],
    [95, ms * spread],
    [99, ms * spread ** 1.7],
    [99.9, ms * spread ** 2.6],
    [100, ms * spread ** 3.5],
  );

const withBackoff = through(
  [0, 1.6],
  [6, 2.4],
  [25, 3.2],
  [50, 4.5],
  [68, 7],
  [75, 20],
  [82, 70],
  [90, 170],
  [95, 270],
  [99, 521],
  [100, 980],
);

const none = times(0, () => 0);

/** What differs between the modes of an example. */
interface Figures {
  readonly name: string;
  readonly lock: string;
  readonly perSecond: number;
  readonly response: Quantile;
  readonly service: Quantile;
  readonly wait?: Quantile;
  readonly extra?: Partial<ModeResult>;
}

const modeOf = ({ name, lock, perSecond, response, service, wait, extra }: Figures): ModeResult => {
  const completed = perSecond * 6;
  return {
    name,
    lock,
    users: 64,
    workers: 1,
    transport: 'wire',
    offered: null,
    violations: 'forbidden',
    differentWorkload: false,
    throughputPerSecond: perSecond,
    storeCpuUs: null,
    iterations: { scheduled: completed, begun: completed, completed, failed: 0, interrupted: 0, dropped: 0 },
    requests: {
      total: completed * 2,
      byStatus: { '200': completed, '204': completed },
      byError: {},
      resent: 0,
      bytes: completed * 2 * 164,
      unmeasured: { preflight: 1, before: 6, warmup: 900, finalReads: 240 },
    },
    lost: { acknowledged: completed + 400, atLeast: 0, atMost: 0 },
    failuresByClass: {},
    attempts: completed,
    conflicts: 0,
    gaveUp: 0,
    wastedRequests: 0,
    anatomy: null,
    responseTimeUs: times(completed, response),
    queueWaitUs: none,
    sendLagUs: none,
    serviceTimeUs: times(completed * 2, service),
    connectUs: none,
    locks: [],
    lockWaitUs: wait === undefined ? none : times(completed, wait),
    lockHoldUs: none,
    fairness: 0.99,
    steps: [],
    series: [],
    slots: [],
    consistency: consistencyOf('consistent', completed + 400),
    ...extra,
  };
};

const consistencyOf = (
  verdict: ConsistencyResult['verdict'],
  acknowledged: number,
  findings: readonly Finding[] = [],
): ConsistencyResult => {
  const overlapping = acknowledged * 30;
  return {
    verdict,
    model: 'counter',
    checks: [{ model: 'counter', verdict, because: null, findingCount: findings.length, overlapping }],
    findings,
    findingCount: findings.length,
    coverage: { keys: 20, operations: acknowledged, acknowledged, unknown: 0, reads: 0 },
    exposure: { overlapping, atMostShare: findings.length > 0 ? null : 3 / overlapping },
  };
};

const findingsOf = (lostPerKey: number): Finding[] =>
  Array.from({ length: 12 }, (_, at) => ({
    model: 'counter',
    rule: 'lost-update',
    evidence: 'clock-free' as const,
    operations: [],
    because: [],
    round: (at % 6) + 1,
    key: String(1 + Math.floor(at / 2)),
    before: 1_000_000,
    expected: [1_000_000 - lostPerKey - 300 - at, 1_000_000 - lostPerKey - 300 - at] as const,
    after: 999_700 - at,
    acknowledged: lostPerKey + 300 + at,
    atLeast: lostPerKey,
    atMost: lostPerKey,
  }));

const locked = modeOf({
  name: 'locked',
  lock: 'mutex',
  perSecond: 357,
  response: hill(177, 1.18),
  service: hill(2.6, 1.3),
  wait: hill(173, 1.18),
});

const twoLocks = modeOf({
  name: 'two-locks',
  lock: 'request-response',
  perSecond: 500,
  response: hill(126, 1.185),
  service: hill(2.6, 1.3),
  wait: hill(122, 1.185),
});

const optimistic = modeOf({
  name: 'optimistic',
  lock: 'none',
  perSecond: 1270,
  response: withBackoff,
  service: hill(3.8, 1.4),
  extra: {
    iterations: { scheduled: 7628, begun: 7628, completed: 7620, failed: 8, interrupted: 0, dropped: 0 },
    failuresByClass: { 'gave-up': { count: 8, example: 'write: still in conflict after 50 retries (412)' } },
    attempts: 28_986,
    conflicts: 21_366,
    gaveUp: 8,
  },
});

const lockFree = modeOf({
  name: 'lock-free',
  lock: 'none',
  perSecond: 12_089,
  response: hill(5.1, 1.59),
  service: hill(5, 1.59),
  extra: {
    violations: 'allowed',
    lost: { acknowledged: 85_906, atLeast: 60_993, atMost: 60_993 },
    consistency: consistencyOf('violated', 85_906, findingsOf(5082)),
  },
});

/** A comparison with `locked` over six rounds, by default of throughput and within 3 % of its ratio, with what is different. */
export const comparisonWith = (more: Partial<Comparison> & Pick<Comparison, 'ratio'>): Comparison => {
  const { metric = 'throughput', ratio } = more;
  const { low = rounded(ratio * 0.97), high = rounded(ratio * 1.03) } = more;
  const known = low !== null && high !== null;
  const told = { mode: 'two-locks', control: 'locked', metric, low, high, level: 0.95, rounds: 6, noise: 0.024 };
  return { ...told, verdict: known ? verdictOf(low, high, metric === 'throughput') : null, ...more };
};

const rounded = (ratio: number): number => Number(ratio.toPrecision(4));

const verdictOf = (low: number, high: number, isMoreBetter: boolean): Comparison['verdict'] => {
  if (low > 1) return isMoreBetter ? 'faster' : 'slower';
  if (high < 1) return isMoreBetter ? 'slower' : 'faster';
  return low > 1 / 1.05 && high < 1.05 ? 'no difference shown' : 'inconclusive';
};

/** The online store under four modes: two locks, optimistic, and one that loses updates and may. */
export const exampleResult = (): Result => ({
  schemaVersion,
  tool: { name: 'contend', version: '0.1.0' },
  startedAt: '2025-01-01T00:00:00.000Z',
  scenario: { name: 'online-store', file: 'scenarios/online-store.yaml', seed: 42, rounds: 6, control: 'locked' },
  machine: { node: 'v20.20.0', cpu: 'example', cores: 2, kernel: 'Linux' },
  modes: [locked, twoLocks, optimistic, lockFree],
  comparisons: (
    [
      ['two-locks', 1.4],
      ['optimistic', 3.557],
      ['lock-free', 33.86],
    ] as const
  ).map(([mode, ratio]) => comparisonWith({ mode, ratio })),
  gates: [],
  generator: { cpuShare: 0.31, eventLoopDelayP99Us: 1200, warnings: [] },
  conclusion:
    'optimistic is the cheapest mode that stayed right: 3.56× the throughput of locked, 3.8 attempts per iteration, no update lost. lock-free has 33.9× the throughput of locked and lost 71 % of the updates (allowed).',
  verdict: { is: 'pass', because: 'no mode lost an update that it had to keep' },
  exitCode: 0,
});

/** A single mode: nothing to compare with. */
export const oneMode = (): Result => ({
  ...exampleResult(),
  scenario: { ...exampleResult().scenario, rounds: 1, control: 'lock-free' },
  modes: [{ ...lockFree, violations: 'forbidden', lost: null, consistency: null }],
  comparisons: [],
  conclusion: 'lock-free: 12,089 iterations per second at p50 5.1 ms.',
});

/** Nobody asked whether the data was right. */
export const noConsistency = (): Result => ({
  ...exampleResult(),
  modes: exampleResult().modes.map((mode) => ({ ...mode, lost: null, consistency: null })),
  conclusion: 'lock-free has 33.9× the throughput of locked; nobody asked whether the data was right.',
});

/** The lock-free mode lost updates that it had to keep. */
export const violated = (): Result => ({
  ...exampleResult(),
  modes: [
    locked,
    { ...lockFree, violations: 'forbidden', lost: { acknowledged: 85_906, atLeast: 60_993, atMost: 61_020 } },
  ],
  comparisons: exampleResult().comparisons.slice(2),
  conclusion: 'lock-free lost at least 60,993 of 85,906 acknowledged updates (71 %); locked lost none.',
  verdict: { is: 'fail', because: 'lock-free is not allowed to lose updates' },
  exitCode: 98,
});

/** A run that never got as far as a mode. */
export const invalid = (): Result => ({
  ...exampleResult(),
  modes: [],
  comparisons: [],
  invalid: {
    code: 'ERR_TARGET_UNREACHABLE',
    message: 'http://127.0.0.1:9 does not answer: connection refused.',
    hint: 'Start the server, or name another with --target.',
  },
  conclusion: '',
  verdict: { is: 'undecided', because: 'the run is invalid' },
  exitCode: 96,
});

/** Failures that could all lie beyond p99, a mode with too few samples for p99, and warnings. */
export const failing = (): Result => ({
  ...exampleResult(),
  modes: [
    {
      ...locked,
      attempts: 2262,
      iterations: { scheduled: 2322, begun: 2262, completed: 2102, failed: 153, interrupted: 7, dropped: 60 },
      failuresByClass: {
        timeout: { count: 40, example: 'write: no answer within 10 s' },
        check: { count: 113, example: 'write: status 503, expected 200 or 204' },
      },
      lost: { acknowledged: 2400, atLeast: 0, atMost: 40 },
      responseTimeUs: { ...locked.responseTimeUs, clamped: 3 },
    },
    {
      ...twoLocks,
      differentWorkload: true,
      responseTimeUs: times(412, hill(126, 1.185)),
      consistency: { ...twoLocks.consistency!, verdict: 'not-exercised' },
    },
    { ...optimistic, consistency: { ...optimistic.consistency!, verdict: 'unknown' } },
  ],
  comparisons: exampleResult().comparisons.slice(0, 2),
  generator: {
    cpuShare: 0.4,
    eventLoopDelayP99Us: 900,
    warnings: [
      {
        code: 'send-lag',
        message: 'p99 of the send lag is 3.1 ms, so some response times contain a delay of the generator itself.',
        hint: 'Use fewer users, or give the target a machine of its own.',
      },
      { code: 'few-rounds', message: 'fewer than 6 rounds give numbers and no verdict.', hint: '' },
    ],
  },
  conclusion: 'locked failed 6.8 % of its iterations.',
  verdict: { is: 'undecided', because: 'a value could not be read back in optimistic.' },
});

/** A gate of each verdict. */
export const gated = (): Result => ({
  ...exampleResult(),
  gates: [
    {
      text: 'errors(optimistic) < 1%',
      verdict: 'pass',
      actual: 8 / 7628,
      limit: 0.01,
      unit: 'share',
      interval: null,
      samples: 7628,
      because: '0.104877 % over 7,628 iterations is below the limit of 1 %',
    },
    {
      text: 'service.p99(locked/write) < 2ms',
      verdict: 'fail',
      actual: 4101,
      limit: 2000,
      unit: 'µs',
      interval: null,
      samples: 2142,
      because: '4.101 ms over 2,142 requests is above the limit of 2 ms',
    },
    {
      text: 'p99.9(locked) < 500ms',
      verdict: 'undecided',
      actual: 302_100,
      limit: 500_000,
      unit: 'µs',
      interval: null,
      samples: 2142,
      because: 'a limit of 500 ms takes 20,000 iterations, and there are 2,142 (302.1 ms so far)',
    },
    {
      text: 'consistency(locked)',
      verdict: 'pass',
      actual: null,
      limit: null,
      unit: null,
      interval: null,
      samples: 2542,
      because: 'no violation was found among 2,542 acknowledged updates',
    },
  ],
  verdict: {
    is: 'fail',
    because: 'the gate service.p99(locked/write) < 2ms failed: 4.101 ms over 2,142 requests is above the limit of 2 ms',
  },
  exitCode: 99,
});

/** Data was lost where that is forbidden, and then the target went away. */
export const violatedThenInvalid = (): Result => {
  const { invalid: unreachable } = invalid();
  return {
    ...violated(),
    ...(unreachable === undefined ? {} : { invalid: unreachable }),
    verdict: { is: 'fail', because: 'data was not right in lock-free' },
  };
};

/** Text that would like to be more than text. */
const hostileText =
  '\u001b]8;;http://evil.example\u0007click\u001b]8;;\u0007\u001b[31mred\u001b[2J\u202egnp.exe\u2066\u0000\u009b1A\nnext\r\n\u2028line\u200b\ud800 ' +
  'x'.repeat(400);

/** Every text from outside is hostile. */
export const hostile = (): Result => {
  const base = violated();
  const modes = base.modes.map((mode, at) => ({
    ...mode,
    name: hostileText.slice(at),
    failuresByClass: { check: { count: 3, example: hostileText } },
    consistency: {
      ...mode.consistency!,
      findings: (mode.consistency?.findings ?? []).map((finding) => ({ ...finding, key: hostileText })),
    },
    differentWorkload: true,
  }));
  return {
    ...base,
    scenario: { ...base.scenario, name: hostileText, control: modes[0]!.name },
    modes,
    comparisons: [{ ...base.comparisons[0]!, mode: modes[1]!.name, control: modes[0]!.name }],
    gates: [{ ...gated().gates[1]!, text: hostileText, because: hostileText }],
    generator: { ...base.generator, warnings: [{ code: hostileText, message: hostileText, hint: hostileText }] },
    conclusion: hostileText,
    verdict: { is: 'fail', because: hostileText.slice(1) },
  };
};

/** The example with wide and combining letters in its names. */
export const wideNames = (): Result => ({
  ...exampleResult(),
  scenario: { ...exampleResult().scenario, name: '網上商店', control: 'ロック' },
  modes: [
    { ...locked, name: 'ロック' },
    { ...lockFree, name: 'ohne Schlo\u0308sser' },
  ],
  comparisons: [comparisonWith({ mode: 'ohne Schlo\u0308sser', control: 'ロック', ratio: 33.86 })],
});

/** The figures of a mode under an open load of 2,000/s for six times a second. */
const offered = (mode: ModeResult, more: Partial<ModeResult>): ModeResult => ({
  ...mode,
  users: 500,
  offered: { arrival: 'poisson', perSecond: 2003.5, pacing: 'hybrid', late: 0 },
  fairness: null,
  queueWaitUs: times(12_000, () => 1),
  sendLagUs: times(12_000, hill(0.006, 1.5)),
  ...more,
});

/** The same rate for all modes: one does not keep up with it, one has two threads and another transport. */
export const openLoad = (): Result => {
  const kept = modeOf({
    name: 'two-locks',
    lock: 'request-response',
    perSecond: 2000,
    response: hill(5, 1.3),
    service: hill(2.6, 1.3),
    wait: hill(2, 1.2),
  });
  const behind = modeOf({
    name: 'locked',
    lock: 'mutex',
    perSecond: 1650,
    response: hill(400, 1.2),
    service: hill(2.6, 1.3),
    wait: hill(200, 1.1),
  });
  const free = modeOf({
    name: 'lock-free',
    lock: 'none',
    perSecond: 2001,
    response: hill(3.1, 1.2),
    service: hill(3, 1.2),
  });
  const base = exampleResult();
  const dropped = { scheduled: 12_021, begun: 10_200, completed: 10_200, failed: 0, interrupted: 0, dropped: 1821 };
  return {
    ...base,
    scenario: { ...base.scenario, name: 'open-load' },
    modes: [
      offered(behind, { iterations: dropped, queueWaitUs: times(10_200, hill(380, 1.2)) }),
      offered(kept, {}),
      offered(
        { ...free, violations: 'allowed', lost: lockFree.lost, consistency: lockFree.consistency },
        { workers: 2, transport: 'undici', requests: { ...free.requests, resent: 3 } },
      ),
    ],
    comparisons: [
      comparisonWith({ mode: 'two-locks', metric: 'p99', ratio: 0.0134 }),
      comparisonWith({ mode: 'lock-free', metric: 'p99', ratio: 0.0066 }),
    ],
    conclusion: 'At 2,004/s on 20 keys locked did not keep up.',
  };
};

/** An open load that all modes kept up with. */
export const openLoadKept = (): Result => {
  const { modes, ...base } = openLoad();
  const [, kept, free] = modes;
  const comparedTo = { mode: 'lock-free', control: 'two-locks' };
  return {
    ...base,
    scenario: { ...base.scenario, control: 'two-locks' },
    modes: [kept!, { ...free!, workers: 1, transport: 'wire' }],
    comparisons: [
      comparisonWith({ ...comparedTo, metric: 'p99', ratio: 0.528 }),
      comparisonWith({ ...comparedTo, ratio: 1.001, low: 0.996, high: 1.006, noise: 0.006 }),
    ],
    conclusion: 'At 2,004/s on 20 keys all modes kept up.',
  };
};
