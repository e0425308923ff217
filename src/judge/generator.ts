import { Histogram } from '../core/recording/histogram.ts';
import { mergeRecordings } from '../core/recording/merge.ts';
import { metrics, percentiles, samplesToShow, type MetricName, type PercentileName } from '../core/metric.ts';
import type { GeneratorResult, ModeResult, Result } from '../core/result/result.ts';
import type { Slot } from '../core/slot.ts';
import type { Warning } from '../core/result/warning.ts';
import { figure, many } from './figure.ts';

/** From here on, a load measures the generator instead of the target. */
const saturatedShare = 0.95;

/** A gap this long means that the machine slept or something blocked the thread: time passed and nothing was sent. */
const gapUs = 1_000_000;

/** The share of arrivals that may begin after the window although a user was free inside it. */
const lateShare = 0.01;

/** The share of a reported p99 that late sending may make up before the run is not trusted. */
const sendLagShare = 0.1;

/** The share of a reported p99 that the generator's own delay, or the wait for a user, may make up before it is reported. */
const delayShare = 0.2;

/** The share of time that garbage collection may block the thread. */
const gcShare = 0.1;

/** What a run says of the generator, and which of its modes can be trusted. */
export interface GeneratorVerdict {
  readonly result: GeneratorResult;
  /** By mode: the first reason found why nothing of it can be trusted. */
  readonly unfit: ReadonlyMap<string, Reason>;
  /** By mode: why its times and rates are partly the generator's, which a gate on the generator does not let pass. */
  readonly doubtful: ReadonlyMap<string, Reason>;
}

/** Why something cannot be trusted, and how to fix it. */
export type Reason = NonNullable<Result['invalid']> & {
  /** The metrics of a mode that it changes by more than chance does; absent if it may be any. */
  readonly touches?: ReadonlySet<MetricName>;
};

/** Whether what was found changes what a metric says. */
export const isTouched = ({ touches }: Reason, metric: MetricName): boolean =>
  touches === undefined || touches.has(metric);

/**
 * Judges the generator itself, mode by mode: a mode is suspect only for what happened in its own slots.
 *
 * @param more warnings found elsewhere
 * @param isInterrupted before the load's own end
 */
export const judgeGenerator = (
  modes: readonly ModeResult[],
  slots: readonly Slot[],
  more: readonly Warning[],
  isInterrupted = false,
): GeneratorVerdict => {
  const seen = modes.flatMap((mode) => {
    const [first, ...others] = slots.filter((slot) => slot.mode === mode.name).map((slot) => slot.recording);
    return first === undefined ? [] : [healthOf(mode, mergeRecordings([first, ...others]).generator)];
  });
  return {
    result: {
      cpuShare: seen.length === 0 ? null : Math.max(...seen.map(({ cpuShare }) => cpuShare)),
      eventLoopDelayP99Us: seen.length === 0 ? null : Math.max(...seen.map(({ delayP99Us }) => delayP99Us)),
      warnings: [...seen.flatMap(warningsOf), ...more],
    },
    // An interruption ends the window while arrivals wait for their turn: they do not mean that the generator is too slow.
    unfit: found(seen, [held, ...(isInterrupted ? [] : [behindSchedule]), sentLate]),
    doubtful: found(seen, [ownDelay]),
  };
};

/** By mode, the first of these reasons that applies. */
const found = (
  seen: readonly ModeHealth[],
  reasons: readonly ((health: ModeHealth) => Reason | undefined)[],
): ReadonlyMap<string, Reason> =>
  new Map(
    seen.flatMap((health) => {
      const [first] = reasons.flatMap((reason) => reason(health) ?? []);
      return first === undefined ? [] : [[health.mode.name, first] as const];
    }),
  );

interface ModeHealth {
  readonly mode: ModeResult;
  readonly cpuShare: number;
  readonly gcShare: number;
  readonly delayP99Us: number;
  /** Roughly what its timer delays add to the p99 of the response time. */
  readonly addedUs: number;
  /** The percentiles and means that they lengthen by more than a fifth; empty unless the p99 is one of them. */
  readonly delayed: ReadonlySet<MetricName>;
  readonly longestGapUs: number;
}

const healthOf = (
  mode: ModeResult,
  { cpuUs, idleUs, wallUs, gcUs, loopDelay, longestGapUs }: Slot['recording']['generator'],
): ModeHealth => {
  const delay = Histogram.from(loopDelay);
  const addedUs = addedTo('p99', mode.responseTimeUs, delay);
  const health = {
    mode,
    cpuShare: wallUs === 0 ? 0 : Math.round((Math.max(0, cpuUs - idleUs) / wallUs) * 1000) / 1000,
    gcShare: wallUs === 0 ? 0 : gcUs / wallUs,
    delayP99Us: delay.percentile(99),
    addedUs,
    delayed: addedUs > delayShare * mode.responseTimeUs.p99 ? delayedIn(mode, delay) : new Set<MetricName>(),
    longestGapUs,
  };
  delay.free();
  return health;
};

