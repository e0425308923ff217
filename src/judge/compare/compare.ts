import { missShare, type Looks } from '../../core/looks.ts';
import {
  isHidden,
  samplesToShow,
  targetCpuEachIteration,
  targetCpuOf,
  type PercentileName,
} from '../../core/metric.ts';
import type { Comparison, ModeResult, SlotResult, SlotTimes } from '../../core/result/result.ts';
import { hodgesLehmann } from '../stats/signed-rank.ts';

/** The fewest rounds that have an interval: 6, or 7 with two looks. With fewer, the exact test can reject nothing. */
export const fewestRounds = (looks: Looks): number => Math.ceil(Math.log2(2 / missShare[looks]));

/** Nobody cares about a smaller difference than this. */
const margin = 0.05;

/** A metric that modes are compared by. Excludes one that only older documents have. */
export type ComparedMetric = Exclude<Comparison['metric'], 'store.cpu'>;

/** A slot's figure; `undefined` if too few samples stand behind it, or failures hide it. */
export type Figure = (slot: SlotResult) => number | undefined;

/**
 * A percentile of one slot, if at least ten of its times lie beyond it and failures cannot hide it.
 *
 * @param times which times of the slot
 */
export const percentileOf =
  (name: PercentileName, times: (slot: SlotResult) => SlotTimes | undefined): Figure =>
  (slot) => {
    const of = times(slot);
    if (of === undefined || of.count < samplesToShow(name) || of[name] === 0) return undefined;
    return isHidden(name, of.count, of.missing) ? undefined : of[name];
  };

/** Completions per second of one slot; zero counts as no figure. */
export const throughputOf: Figure = (slot) => (slot.throughputPerSecond > 0 ? slot.throughputPerSecond : undefined);

/** CPU time of a slot's target per request. */
export const cpuOf: Figure = (slot) => targetCpuOf(slot) || undefined;

/** The same per iteration. */
const cpuOfIteration: Figure = (slot) => targetCpuEachIteration(slot) || undefined;

/** The peak memory of a slot's target. */
export const memoryOf: Figure = ({ targetMemoryBytes }) => targetMemoryBytes || undefined;

/** What is compared: a metric's name, and its value in a slot. */
export const figures: { readonly [metric in ComparedMetric]: Figure } = {
  'throughput': throughputOf,
  'p50': percentileOf('p50', (slot) => slot.response),
  'p95': percentileOf('p95', (slot) => slot.response),
  'p99': percentileOf('p99', (slot) => slot.response),
  'service.p50': percentileOf('p50', (slot) => slot.service),
  'service.p95': percentileOf('p95', (slot) => slot.service),
  'service.p99': percentileOf('p99', (slot) => slot.service),
  'target.cpu': cpuOf,
  'target.cpu.iteration': cpuOfIteration,
  'target.memory': memoryOf,
};

/** Whether the target was sent any load in this slot. A slot interrupted in its warm-up does not count as part of a round. */
export const isMeasured = ({ throughputPerSecond, response }: SlotResult): boolean =>
  throughputPerSecond > 0 || response.count + response.missing > 0;

/**
 * Compares every mode with the control, round by round: the slots of a round ran under the same conditions, so their ratio is steadier than
 * the ratio of two medians. A metric that is missing in some round is left out entirely: the rounds that happen to have enough samples are
 * not like those that do not.
 *
 * Hodges-Lehmann on the log ratios, with the interval of the exact signed-rank test: see docs/statistics.md.
 */
export const compare = (
  modes: readonly ModeResult[],
  control: string,
  looks: Looks = 'one look',
): readonly Comparison[] => {
  const base = modes.find((mode) => mode.name === control);
  if (base === undefined) return [];
  return modes
    .filter((mode) => mode !== base)
    .flatMap((mode) =>
      (Object.keys(figures) as ComparedMetric[]).flatMap((metric) => compareTwo(mode, base, metric, looks) ?? []),
    );
};

/**
 * Compares one mode with another, which need not be the control; `undefined` if some round lacks a figure.
 *
 * @cost for 12 rounds 10 µs, for 200 rounds 5 ms
 */
export const compareTwo = (
  mode: ModeResult,
  base: ModeResult,
  metric: ComparedMetric,
  looks: Looks,
): Comparison | undefined => {
  const ratios = pairedLogRatios(mode, base, figures[metric]);
  if (ratios.length === 0 || !isTold(metric, mode, base)) return undefined;
  const alpha = missShare[looks];
  const { estimate, low, high } = hodgesLehmann(ratios, alpha);
  const isKnown = ratios.length >= fewestRounds(looks);
  return {
    mode: mode.name,
    control: base.name,
    metric,
    ratio: Math.exp(estimate),
    low: isKnown ? Math.exp(low) : null,
    high: isKnown ? Math.exp(high) : null,
    level: 1 - alpha,
    rounds: ratios.length,
    noise: deviationOf(ratios),
    verdict: isKnown ? verdictOf(low, high, metric === 'throughput') : null,
  };
};

/** Whether a metric says something about two modes that no other metric says. */
export const isTold = (metric: ComparedMetric, mode: ModeResult, base: ModeResult): boolean => {
  if (metric === 'target.memory') return haveOneEach(mode, base);
  return metric !== 'target.cpu.iteration' || !askAlike(mode, base);
};

/** Whether two modes send the same number of requests per iteration: then the ratio per request is also the ratio per iteration. */
const askAlike = (mode: ModeResult, base: ModeResult): boolean => {
  const [own, other] = [mode, base].map(({ requests, responseTimeUs }) => requests.total / responseTimeUs.count);
  return own === undefined || other === undefined || !(Math.abs(own / other - 1) > unlike);
};

const unlike = 0.01;

/** Whether two modes each have a target process of their own. A shared process has no memory figure per mode. */
export const haveOneEach = (mode: ModeResult, base: ModeResult): boolean => mode.serve !== base.serve;

/** ln(mode ÷ base) of every round in which both were measured; empty if either lacks the figure in one of them. */
export const pairedLogRatios = (mode: ModeResult, base: ModeResult, figure: Figure): readonly number[] => {
  const ratios: number[] = [];
  for (const [slot, beside] of pairsOf(mode, base)) {
    const [own, other] = [figure(slot), figure(beside)];
    if (own === undefined || other === undefined) return [];
    ratios.push(Math.log(own / other));
  }
  return ratios;
};

/** The slots of two modes, round by round, where both were measured. */
export const pairsOf = (
  mode: ModeResult,
  base: ModeResult,
): readonly (readonly [slot: SlotResult, beside: SlotResult])[] => {
  const besides = new Map(base.slots.filter(isMeasured).map((slot) => [slot.round, slot]));
  return mode.slots.filter(isMeasured).flatMap((slot) => {
    const beside = besides.get(slot.round);
    return beside === undefined ? [] : [[slot, beside] as const];
  });
};

const verdictOf = (low: number, high: number, isMoreBetter: boolean): Comparison['verdict'] => {
  if (low > 0) return isMoreBetter ? 'faster' : 'slower';
  if (high < 0) return isMoreBetter ? 'slower' : 'faster';
  const within = Math.log(1 + margin);
  return low > -within && high < within ? 'no difference shown' : 'inconclusive';
};

/** Standard deviation of a sample; `null` for a single value. */
export const deviationOf = (values: readonly number[]): number | null => {
  if (values.length < 2) return null;
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  return Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (values.length - 1));
};
