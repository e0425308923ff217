import { mergeRecordings, sumCounts } from '../core/recording/merge.ts';
import { requestsOf, type Mode, type Plan } from '../core/plan/plan.ts';
import type { FailureCount, LockRecording, Recording, Unmeasured } from '../core/recording/recording.ts';
import type {
  FailureResult,
  ModeResult,
  OfferedLoad,
  RequestCounts,
  SeriesPoint,
  SlotResult,
  StepResult,
} from '../core/result/result.ts';
import { targetCpuEachIteration } from '../core/metric.ts';
import { secondPercentileUs } from '../core/recording/seconds.ts';
import type { Slot } from '../core/slot.ts';
import { modeAgents } from './agents.ts';
import { anatomyOf } from './anatomy.ts';
import { modeConsistency } from './consistency/mode-verdict.ts';
import { median } from './median.ts';
import { stepsByTag, tagResults, tagTimes, type StepsByTag } from './tags.ts';
import { requestsIn, round, slotTimes, sum, timesResult, unanswered } from './times.ts';

/**
 * Everything that is known of one mode: its slots put together.
 *
 * @param slots of this mode, at least one
 * @param elsewhere requests that were sent for this mode outside its slots
 */
export const modeResult = (
  mode: Mode,
  slots: readonly [Slot, ...Slot[]],
  elsewhere: readonly Unmeasured[],
  models: Plan['consistency'],
): ModeResult => {
  const [first, ...others] = slots.map((slot) => slot.recording);
  const whole = mergeRecordings([first!, ...others]);
  const tagged = stepsByTag(mode);
  const perSlot = slots.map((slot) => slotResult(slot, tagged));
  const responseTimeUs = timesResult(whole.times.response);
  const data =
    models.length === 0
      ? undefined
      : modeConsistency(
          models,
          slots.flatMap((slot) => (slot.consistency === undefined ? [] : [slot.consistency])),
        );
  return {
    name: mode.name,
    lock: mode.lock.name,
    users: mode.load.users,
    workers: slots[0].workers,
    ...agentsOf(slots),
    transport: mode.transport.name,
    keepAlive: mode.keepAlive !== false,
    offered: offeredBy(mode, slots, whole),
    violations: mode.violations,
    differentWorkload: mode.differentWorkload,
    throughputPerSecond: median(
      // A slot that was interrupted in its warm-up has measured nothing.
      perSlot.filter((_, at) => windowUs(slots[at]!) > 0).map((slot) => slot.throughputPerSecond),
    ),
    storeCpuUs: medianOf(perSlot.flatMap((slot) => slot.storeCpuUs ?? [])),
    ...(mode.serve === undefined ? {} : { serve: mode.serve.name }),
    targetCpuUs: medianOf(perSlot.flatMap((slot) => slot.targetCpuUs ?? [])),
    targetCpuIterationUs: medianOf(perSlot.flatMap((slot) => targetCpuEachIteration(slot) ?? [])),
    targetMemoryBytes: largestOf(perSlot.flatMap((slot) => slot.targetMemoryBytes ?? [])),
    iterations: whole.iterations,
    requests: requestCounts(whole, elsewhere),
    lost: data?.lost ?? null,
    failuresByClass: failuresOf(whole.failures),
    ...(whole.hung === undefined ? {} : { hung: failuresOf(whole.hung) }),
    attempts: whole.attempts,
    conflicts: whole.conflicts,
    gaveUp: whole.failures['gave-up']?.count ?? 0,
    wastedRequests: whole.wasted,
    ...(whole.again > 0 && { sentAgain: whole.again }),
    anatomy: anatomyOf(whole.anatomy, responseTimeUs.p99),
    responseTimeUs,
    queueWaitUs: timesResult(whole.times.queueWait),
    sendLagUs: timesResult(whole.times.sendLag),
    serviceTimeUs: timesResult(whole.times.service),
    connectUs: timesResult(whole.times.connect),
    ...(whole.server === undefined
      ? {}
      : { server: { lockWaitUs: timesResult(whole.server.lockWait), queryUs: timesResult(whole.server.query) } }),
    locks: Object.entries(whole.locks).map(([name, lock]) => lockResult(name, lock)),
    lockWaitUs: timesResult(whole.times.lockWait),
    lockHoldUs: timesResult(whole.times.lockHold),
    // The users of an open load, and those of stages, are not meant to do equal work.
    fairness: mode.load.kind === 'closed' && mode.load.stages.length === 0 ? jain(whole.completedByUser) : null,
    steps: Object.entries(whole.steps).map(([name, step]) => ({
      name,
      ...methodOf(mode, name),
      serviceTimeUs: timesResult(step.service),
      requests: requestsIn(step),
    })),
    ...groupResults(whole),
    ...tagResults(tagged, whole),
    ...stageResults(mode, whole),
    series: slots.flatMap(series),
    slots: perSlot,
    consistency: data?.consistency ?? null,
  };
};

