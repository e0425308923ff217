import type { ModeResult, SlotResult, StepResult, TimesResult } from './result/result.ts';

/** The printed percentiles, by their names in the result document. */
export const percentiles = { p50: 50, p90: 90, p95: 95, p99: 99, p999: 99.9 } as const;

/** A percentile's name in the result document. */
export type PercentileName = keyof typeof percentiles;

/** How many samples must exceed a printed percentile: with fewer it is the noise of a handful of samples. */
const exceedancesToShow = 10;

/** How many samples must exceed a percentile before a build may depend on it. */
const exceedancesToGate = 20;

/** How many samples a percentile needs before it is shown: p99 1,000, p99.9 10,000; p50 20. */
export const samplesToShow = (name: PercentileName): number => samplesFor(name, exceedancesToShow);

const samplesFor = (name: PercentileName, exceedances: number): number =>
  Math.round(exceedances / (1 - percentiles[name] / 100));

/**
 * Whether failures may hide this percentile: those that are in no histogram could all lie beyond it, so it is known
 * only while they are fewer than its tail. Otherwise "> x" is all that can be said.
 *
 * @param counted samples in the histogram
 * @param missing failed and dropped iterations that are not in it
 */
export const isHidden = (name: PercentileName, counted: number, missing: number): boolean =>
  missing > 0 && missing >= (1 - percentiles[name] / 100) * (counted + missing) - 1e-6;

/** A percentile's name as people write it: `p99.9`. */
export type PercentileLabel = `p${(typeof percentiles)[PercentileName]}`;

/** The name of a mode's metric, as gates write it. */
export type MetricName =
  | 'throughput'
  | 'errors'
  | 'lost'
  | 'store.cpu'
  | 'target.cpu'
  | 'target.memory'
  | 'mean'
  | PercentileLabel
  | `service.${PercentileLabel}`
  | `lockWait.${PercentileLabel}`;

/** A metric of a mode, and how many samples it needs before it is judged. */
export interface Metric {
  /** `share`: 0 … 1. */
  readonly unit: 'µs' | '/s' | 'share' | 'count' | 'B';
  readonly better: 'lower' | 'higher';
  /** What it covers: the whole mode, all of its requests or those of a step or a tag, or whichever is named, groups included. */
  readonly scope: 'mode' | 'request' | 'either';
  /** What one sample is, in the singular. */
  readonly sample: (mode: ModeResult, step?: string) => string;
  /** Its value; if only bounds are known, the lower one. `undefined` if nothing was measured. */
  readonly of: (mode: ModeResult, step?: string) => number | undefined;
  /** The upper bound, if it differs from the value. */
  readonly atMost?: (mode: ModeResult) => number;
  /** How many samples the value is based on. */
  readonly samples: (mode: ModeResult, step?: string) => number;
  /** How many it needs before the value is compared with this limit; at least 1. */
  readonly enough: (limit: number) => number;
  /** How many have no value and may hide the known one; 0: none. */
  readonly hiding?: (mode: ModeResult, step?: string) => number;
}

/** How many iterations began or were due and have no response time; those that timed out have one. */
export const missingOf = ({ iterations, failuresByClass }: ModeResult): number =>
  iterations.failed - (failuresByClass.timeout?.count ?? 0) + iterations.dropped + iterations.interrupted;

/** Times of one kind, and how many of that kind are in no histogram. */
interface Kind {
  readonly scope: Metric['scope'];
  readonly sample: Metric['sample'];
  readonly times: (mode: ModeResult, step?: string) => TimesResult | undefined;
  readonly missing: (mode: ModeResult, step?: string) => number;
}

/** Prefix of a tag where a gate or a row could also name a step. */
export const tagMark = 'tag:';

/** The tag that a gate names instead of a step; undefined: it names a step or a group. */
export const tagIn = (name: string): string | undefined =>
  name.startsWith(tagMark) ? name.slice(tagMark.length) : undefined;

/** A step, or all steps with a tag. */
const stepOf = (mode: ModeResult, name: string): Pick<StepResult, 'serviceTimeUs' | 'requests'> | undefined => {
  const tag = tagIn(name);
  return tag === undefined ? mode.steps.find((step) => step.name === name) : mode.tags?.find((one) => one.name === tag);
};

const groupOf = (mode: ModeResult, name: string) => mode.groups?.find((group) => group.name === name);

/** Of a step, or a group. */
const withoutTime = (mode: ModeResult, name: string): number => {
  const step = stepOf(mode, name);
  return step === undefined ? (groupOf(mode, name)?.unfinished ?? 0) : step.requests - step.serviceTimeUs.count;
};

const response: Kind = {
  scope: 'either',
  sample: (mode, step) => {
    if (step === undefined) return 'iteration';
    return groupOf(mode, step) === undefined ? 'request' : 'pass';
  },
  times: (mode, step) =>
    step === undefined ? mode.responseTimeUs : (stepOf(mode, step)?.serviceTimeUs ?? groupOf(mode, step)?.timeUs),
  missing: (mode, step) => (step === undefined ? missingOf(mode) : withoutTime(mode, step)),
};

const service: Kind = {
  scope: 'request',
  sample: () => 'request',
  times: (mode, step) => (step === undefined ? mode.serviceTimeUs : stepOf(mode, step)?.serviceTimeUs),
  missing: (mode, step) =>
    step === undefined
      ? mode.steps.reduce((sum, { requests, serviceTimeUs }) => sum + requests - serviceTimeUs.count, 0)
      : withoutTime(mode, step),
};

const lockWait: Kind = {
  scope: 'mode',
  sample: () => 'wait',
  times: (mode) => mode.lockWaitUs,
  // A wait that was given up is recorded as long as it lasted.
  missing: () => 0,
};

