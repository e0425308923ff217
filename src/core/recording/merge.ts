import { mergeDraws, type Draw } from './draw.ts';
import { Histogram } from './histogram.ts';
import {
  timeNames,
  toldBy,
  type AnatomyRow,
  type Backlog,
  type ConnectionCounts,
  type FailureCount,
  type GroupRecording,
  type IterationCounts,
  type LockRecording,
  type Recording,
  type Sample,
  type Second,
  type ServerRecording,
  type StageRecording,
  type StepRecording,
  type Times,
  type Unmeasured,
} from './recording.ts';

/**
 * Merges recordings of one mode, of several shards or rounds, into one; at least one.
 *
 * Equal to recording everything in a single recorder, in any order (property-tested): counts add up, histograms bucket by
 * bucket, the window spans all windows. Seconds count from each slot's own window.
 *
 * @cost decodes and encodes every histogram: milliseconds, not for the hot path
 */
export const mergeRecordings = (parts: readonly [Recording, ...Recording[]]): Recording =>
  parts.length === 1
    ? parts[0]
    : {
        iterations: sumCounts(parts.map((part) => part.iterations)),
        window: {
          fromUs: Math.min(...parts.map((part) => part.window.fromUs)),
          toUs: Math.max(...parts.map((part) => part.window.toUs)),
          completed: total(parts.map((part) => part.window.completed)),
          firstHalf: total(parts.map((part) => part.window.firstHalf)),
        },
        attempts: total(parts.map((part) => part.attempts)),
        conflicts: total(parts.map((part) => part.conflicts)),
        wasted: total(parts.map((part) => part.wasted)),
        again: total(parts.map((part) => part.again)),
        failures: byName(
          parts.map((part) => part.failures),
          mergeFailures,
        ),
        ...mergeHung(parts.flatMap(({ hung }) => (hung === undefined ? [] : [hung]))),
        ...mergeConnections(parts.flatMap(({ connections }) => connections ?? [])),
        unmeasured: sumCounts<Unmeasured>(parts.map((part) => part.unmeasured)),
        times: Object.fromEntries(
          timeNames.map((name) => [name, mergeTimes(parts.map((part) => part.times[name]))]),
        ) as Recording['times'],
        steps: byName(
          parts.map((part) => part.steps),
          mergeSteps,
        ),
        ...mergeGroups(parts.flatMap((part) => (part.groups === undefined ? [] : [part.groups]))),
        ...mergeStages(parts.flatMap((part) => (part.stages === undefined ? [] : [part.stages]))),
        ...mergeBacklogs(parts.flatMap((part) => part.backlog ?? [])),
        locks: byName(
          parts.map((part) => part.locks),
          mergeLocks,
        ),
        ...mergeServer(parts.flatMap((part) => part.server ?? [])),
        anatomy: mergeAnatomy(parts.flatMap((part) => part.anatomy)),
        inFlight: {
          userUs: total(parts.map((part) => part.inFlight.userUs)),
          acrossUs: total(parts.map((part) => part.inFlight.acrossUs)),
        },
        seconds: mergeSeconds(parts.flatMap((part) => part.seconds)),
        completedByUser: sumLists(parts.map((part) => part.completedByUser)),
        generator: {
          cpuUs: total(parts.map((part) => part.generator.cpuUs)),
          idleUs: total(parts.map((part) => part.generator.idleUs)),
          wallUs: total(parts.map((part) => part.generator.wallUs)),
          gcUs: total(parts.map((part) => part.generator.gcUs)),
          loopDelay: mergeTimes(parts.map((part) => part.generator.loopDelay)),
          longestGapUs: Math.max(...parts.map((part) => part.generator.longestGapUs)),
          late: total(parts.map((part) => part.generator.late)),
        },
        ...drawFrom(parts.flatMap((part) => part.draw ?? [])),
        histories: parts.flatMap((part) => part.histories),
      };

