import { consistencyShape } from './consistency-shape.ts';
import { messageOf } from '../errors.ts';
import { Histogram } from '../recording/histogram.ts';
import type * as result from './result.ts';
import { fields, kind, list, mapOf, maybe, number, oneOf, optional, text, type Fields, type Shape } from './shape.ts';
import type { Backlog } from '../recording/recording.ts';
import { baseline } from './baseline-shape.ts';
import { agent, modeAgent } from './agents-shape.ts';
import { serve } from './serve-shape.ts';
import { headlines } from './verdict.ts';
import { cheapest } from './cheapest-shape.ts';
import type { Warning } from './warning.ts';

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
  bytes: optional(number),
  unmeasured: mapOf(number),
} satisfies Fields<result.RequestCounts>);

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

const failure = fields({
  count: number,
  example: text,
  samples: optional(
    list(
      fields({
        step: text,
        status: number,
        headers: mapOf(text),
        body: text,
      } satisfies Fields<result.SampleResult>),
    ),
  ),
} satisfies Fields<result.FailureResult>);

const mode = fields({
  name: text,
  lock: text,
  users: number,
  usersChanged: optional(
    list(fields({ round: number, second: number, users: number } satisfies Fields<result.UsersChanged>)),
  ),
  workers: number,
  agents: optional(list(modeAgent)),
  transport: text,
  httpVersion: optional(oneOf('1.1', '2')),
  keepAlive: optional(kind('boolean')),
  offered: maybe(
    fields({
      arrival: text,
      perSecond: number,
      askedPerSecond: optional(number),
      pacing: oneOf('hybrid', 'relaxed'),
      late: number,
      backlog: optional(fields({ atStart: number, atEnd: number } satisfies Fields<Backlog>)),
    } satisfies Fields<result.OfferedLoad>),
  ),
  violations: oneOf('forbidden', 'allowed'),
  differentWorkload: kind('boolean'),
  throughputPerSecond: number,
  storeCpuUs: optional(maybe(number)),
  serve: optional(text),
  targetCpuUs: optional(maybe(number)),
  targetCpuIterationUs: optional(maybe(number)),
  targetMemoryBytes: optional(maybe(number)),
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
  failuresByClass: mapOf(failure),
  hung: optional(mapOf(failure)),
  attempts: number,
  conflicts: number,
  gaveUp: number,
  wastedRequests: optional(number),
  sentAgain: optional(number),
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
  steps: list(
    fields({
      name: text,
      method: optional(text),
      serviceTimeUs: times,
      requests: number,
    } satisfies Fields<result.StepResult>),
  ),
  groups: optional(
    list(fields({ name: text, timeUs: times, unfinished: number } satisfies Fields<result.GroupResult>)),
  ),
  tags: optional(
    list(
      fields({
        name: text,
        steps: list(text),
        serviceTimeUs: times,
        requests: number,
      } satisfies Fields<result.TagResult>),
    ),
  ),
  stages: optional(
    list(
      fields({
        durationUs: number,
        of: oneOf('rate', 'users'),
        from: number,
        to: number,
        completed: number,
        failed: number,
        dropped: number,
        responseTimeUs: times,
      } satisfies Fields<result.StageResult>),
    ),
  ),
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
      targetCpuUs: optional(maybe(number)),
      targetMemoryBytes: optional(maybe(number)),
      drift: optional(maybe(number)),
      response: slotTimes,
      service: slotTimes,
      steps: mapOf(slotTimes),
      sentAgain: optional(number),
      requests: optional(
        fields({
          total: number,
          byStatus: mapOf(number),
          byError: mapOf(number),
          bytes: optional(number),
        } satisfies Fields<NonNullable<result.SlotResult['requests']>>),
      ),
      groups: optional(mapOf(slotTimes)),
      tags: optional(mapOf(slotTimes)),
    } satisfies Fields<result.SlotResult>),
  ),
  consistency: maybe(consistencyShape),
} satisfies Fields<result.ModeResult>);

const gate = fields({
  text,
  metric: optional(text),
  mode: optional(text),
  verdict,
  actual: maybe(number),
  limit: maybe(number),
  unit: oneOf('µs', '/s', 'share', 'count', 'B', 'ratio', null),
  interval: maybe(list(number)),
  samples: number,
  because: text,
} satisfies Fields<result.GateResult>);

const warning = fields({ code: text, message: text, hint: text } satisfies Fields<Warning>);

const tool = fields({ name: text, version: text } satisfies Fields<result.Result['tool']>);
const machine = fields({ node: text, cpu: text, cores: number, kernel: text } satisfies Fields<
  result.Result['machine']
>);
const comparison = fields({
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
} satisfies Fields<result.Comparison>);
const generator = fields({
  cpuShare: maybe(number),
  eventLoopDelayP99Us: maybe(number),
  warnings: list(warning),
} satisfies Fields<result.GeneratorResult>);
const invalid = fields({
  code: text,
  message: text,
  hint: text,
  output: optional(list(text)),
} satisfies Fields<result.Invalid>);

/** The pieces of a document that other documents have, too. */
export const pieces = { tool, machine, mode, comparison, gate, generator, invalid, verdict } as const;

/** What a result document must have; what older ones of the version do not have yet is optional. */
export const resultShape: Shape = fields({
  schemaVersion: number,
  tool,
  startedAt: text,
  scenario: fields({
    name: text,
    file: text,
    seed: number,
    rounds: number,
    extendedTo: optional(number),
    control: text,
  } satisfies Fields<result.Result['scenario']>),
  machine,
  modes: list(mode),
  serves: optional(list(serve)),
  agents: optional(list(agent)),
  comparisons: list(comparison),
  gates: list(gate),
  generator,
  baseline: optional(baseline),
  invalid: optional(invalid),
  conclusion: text,
  cheapest: optional(cheapest),
  headline: optional(oneOf(...headlines)),
  reasons: optional(list(text)),
  tookUs: optional(number),
  verdict: fields({ is: verdict, because: text } satisfies Fields<result.Result['verdict']>),
  exitCode: number,
} satisfies Fields<result.Result>);