/** The number of steps into which the delays are divided. */
const delaySteps = 100;

/** Which of a mode's times a delay changes, percentile by percentile: a longer p99 says nothing about the p50. */
const delayedIn = (mode: ModeResult, delay: Histogram): ReadonlySet<MetricName> => {
  const kinds = [
    ['', mode.responseTimeUs],
    ['service.', mode.serviceTimeUs],
    ['lockWait.', mode.lockWaitUs],
  ] as const;
  const names = Object.keys(percentiles) as PercentileName[];
  const delayed = kinds.flatMap(([prefix, times]) =>
    names
      .filter((name) => addedTo(name, times, delay) > delayShare * times[name])
      .map((name): MetricName => `${prefix}p${percentiles[name]}`),
  );
  const isMean = delay.mean > delayShare * mode.responseTimeUs.mean;
  return new Set<MetricName>(isMean ? [...delayed, 'mean'] : delayed);
};

/**
 * Roughly what a delay adds to a percentile of these times: how much it would rise if each of them came late once more, by a delay drawn at
 * random; 0 if that is too little to tell. A long and rare delay adds nothing to a p99 that is longer, a short and frequent one nothing to
 * a p50 that is longer, and none adds anything to too few times.
 */
const addedTo = (name: PercentileName, times: ModeResult['responseTimeUs'], delay: Histogram): number => {
  const own = times[name];
  // No delay adds more than the longest one.
  if (times.count < samplesToShow(name) || delay.max <= delayShare * own) return 0;
  const delays = Array.from({ length: delaySteps }, (_, at) => delay.percentile(((at + 0.5) / delaySteps) * 100));
  const response = Histogram.from({ ...times, sum: times.mean * times.count });
  const share = percentiles[name] / 100;
  const shareWithin = (us: number): number => {
    const edges = delays.map((late) => Math.max(0, us - late)).toReversed();
    const counts = response.countsBetween(edges);
    let below = 0;
    let within = 0;
    for (let at = 0; at < delaySteps; at++) within += below += counts[at]!;
    return within / (delaySteps * times.count);
  };
  // One check is enough for most runs; a search takes a dozen.
  const tolerated = Math.ceil(own * (1 + delayShare));
  const isLittle = shareWithin(tolerated) >= share;
  let [low, high] = isLittle ? [own, own] : [tolerated, own + delay.max];
  while (high - low > Math.max(1, low * 0.002)) {
    const middle = Math.floor((low + high) / 2);
    if (shareWithin(middle) >= share) high = middle;
    else low = middle;
  }
  response.free();
  return high - own;
};

const held = ({ mode, longestGapUs }: ModeHealth): Reason | undefined =>
  longestGapUs > gapUs
    ? {
        code: 'ERR_CLOCK_GAP',
        message: `nothing was sent for ${figure(longestGapUs, 'µs')} in ${mode.name}: the machine slept, or something held the generator's thread.`,
        hint: 'Run it again on a machine that stays awake.',
      }
    : undefined;

const behindSchedule = ({ mode: { name, offered, iterations } }: ModeHealth): Reason | undefined =>
  offered !== null && offered.late > lateShare * iterations.scheduled
    ? {
        code: 'ERR_BEHIND_SCHEDULE',
        message: `${figure(offered.late, 'count')} of ${figure(iterations.scheduled, 'count')} iterations of ${name} began after their time was over, although users were free: the generator cannot offer ${figure(Math.round(offered.perSecond), '/s')} here.`,
        hint: 'A lower rate, more workers, or a target on another machine.',
      }
    : undefined;

const sentLate = ({ mode: { name, offered, workers, sendLagUs, responseTimeUs } }: ModeHealth): Reason | undefined =>
  offered !== null &&
  Math.min(sendLagUs.count, responseTimeUs.count) >= samplesToShow('p99') &&
  sendLagUs.p99 > sendLagShare * responseTimeUs.p99
    ? {
        code: 'ERR_SEND_LAG',
        message: `the generator was ${figure(sendLagUs.p99, 'µs')} late at the 99th percentile in ${name}, where the p99 is ${figure(responseTimeUs.p99, 'µs')}: more than ${figure(sendLagShare, 'share')} of that is its own delay.`,
        hint: remedyOf(offered.pacing, workers),
        touches: allButInTime(sendLagUs, responseTimeUs),
      }
    : undefined;

/** What helps against late sending. Hybrid pacing takes up a core, which other programs then lack. */
const remedyOf = (pacing: 'relaxed' | 'hybrid', workers: number): string =>
  [
    'Fewer other programs on this machine',
    ...(pacing === 'hybrid' ? [] : ['--pacing hybrid where a core is free']),
    ...(workers > 1 ? ['fewer workers'] : []),
    'a lower rate, or a target on another machine.',
  ].join(', ');