const mergeHung = (parts: readonly NonNullable<Recording['hung']>[]): Pick<Recording, 'hung'> =>
  parts.length === 0 ? {} : { hung: byName(parts, mergeFailures) };

const mergeConnections = (parts: readonly ConnectionCounts[]): Pick<Recording, 'connections'> =>
  parts.length === 0 ? {} : { connections: sumCounts(parts) };

const drawFrom = ([first, ...others]: readonly Draw[]): Pick<Recording, 'draw'> =>
  first === undefined ? {} : { draw: mergeDraws([first, ...others]) };

/** Merges histograms at rest into one: counts add up, bucket by bucket. At least one. */
export const mergeTimes = (parts: readonly Times[]): Times => {
  const [first, ...others] = parts;
  if (first === undefined) throw new Error('mergeTimes needs at least one histogram');
  if (others.length === 0) return first;
  const whole = Histogram.from(first);
  for (const other of others) {
    const part = Histogram.from(other);
    whole.add(part);
    part.free();
  }
  const times = whole.toTimes();
  whole.free();
  return times;
};

/** Adds up counts of the same names. */
export const sumCounts = <Counts extends IterationCounts | Unmeasured | ConnectionCounts>(
  parts: readonly Counts[],
): Counts => {
  const sum: { [name: string]: number } = {};
  for (const part of parts) {
    for (const [name, count] of Object.entries(part) as [string, number][]) sum[name] = (sum[name] ?? 0) + count;
  }
  return sum as unknown as Counts;
};

const total = (numbers: readonly number[]): number => numbers.reduce((sum, number) => sum + number, 0);

const sumLists = (lists: readonly (readonly number[])[]): number[] =>
  Array.from({ length: Math.max(...lists.map((list) => list.length)) }, (_, at) =>
    total(lists.map((list) => list[at] ?? 0)),
  );

/** Merges maps name by name; what only one has stays as it is. */
const byName = <Value>(
  maps: readonly { readonly [name: string]: Value | undefined }[],
  merge: (values: readonly [Value, ...Value[]]) => Value,
): { readonly [name: string]: Value } => {
  const all = new Map<string, [Value, ...Value[]]>();
  for (const map of maps) {
    for (const [name, value] of Object.entries(map)) {
      if (value === undefined) continue;
      const known = all.get(name);
      if (known === undefined) all.set(name, [value]);
      else known.push(value);
    }
  }
  return Object.fromEntries([...all].map(([name, values]) => [name, merge(values)]));
};

const mergeFailures = (parts: readonly FailureCount[]): FailureCount => ({
  ...mergeSamples(parts.flatMap(({ samples }) => (samples === undefined ? [] : [samples]))),
  count: total(parts.map((part) => part.count)),
  example: parts
    .map((part) => part.example)
    .reduce((first, next) =>
      next.iteration < first.iteration || (next.iteration === first.iteration && next.text < first.text) ? next : first,
    ),
});

const mergeSamples = (parts: readonly NonNullable<FailureCount['samples']>[]): Pick<FailureCount, 'samples'> =>
  parts.length === 0
    ? {}
    : { samples: byName(parts, (samples) => samples.reduce((first, next) => (isBefore(next, first) ? next : first))) };

/** Two of one number, from two rounds of a mode, are told apart by what is in them: the order of merging must not matter. */
const isBefore = (a: Sample, b: Sample): boolean =>
  a.iteration < b.iteration || (a.iteration === b.iteration && JSON.stringify(a) < JSON.stringify(b));

const mergeSteps = (parts: readonly StepRecording[]): StepRecording => ({
  byStatus: byName(
    parts.map((part) => part.byStatus),
    total,
  ),
  byError: byName(
    parts.map((part) => part.byError),
    total,
  ),
  resent: total(parts.map((part) => part.resent)),
  bytes: total(parts.map((part) => part.bytes)),
  service: mergeTimes(parts.map((part) => part.service)),
});

