import type { ModeResult, Result, TimesResult } from '../../core/result/result.ts';
import { plain } from '../plain.ts';
import { distributionOf } from './distribution.ts';
import type { Attributes, Counter, Gauge, Instrument, Point, Timer } from './instrument.ts';
import { verdictsOf } from './verdicts.ts';

/**
 * Everything in a result that a metrics system can keep, all rounds of a mode together. What was not measured has no point, and
 * an instrument without points is left out.
 */
export const instrumentsOf = (result: Result): readonly Instrument[] =>
  [...timersOf(result.modes), ...countersOf(result.modes), ...gaugesOf(result), ...verdictsOf(result)].filter(
    ({ points }) => points.length > 0,
  );

type Of<Value> = (mode: ModeResult) => readonly (readonly [attributes: Attributes, value: Value | null | undefined])[];

/** Every mode's points, with the mode among their attributes. */
const pointsOf = <Value>(modes: readonly ModeResult[], of: Of<Value>): readonly Point<Value>[] =>
  modes.flatMap((mode) =>
    of(mode).flatMap(([attributes, value]) =>
      value === null || value === undefined
        ? []
        : [{ attributes: { mode: plain(mode.name, longest), ...named(attributes) }, value }],
    ),
  );

/** Makes names safe, which come from outside. */
const named = (attributes: Attributes): Attributes =>
  Object.fromEntries(
    Object.entries(attributes).map(([key, value]) => [key, typeof value === 'string' ? plain(value, longest) : value]),
  );

const longest = 200;

const timersOf = (modes: readonly ModeResult[]): readonly Timer[] => {
  const timer = (name: string, help: string, of: Of<TimesResult>): Timer => ({
    kind: 'histogram',
    name,
    help,
    unit: 's',
    points: pointsOf(modes, of)
      .filter(({ value }) => value.count > 0)
      .map(({ attributes, value }) => ({ attributes, value: distributionOf(value) })),
  });
  return [
    timer('http.client.request.duration', 'Service time of requests, connecting not included.', ({ steps }) =>
      steps.map(({ name, method, serviceTimeUs }) => [
        { step: name, ...(method === undefined ? {} : { 'http.request.method': method }) },
        serviceTimeUs,
      ]),
    ),
    timer('contend.iteration.duration', 'Response time of iterations, from their intended start.', (mode) => [
      [{}, mode.responseTimeUs],
    ]),
    timer('contend.group.duration', 'How long the steps of a group took together.', ({ groups = [] }) =>
      groups.map(({ name, timeUs }) => [{ group: name }, timeUs]),
    ),
    timer('contend.queue.wait', 'How long an arrival waited for a free user.', (mode) => [[{}, mode.queueWaitUs]]),
    timer('contend.send.lag', 'How late contend itself began an iteration.', (mode) => [[{}, mode.sendLagUs]]),
    timer('contend.connect.duration', 'How long connecting took.', (mode) => [[{}, mode.connectUs]]),
    timer('contend.lock.wait', 'From asking for a lock to having it.', ({ locks }) =>
      locks.map(({ name, waitUs }) => [{ lock: name }, waitUs]),
    ),
    timer('contend.lock.hold', 'From having a lock to giving it back.', ({ locks }) =>
      locks.map(({ name, holdUs }) => [{ lock: name }, holdUs]),
    ),
  ];
};