const agentsOf = (slots: readonly Slot[]): Pick<ModeResult, 'agents'> => {
  const agents = modeAgents(slots);
  return agents === undefined ? {} : { agents };
};

const methodOf = ({ steps }: Mode, name: string): Pick<StepResult, 'method'> => {
  const method = requestsOf(steps).find((step) => step.name === name)?.method;
  return method === undefined ? {} : { method };
};

const stageResults = ({ load }: Mode, { stages }: Recording): Pick<ModeResult, 'stages'> =>
  stages === undefined
    ? {}
    : {
        stages: load.stages.map(({ durationUs, from, to }, at) => {
          const { response, ...counts } = stages[at]!;
          const of = load.kind === 'open' ? 'rate' : 'users';
          return { durationUs, of, from, to, ...counts, responseTimeUs: timesResult(response) };
        }),
      };

const offeredBy = ({ load }: Mode, slots: readonly [Slot, ...Slot[]], whole: Recording): OfferedLoad | null =>
  load.kind === 'closed'
    ? null
    : {
        arrival: load.arrival.name,
        ...(load.stages.length === 0 ? { askedPerSecond: load.ratePerSecond } : {}),
        perSecond: median(
          slots
            .filter((slot) => windowUs(slot) > 0)
            .map((slot) => slot.recording.iterations.scheduled / (windowUs(slot) / 1e6)),
        ),
        pacing: slots[0].pacing,
        late: slots.reduce((sum, slot) => sum + slot.recording.generator.late, 0),
        ...(whole.backlog === undefined ? {} : { backlog: whole.backlog }),
      };

/**
 * Jain's fairness index, (Σx)² / (n Σx²): 1 if all have the same, 1/n if one has everything, `null` if none has anything (Jain, Chiu, Hawe
 * 1984).
 */
export const jain = (shares: readonly number[]): number | null => {
  const sum = shares.reduce((total, share) => total + share, 0);
  const squares = shares.reduce((total, share) => total + share * share, 0);
  return squares === 0 ? null : (sum * sum) / (shares.length * squares);
};

/** The length of a slot's measured part; 0 if it was interrupted in its warm-up. */
export const windowUs = ({ recording: { window } }: Slot): number => window.toUs - window.fromUs;

const slotResult = (slot: Slot, tagged: StepsByTag): SlotResult => {
  const { round, position, recording } = slot;
  const { iterations } = recording;
  const seconds = windowUs(slot) / 1e6;
  const response = timesResult(recording.times.response);
  return {
    round: round + 1,
    position,
    throughputPerSecond: seconds > 0 ? completedIn(recording) / seconds : 0,
    p50Us: response.p50,
    p95Us: response.p95,
    p99Us: response.p99,
    errors: iterations.begun === 0 ? 0 : iterations.failed / iterations.begun,
    storeCpuUs: eachRequest(slot, slot.storeCpuUs),
    targetCpuUs: eachRequest(slot, slot.targetCpuUs),
    targetMemoryBytes: slot.targetMemoryBytes ?? null,
    drift: driftOf(recording),
    ...(recording.again > 0 && { sentAgain: recording.again }),
    response: slotTimes(response, withoutTime(recording)),
    service: slotTimes(timesResult(recording.times.service), sum(Object.values(recording.steps).map(unanswered))),
    steps: Object.fromEntries(
      Object.entries(recording.steps).map(([name, step]) => [
        name,
        slotTimes(timesResult(step.service), unanswered(step)),
      ]),
    ),
    requests: measuredRequests(recording),
    ...(recording.groups === undefined
      ? {}
      : {
          groups: Object.fromEntries(
            Object.entries(recording.groups).map(([name, { time, unfinished }]) => [
              name,
              slotTimes(timesResult(time), unfinished),
            ]),
          ),
        }),
    ...tagTimes(tagged, recording),
  };
};