const mergeStages = ([first, ...others]: readonly NonNullable<Recording['stages']>[]): Pick<Recording, 'stages'> =>
  first === undefined
    ? {}
    : { stages: first.map((stage, at) => mergeStage([stage, ...others.map((stages) => stages[at]!)])) };

const mergeStage = (parts: readonly StageRecording[]): StageRecording => ({
  completed: total(parts.map((part) => part.completed)),
  failed: total(parts.map((part) => part.failed)),
  dropped: total(parts.map((part) => part.dropped)),
  response: mergeTimes(parts.map((part) => part.response)),
});

const mergeBacklogs = (parts: readonly Backlog[]): Pick<Recording, 'backlog'> =>
  parts.length === 0
    ? {}
    : { backlog: { atStart: total(parts.map((part) => part.atStart)), atEnd: total(parts.map((part) => part.atEnd)) } };

const mergeGroups = (parts: readonly NonNullable<Recording['groups']>[]): Pick<Recording, 'groups'> =>
  parts.length === 0 ? {} : { groups: byName(parts, mergeGroup) };

const mergeGroup = (parts: readonly GroupRecording[]): GroupRecording => ({
  time: mergeTimes(parts.map((part) => part.time)),
  unfinished: total(parts.map((part) => part.unfinished)),
});

const mergeLocks = (parts: readonly LockRecording[]): LockRecording => ({
  wait: mergeTimes(parts.map((part) => part.wait)),
  hold: mergeTimes(parts.map((part) => part.hold)),
  contended: total(parts.map((part) => part.contended)),
  longestQueue: Math.max(...parts.map((part) => part.longestQueue)),
  lapsed: total(parts.map((part) => part.lapsed)),
});

const mergeServer = (parts: readonly ServerRecording[]): Pick<Recording, 'server'> =>
  parts.length === 0
    ? {}
    : {
        server: {
          lockWait: mergeTimes(parts.map((part) => part.lockWait)),
          query: mergeTimes(parts.map((part) => part.query)),
        },
      };

/** Adds up the parts of iterations, whatever their response times. */
export const sumAnatomy = (rows: readonly Omit<AnatomyRow, 'bucket'>[]): Omit<AnatomyRow, 'bucket'> => ({
  count: total(rows.map((row) => row.count)),
  responseUs: total(rows.map((row) => row.responseUs)),
  queueWaitUs: total(rows.map((row) => row.queueWaitUs)),
  sendLagUs: total(rows.map((row) => row.sendLagUs)),
  lockWaitUs: total(rows.map((row) => row.lockWaitUs)),
  serviceUs: total(rows.map((row) => row.serviceUs)),
  connectUs: total(rows.map((row) => row.connectUs)),
  retriesUs: total(rows.map((row) => row.retriesUs)),
  ...toldBy(total(rows.map((row) => row.serverLockUs ?? 0)), total(rows.map((row) => row.serverQueryUs ?? 0))),
});

const mergeAnatomy = (rows: readonly AnatomyRow[]): AnatomyRow[] => {
  const byBucket = new Map<number, AnatomyRow[]>();
  for (const row of rows) byBucket.set(row.bucket, [...(byBucket.get(row.bucket) ?? []), row]);
  return [...byBucket].sort(([a], [b]) => a - b).map(([bucket, same]) => ({ bucket, ...sumAnatomy(same) }));
};

const mergeSeconds = (seconds: readonly Second[]): Second[] => {
  const bySecond = new Map<number, Second[]>();
  for (const second of seconds) bySecond.set(second.second, [...(bySecond.get(second.second) ?? []), second]);
  return [...bySecond]
    .sort(([a], [b]) => a - b)
    .map(([second, parts]) => ({
      second,
      completed: total(parts.map((part) => part.completed)),
      failed: total(parts.map((part) => part.failed)),
      response: sumLists(parts.map((part) => part.response)),
    }));
};
