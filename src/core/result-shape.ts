import { messageOf } from './errors.ts';
import { Histogram } from './histogram.ts';
import type * as result from './result.ts';
import type * as runs from './run-comparison.ts';
import type { Warning } from './warning.ts';

/** Says what is wrong with a value, and where in the document; nothing where it is right. */
type Shape = (value: unknown, path: string) => string | undefined;

const kind =
  (name: 'string' | 'number' | 'boolean'): Shape =>
  (value, path) =>
    typeof value === name ? undefined : `"${path}" ${value === undefined ? 'is missing' : `is no ${name}`}`;

const text = kind('string');
const number = kind('number');

const oneOf =
  (...words: readonly unknown[]): Shape =>
  (value, path) =>
    words.includes(value) ? undefined : `"${path}" is none of ${words.join(', ')}`;

const maybe =
  (shape: Shape): Shape =>
  (value, path) =>
    value === null ? undefined : shape(value, path);

const optional =
  (shape: Shape): Shape =>
  (value, path) =>
    value === undefined ? undefined : shape(value, path);

const isMap = (value: unknown): value is { readonly [key: string]: unknown } =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const first = (found: Iterable<string | undefined>): string | undefined => {
  for (const wrong of found) if (wrong !== undefined) return wrong;
  return undefined;
};

const list =
  (shape: Shape): Shape =>
  (value, path) =>
    Array.isArray(value)
      ? first(value.map((one, at) => shape(one, `${path}[${at}]`)))
      : `"${path}" ${value === undefined ? 'is missing' : 'is no list'}`;

const mapOf =
  (shape: Shape): Shape =>
  (value, path) =>
    isMap(value)
      ? first(Object.entries(value).map(([key, one]) => shape(one, `${path}.${key}`)))
      : `"${path}" ${value === undefined ? 'is missing' : 'is no map'}`;

/** A shape of every field that a type has: the compiler asks for those that are forgotten. */
type Fields<T> = { readonly [field in keyof T]-?: Shape };

const fields =
  (shapes: { readonly [field: string]: Shape }): Shape =>
  (value, path) => {
    if (!isMap(value))
      return path === '' ? 'it is no map' : `"${path}" ${value === undefined ? 'is missing' : 'is no map'}`;
    const inside = path === '' ? '' : `${path}.`;
    return first(Object.entries<Shape>(shapes).map(([field, shape]) => shape(value[field], inside + field)));
  };

const times: Shape = (value, path) =>
  fields({
    count: number,
    min: number,
    mean: number,
    p50: number,
    p90: number,
    p95: number,
    p99: number,
    p999: number,
    max: number,
    clamped: number,
    histogram: text,
  } satisfies Fields<result.TimesResult>)(value, path) ?? undecodable(value as result.TimesResult, path);

const undecodable = (value: result.TimesResult, path: string): string | undefined => {
  try {
    Histogram.from({ ...value, sum: 0 }).free();
    return undefined;
  } catch (error) {
    return `"${path}.histogram" cannot be decoded (${messageOf(error)})`;
  }
};

const verdict = oneOf('pass', 'fail', 'undecided');

const requests = fields({
  total: number,
  byStatus: mapOf(number),
  byError: mapOf(number),
  resent: number,
  unmeasured: mapOf(number),
} satisfies Fields<result.RequestCounts>);

const consistency = fields({
  verdict: oneOf('violated', 'unknown', 'not-exercised', 'no-violation-found'),
  model: text,
  findings: list(
    fields({
      rule: oneOf('lost-update', 'more-than-acknowledged'),
      round: number,
      key: text,
      before: number,
      expected: list(number),
      after: number,
      acknowledged: number,
      atLeast: number,
      atMost: number,
    } satisfies Fields<result.Finding>),
  ),
  coverage: fields({ keys: number, acknowledged: number, unknown: number } satisfies Fields<
    result.ConsistencyResult['coverage']
  >),
} satisfies Fields<result.ConsistencyResult>);

const slotTimes = fields({
  count: number,
  missing: number,
  p50: number,
  p90: number,
  p95: number,
  p99: number,
  p999: number,
} satisfies Fields<result.SlotTimes>);

const anatomy = fields({
  responseUs: number,
  queueWaitUs: number,
  sendLagUs: number,
  lockWaitUs: number,
  serviceUs: number,
  connectUs: number,
  retriesUs: number,
  otherUs: number,
  serverLockUs: optional(number),
  serverQueryUs: optional(number),
} satisfies Fields<result.Anatomy>);