/** What completed inside the window, whenever it was due; under an open load at most what was due in it and not dropped. */
export const completedIn = ({ window, iterations: { scheduled, dropped }, backlog }: Recording): number =>
  backlog === undefined ? window.completed : Math.min(window.completed, scheduled - dropped);

/** CPU time is measured from before the slot's first request to after its last, so it is divided by all of them. */
const eachRequest = ({ recording: { steps, unmeasured } }: Slot, cpuUs: number | undefined): number | null => {
  const requests = sum(Object.values(steps).map(requestsIn)) + sum(Object.values(unmeasured));
  return cpuUs === undefined || requests === 0 ? null : cpuUs / requests;
};

const driftOf = ({ window: { completed, firstHalf }, iterations }: Recording): number | null =>
  // An interruption ends the window before its second half is as long as its first.
  firstHalf === 0 || iterations.interrupted > 0 ? null : (completed - firstHalf) / firstHalf;

const largestOf = (numbers: readonly number[]): number | null => (numbers.length === 0 ? null : Math.max(...numbers));

const medianOf = (numbers: readonly number[]): number | null => (numbers.length === 0 ? null : median(numbers));

/** The iterations that began or were due and have no response time; those that timed out have one. */
export const withoutTime = ({ iterations, failures }: Recording): number =>
  iterations.failed - (failures.timeout?.count ?? 0) + iterations.dropped + iterations.interrupted;

const requestCounts = (whole: Recording, elsewhere: readonly Unmeasured[]): RequestCounts => ({
  ...measuredRequests(whole),
  resent: sum(Object.values(whole.steps).map(({ resent }) => resent)),
  unmeasured: sumCounts([whole.unmeasured, ...elsewhere]),
});

const measuredRequests = ({ steps }: Recording): Required<NonNullable<SlotResult['requests']>> => {
  const all = Object.values(steps);
  return {
    total: sum(all.map(requestsIn)),
    byStatus: addUp(all.map((step) => step.byStatus)),
    byError: addUp(all.map((step) => step.byError)),
    bytes: sum(all.map(({ bytes }) => bytes)),
  };
};

const addUp = (maps: readonly { readonly [name: string]: number }[]): { readonly [name: string]: number } => {
  const sum: { [name: string]: number } = {};
  for (const map of maps) for (const [name, count] of Object.entries(map)) sum[name] = (sum[name] ?? 0) + count;
  return sum;
};

const groupResults = ({ groups }: Recording): Pick<ModeResult, 'groups'> =>
  groups === undefined
    ? {}
    : {
        groups: Object.entries(groups).map(([name, { time, unfinished }]) => ({
          name,
          timeUs: timesResult(time),
          unfinished,
        })),
      };

const lockResult = (
  name: string,
  { wait, hold, contended, longestQueue, lapsed }: LockRecording,
): ModeResult['locks'][number] => {
  const waitUs = timesResult(wait);
  return {
    name,
    waitUs,
    holdUs: timesResult(hold),
    contended,
    longestQueue,
    lapsed,
    starvation: contended === 0 ? null : round(waitUs.max / Math.max(1, waitUs.p50)),
  };
};

const series = ({ round, recording }: Slot): SeriesPoint[] =>
  recording.seconds.map(({ second, completed, failed, response }) => ({
    round: round + 1,
    second,
    completed,
    failed,
    p50Us: secondPercentileUs(response, 50),
    p99Us: secondPercentileUs(response, 99),
  }));

const failuresOf = (failures: Recording['failures']): ModeResult['failuresByClass'] =>
  Object.fromEntries(Object.entries(failures).map(([name, failure]) => [name, failureOf(failure)]));

const failureOf = ({ count, example, samples }: FailureCount): FailureResult => ({
  count,
  example: example.text,
  ...(samples === undefined
    ? {}
    : {
        samples: Object.entries(samples).map(([step, { status, headers, body }]) => ({
          step,
          status,
          headers: Object.fromEntries(headers),
          body,
        })),
      }),
});