/** All metrics except the percentiles of the response time at which iterations began in time: late ones all lie beyond. */
const allButInTime = (lag: ModeResult['sendLagUs'], times: ModeResult['responseTimeUs']): ReadonlySet<MetricName> => {
  const names = Object.keys(percentiles) as PercentileName[];
  const inTime = names
    .filter((name) => lag[name] <= sendLagShare * times[name])
    .map((name): MetricName => `p${percentiles[name]}`);
  return new Set((Object.keys(metrics) as MetricName[]).filter((metric) => !inTime.includes(metric)));
};

const warningsOf = (health: ModeHealth): readonly Warning[] =>
  [withoutReach(ownDelay(health)), sentLateAtMedian(health.mode), dropped(health.mode), usersBusy(health.mode)].filter(
    (warning) => warning !== undefined,
  );

const withoutReach = (reason: Reason | undefined): Warning | undefined => {
  if (reason === undefined) return undefined;
  const { code, message, hint } = reason;
  return { code, message, hint };
};

/** What held up the generator's thread: the first cause found, as one brings the others with it. */
const ownDelay = ({
  mode,
  cpuShare,
  gcShare: collecting,
  delayP99Us,
  addedUs,
  delayed,
}: ModeHealth): Reason | undefined => {
  if (cpuShare >= saturatedShare) {
    return {
      code: 'SATURATED',
      message: `the generator's core was busy ${figure(cpuShare, 'share')} of the time in ${mode.name}, and from ${figure(saturatedShare, 'share')} on it is full: the throughput is a lower bound, the times are too long.`,
      hint: 'Fewer users, or a target on another machine.',
    };
  }
  if (collecting > gcShare) {
    return {
      code: 'GC',
      message: `garbage collection held the generator for ${(collecting * 100).toFixed(0)} % of the time in ${mode.name}; up to ${figure(gcShare, 'share')} is harmless.`,
      hint: 'Smaller answers to read, or fewer users.',
    };
  }
  if (addedUs > delayShare * mode.responseTimeUs.p99) {
    const { p99 } = mode.responseTimeUs;
    const delays = `the generator's own delays, ${figure(delayP99Us, 'µs')} at the 99th percentile`;
    const ofP99 = `the p99 of ${mode.name}, which is ${figure(p99, 'µs')}`;
    // The measured times include the delays already, and no part is more than the whole.
    const message =
      addedUs >= p99
        ? `${delays}, may be all of ${ofP99}.`
        : `${delays}, add about ${figure(addedUs, 'µs')} to ${ofP99}: more than ${figure(delayShare, 'share')} of it.`;
    const hint = 'High percentiles are the generator in part: fewer users, or a machine with a core to spare.';
    return { code: 'LOOP_DELAY', message, hint, touches: delayed };
  }
  return undefined;
};

/** No reason to distrust a run, although it is part of every figure; a few iterations are enough to see it. */
const sentLateAtMedian = ({ name, offered, sendLagUs, responseTimeUs }: ModeResult): Warning | undefined =>
  offered !== null &&
  Math.min(sendLagUs.count, responseTimeUs.count) >= samplesToShow('p50') &&
  sendLagUs.p50 > sendLagShare * responseTimeUs.p50
    ? {
        code: 'SEND_LAG',
        message: `half the iterations of ${name} began ${figure(sendLagUs.p50, 'µs')} late or more, which is the generator's part of its p50 of ${figure(responseTimeUs.p50, 'µs')}.`,
        hint: remedyOf(offered.pacing, 1),
      }
    : undefined;

const dropped = ({ name, iterations, users, offered }: ModeResult): Warning | undefined =>
  iterations.dropped > 0 && offered !== null
    ? {
        code: 'DROPPED',
        message: `${figure(iterations.dropped, 'count')} of ${figure(iterations.scheduled, 'count')} arrivals of ${name} found no free user and never began: the target was too slow for ${figure(Math.round(offered.perSecond), '/s')} with ${many(users, 'user')}.`,
        hint: 'More users, a longer queue, or a lower rate.',
      }
    : undefined;

const usersBusy = ({ name, users, queueWaitUs, responseTimeUs }: ModeResult): Warning | undefined =>
  responseTimeUs.count > 0 && queueWaitUs.p99 > delayShare * responseTimeUs.p99
    ? {
        code: 'USERS_BUSY',
        message: `arrivals of ${name} waited ${figure(queueWaitUs.p99, 'µs')} for one of ${users} users at the 99th percentile, which is part of its p99 of ${figure(responseTimeUs.p99, 'µs')}.`,
        hint: 'More users, if real callers would not wait for each other.',
      }
    : undefined;