const mode = fields({
  name: text,
  lock: text,
  users: number,
  workers: number,
  transport: text,
  offered: maybe(
    fields({
      arrival: text,
      perSecond: number,
      askedPerSecond: optional(number),
      pacing: oneOf('hybrid', 'relaxed'),
      late: number,
    } satisfies Fields<result.OfferedLoad>),
  ),
  violations: oneOf('forbidden', 'allowed'),
  differentWorkload: kind('boolean'),
  throughputPerSecond: number,
  storeCpuUs: optional(maybe(number)),
  iterations: fields({
    scheduled: number,
    begun: number,
    completed: number,
    failed: number,
    interrupted: number,
    dropped: number,
  } satisfies Fields<result.ModeResult['iterations']>),
  requests,
  lost: maybe(fields({ acknowledged: number, atLeast: number, atMost: number } satisfies Fields<result.Lost>)),
  failuresByClass: mapOf(fields({ count: number, example: text } satisfies Fields<result.FailureResult>)),
  attempts: number,
  conflicts: number,
  gaveUp: number,
  wastedRequests: optional(number),
  anatomy: optional(
    maybe(fields({ mean: anatomy, p99: anatomy } satisfies Fields<NonNullable<result.ModeResult['anatomy']>>)),
  ),
  responseTimeUs: times,
  queueWaitUs: times,
  sendLagUs: times,
  serviceTimeUs: times,
  connectUs: times,
  server: optional(
    fields({ lockWaitUs: times, queryUs: times } satisfies Fields<NonNullable<result.ModeResult['server']>>),
  ),
  locks: list(
    fields({
      name: text,
      waitUs: times,
      holdUs: times,
      contended: number,
      longestQueue: number,
      lapsed: optional(number),
      starvation: optional(maybe(number)),
    } satisfies Fields<result.LockResult>),
  ),
  lockWaitUs: times,
  lockHoldUs: times,
  fairness: maybe(number),
  steps: list(fields({ name: text, serviceTimeUs: times, requests: number } satisfies Fields<result.StepResult>)),
  series: list(
    fields({
      round: number,
      second: number,
      completed: number,
      failed: number,
      p50Us: maybe(number),
      p99Us: maybe(number),
    } satisfies Fields<result.SeriesPoint>),
  ),
  slots: list(
    fields({
      round: number,
      position: number,
      throughputPerSecond: number,
      p50Us: number,
      p95Us: number,
      p99Us: number,
      errors: number,
      storeCpuUs: optional(maybe(number)),
      drift: optional(maybe(number)),
      response: slotTimes,
      service: slotTimes,
      steps: mapOf(slotTimes),
    } satisfies Fields<result.SlotResult>),
  ),
  consistency: maybe(consistency),
} satisfies Fields<result.ModeResult>);

const gate = fields({
  text,
  verdict,
  actual: maybe(number),
  limit: maybe(number),
  unit: oneOf('µs', '/s', 'share', 'count', 'ratio', null),
  interval: maybe(list(number)),
  samples: number,
  because: text,
} satisfies Fields<result.GateResult>);

const warning = fields({ code: text, message: text, hint: text } satisfies Fields<Warning>);

const run = fields({ startedAt: text, toolVersion: text, rounds: number } satisfies Fields<runs.RunFacts>);

const baseline = fields({
  scenario: text,
  control: text,
  differences: list(text),
  before: run,
  after: run,
  level: number,
  changes: list(
    fields({
      mode: text,
      metric: text,
      unit: oneOf('/s', 'µs'),
      before: number,
      after: number,
      ratio: maybe(number),
      low: maybe(number),
      high: maybe(number),
      change: oneOf('faster', 'slower', 'not shown', null),
    } satisfies Fields<runs.MetricChange>),
  ),
  onlyBefore: list(text),
  onlyAfter: list(text),
} satisfies Fields<runs.RunComparison>);

/** What a result document must have; what older ones of the version do not have yet is optional. */
export const resultShape: Shape = fields({
  schemaVersion: number,
  tool: fields({ name: text, version: text } satisfies Fields<result.Result['tool']>),
  startedAt: text,
  scenario: fields({ name: text, file: text, seed: number, rounds: number, control: text } satisfies Fields<
    result.Result['scenario']
  >),
  machine: fields({ node: text, cpu: text, cores: number, kernel: text } satisfies Fields<result.Result['machine']>),
  modes: list(mode),
  comparisons: list(
    fields({
      mode: text,
      control: text,
      metric: text,
      ratio: number,
      low: maybe(number),
      high: maybe(number),
      level: number,
      rounds: number,
      noise: maybe(number),
      verdict: oneOf('faster', 'slower', 'no difference shown', 'inconclusive', null),
    } satisfies Fields<result.Comparison>),
  ),
  gates: list(gate),
  generator: fields({
    cpuShare: maybe(number),
    eventLoopDelayP99Us: maybe(number),
    warnings: list(warning),
  } satisfies Fields<result.GeneratorResult>),
  baseline: optional(baseline),
  invalid: optional(
    fields({ code: text, message: text, hint: text } satisfies Fields<NonNullable<result.Result['invalid']>>),
  ),
  conclusion: text,
  verdict: fields({ is: verdict, because: text } satisfies Fields<result.Result['verdict']>),
  exitCode: number,
} satisfies Fields<result.Result>);