/** How many samples each slot needs before a gate may use its percentile: p99 2,000, p95 400. */
export const samplesToGate = (name: PercentileName): number => samplesFor(name, exceedancesToGate);

/** A number read from a histogram; `as`: the percentile whose rules it keeps. */
const ofTimes = (kind: Kind, field: PercentileName | 'mean', as: PercentileName): Metric => {
  const samples: Metric['samples'] = (mode, step) => kind.times(mode, step)?.count ?? 0;
  return {
    unit: 'µs',
    better: 'lower',
    scope: kind.scope,
    sample: kind.sample,
    of: (mode, step) => (samples(mode, step) === 0 ? undefined : kind.times(mode, step)?.[field]),
    samples,
    enough: () => samplesFor(as, exceedancesToGate),
    hiding: (mode, step) => {
      const missing = kind.missing(mode, step);
      return isHidden(as, samples(mode, step), missing) ? missing : 0;
    },
  };
};

const percentilesOf = <Prefix extends string>(
  prefix: Prefix,
  kind: Kind,
): { readonly [name in `${Prefix}${PercentileLabel}`]: Metric } =>
  Object.fromEntries(
    Object.entries(percentiles).map(([name, percent]) => [
      `${prefix}p${percent}`,
      ofTimes(kind, name as PercentileName, name as PercentileName),
    ]),
  ) as { readonly [name in `${Prefix}${PercentileLabel}`]: Metric };

/** Rounds in which anything ended inside the window: where nothing did, there may have been none. */
const measuredRounds = ({ slots, series }: ModeResult): number => {
  const ended = new Set(series.map(({ round }) => round));
  return slots.filter(({ round, throughputPerSecond }) => throughputPerSecond > 0 || ended.has(round)).length;
};

/** CPU time of a slot's target for each request, in µs, where it is known; in older documents that of the built-in store. */
export const targetCpuOf = ({ targetCpuUs, storeCpuUs }: SlotResult): number | undefined =>
  targetCpuUs ?? storeCpuUs ?? undefined;

/**
 * CPU time of a slot's target for each iteration that has a response time, in µs: attempts that came to nothing are in it, so
 * that a mode that asks more often for one result does not look cheap. Not known in older documents.
 */
export const targetCpuEachIteration = (slot: SlotResult): number | undefined => {
  const { requests, response } = slot;
  const eachRequest = targetCpuOf(slot);
  return eachRequest === undefined || requests === undefined || response.count === 0
    ? undefined
    : (eachRequest * requests.total) / response.count;
};

/** All metrics of a mode. The maximum is not one of them: a build must not depend on one sample. */
export const metrics: { readonly [name in MetricName]: Metric } = {
  'throughput': {
    unit: '/s',
    better: 'higher',
    scope: 'mode',
    sample: () => 'round',
    of: (mode) => (measuredRounds(mode) === 0 ? undefined : mode.throughputPerSecond),
    samples: measuredRounds,
    enough: () => 1,
  },
  ...percentilesOf('', response),
  'mean': ofTimes(response, 'mean', 'p50'),
  ...percentilesOf('service.', service),
  ...percentilesOf('lockWait.', lockWait),
  'errors': {
    unit: 'share',
    better: 'lower',
    scope: 'mode',
    sample: () => 'iteration',
    of: ({ iterations: { begun, failed } }) => (begun === 0 ? undefined : failed / begun),
    samples: ({ iterations }) => iterations.begun,
    // None of n failed: the share is below 3/n with 95 % confidence. "Not one" is a statement on the run alone.
    enough: (limit) => (limit > 0 ? Math.max(1, Math.ceil(3 / limit - 1e-9)) : 1),
  },
  'store.cpu': {
    unit: 'µs',
    better: 'lower',
    scope: 'mode',
    sample: () => 'round',
    of: ({ storeCpuUs }) => storeCpuUs ?? undefined,
    samples: ({ slots }) => slots.filter(({ storeCpuUs }) => storeCpuUs !== null).length,
    enough: () => 1,
  },
  'target.cpu': {
    unit: 'µs',
    better: 'lower',
    scope: 'mode',
    sample: () => 'round',
    of: ({ targetCpuUs, storeCpuUs }) => targetCpuUs ?? storeCpuUs ?? undefined,
    samples: ({ slots }) => slots.filter((slot) => targetCpuOf(slot) !== undefined).length,
    enough: () => 1,
  },
  'target.memory': {
    unit: 'B',
    better: 'lower',
    scope: 'mode',
    sample: () => 'round',
    of: ({ targetMemoryBytes }) => targetMemoryBytes ?? undefined,
    samples: ({ slots }) => slots.filter(({ targetMemoryBytes }) => (targetMemoryBytes ?? null) !== null).length,
    enough: () => 1,
  },
  'lost': {
    unit: 'count',
    better: 'lower',
    scope: 'mode',
    sample: () => 'acknowledged update',
    of: ({ lost }) => (lost === null || lost.acknowledged === 0 ? undefined : lost.atLeast),
    atMost: ({ lost, consistency }) => (consistency?.verdict === 'unknown' ? Infinity : (lost?.atMost ?? Infinity)),
    samples: ({ lost }) => lost?.acknowledged ?? 0,
    enough: () => 1,
  },
};

/**
 * Passes per critical section that came to an end: a conflict begins another pass, giving up does not. 1 where there were
 * no conflicts, at least.
 */
export const attemptsEach = ({ attempts, conflicts, gaveUp }: ModeResult): number =>
  attempts / Math.max(1, attempts - conflicts + gaveUp);