const countersOf = (modes: readonly ModeResult[]): readonly Counter[] => {
  const counter = (name: string, unit: string, help: string, of: Of<number>): Counter => ({
    kind: 'counter',
    name,
    help,
    unit,
    points: pointsOf(modes, of),
  });
  return [
    counter('contend.iterations', '{iteration}', 'Iterations that were due, by outcome.', ({ iterations }) =>
      (['completed', 'failed', 'interrupted', 'dropped'] as const).map((outcome) => [{ outcome }, iterations[outcome]]),
    ),
    counter('contend.iterations.failures', '{iteration}', 'Failed iterations, by reason.', ({ failuresByClass }) =>
      Object.entries(failuresByClass).map(([failure, { count }]) => [{ 'error.type': failure }, count]),
    ),
    counter('contend.requests', '{request}', 'Measured requests, by status or by failure.', ({ requests }) => [
      ...Object.entries(requests.byStatus).map(
        ([status, count]) => [{ 'http.response.status_code': Number(status) }, count] as const,
      ),
      ...Object.entries(requests.byError).map(([failure, count]) => [{ 'error.type': failure }, count] as const),
    ]),
    counter('contend.received', 'By', 'Bytes received in the answers to measured requests.', ({ requests }) => [
      [{}, requests.bytes],
    ]),
    counter('contend.requests.unmeasured', '{request}', 'Requests outside the statistics.', ({ requests }) =>
      Object.entries(requests.unmeasured).map(([phase, count]) => [{ phase }, count]),
    ),
    counter('contend.attempts', '{attempt}', 'Passes through critical sections.', (mode) => [[{}, mode.attempts]]),
    counter('contend.conflicts', '{attempt}', 'Attempts that ended in a conflict.', (mode) => [[{}, mode.conflicts]]),
    counter('contend.lock.contended', '{acquisition}', 'Acquisitions of a lock that had to wait.', ({ locks }) =>
      locks.map(({ name, contended }) => [{ lock: name }, contended]),
    ),
    counter('contend.lock.lapsed', '{lease}', 'Leases that ran out while they were held.', ({ locks }) =>
      locks.map(({ name, lapsed }) => [{ lock: name }, lapsed]),
    ),
    counter('contend.updates.acknowledged', '{update}', 'Updates that the target acknowledged.', ({ lost }) => [
      [{}, lost?.acknowledged],
    ]),
  ];
};

const gaugesOf = ({ modes, scenario, comparisons, generator, tool, startedAt }: Result): readonly Gauge[] => {
  const gauge = (name: string, unit: string, help: string, of: Of<number>): Gauge => ({
    kind: 'gauge',
    name,
    help,
    unit,
    points: pointsOf(modes, of),
  });
  return [
    {
      ...gauge('contend.run.info', '', 'Which run this was.', () => []),
      points: [
        {
          attributes: named({
            scenario: scenario.name,
            seed: String(scenario.seed),
            control: scenario.control,
            version: tool.version,
            started_at: startedAt,
          }),
          value: 1,
        },
      ],
    },
    gauge('contend.throughput', '{iteration}/s', 'Completed iterations per second, median over rounds.', (mode) => [
      [{}, mode.throughputPerSecond],
    ]),
    gauge(
      'contend.target.cpu',
      's',
      'CPU time of a target that contend started for each request, median over rounds.',
      ({ targetCpuUs }) => [[{}, typeof targetCpuUs === 'number' ? targetCpuUs / 1e6 : undefined]],
    ),
    gauge(
      'contend.target.memory',
      'By',
      'Largest memory of the processes of a target that contend started.',
      ({ targetMemoryBytes }) => [[{}, targetMemoryBytes]],
    ),
    gauge('contend.users', '{user}', 'How many iterations may be in flight.', ({ users }) => [[{}, users]]),
    gauge('contend.fairness', '1', 'Jain index of completions per user.', ({ fairness }) => [[{}, fairness]]),
    gauge(
      'contend.updates.lost',
      '{update}',
      'Acknowledged updates that are not in the data: the bounds.',
      ({ lost }) => [
        [{ bound: 'at_least' }, lost?.atLeast],
        [{ bound: 'at_most' }, lost?.atMost],
      ],
    ),
    gauge('contend.violations', '{finding}', 'Findings of the consistency check.', ({ consistency }) => [
      [{}, consistency?.findingCount],
    ]),
    {
      ...gauge('contend.comparison', '1', 'A metric of a mode divided by that of the control.', () => []),
      points: comparisons.map(({ mode, control, metric, ratio }) => ({
        attributes: named({ mode, control, metric }),
        value: ratio,
      })),
    },
    {
      ...gauge('contend.generator.cpu', '1', 'CPU share of the busiest measuring thread.', () => []),
      points: generator.cpuShare === null ? [] : [{ attributes: {}, value: generator.cpuShare }],
    },
  ];
};
