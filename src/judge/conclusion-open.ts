import { isHidden, missingOf, samplesToShow } from '../core/metric.ts';
import { keptUp } from '../core/open-load.ts';
import type { Comparison, ModeResult } from '../core/result.ts';
import { median } from './median.ts';
import * as say from './phrases.ts';

/** The percentiles that modes may be told apart by, from the one that says most. */
const candidates = ['p99', 'p95', 'p50'] as const;

type Percentile = (typeof candidates)[number];

/** Closer than this to the lowest, a time is not told apart from it. */
const levelRatio = 1 / 0.95;

/**
 * The sentences for an open load. All modes were offered the same rate, so their throughput says no more than whether they
 * kept up; those that did are told apart by a percentile of their response times.
 *
 * @param modes of which an iteration completed, at least one
 */
export const concludeOpen = (
  modes: readonly ModeResult[],
  comparisons: readonly Comparison[],
  control: string,
): string => {
  const inTime = modes.filter((mode) => keptUp(mode) && !mode.differentWorkload);
  const right = inTime.filter(say.stayedRight);
  const percentile = percentileOf(right.length > 0 ? right : inTime);
  const ratios = new Map(
    comparisons.filter(({ metric }) => metric === percentile).map(({ mode, ratio }) => [mode, ratio]),
  );
  const of = (mode: ModeResult): string =>
    `${keptUp(mode) ? timeOf(mode, percentile, ratios.get(mode.name), control) : paceOf(mode)}${say.dataOf(mode)}`;
  const lowest = Math.min(...right.map((mode) => level(mode, percentile)));
  const best = right
    .filter((mode) => level(mode, percentile) <= levelRatio * lowest)
    .toSorted((a, b) => level(a, percentile) - level(b, percentile));
  const others = modes.filter((mode) => !best.includes(mode)).map((mode) => `${mode.name} ${of(mode)}.`);
  return [whoKeptUp(modes), bestOf(modes, best, percentile, of), ...others].join(' ');
};

/** The highest percentile that every one of these modes may print. */
const percentileOf = (modes: readonly ModeResult[]): Percentile =>
  candidates.find((name) =>
    modes.every((mode) => {
      const { count } = mode.responseTimeUs;
      return count >= samplesToShow(name) && !isHidden(name, count, missingOf(mode));
    }),
  ) ?? 'p50';

/** The median over the rounds, so that it agrees with the ratio beside it. */
const level = ({ slots }: ModeResult, percentile: Percentile): number =>
  median(slots.map((slot) => slot[`${percentile}Us`]).filter((us) => us > 0));

const timeOf = (mode: ModeResult, percentile: Percentile, ratio: number | undefined, control: string): string => {
  const beside = ratio === undefined ? '' : `, ${say.ratioText(ratio)} × that of ${control}`;
  return `${percentile} ${say.timeText(level(mode, percentile))}${beside}${say.attemptsOf(mode)}`;
};

const paceOf = (mode: ModeResult): string => {
  const { dropped, scheduled } = mode.iterations;
  const lost = dropped === 0 ? '' : `, ${say.shareText(dropped / scheduled)} dropped`;
  const rate = `${say.rateText(mode.throughputPerSecond)} of ${say.rateText(mode.offered?.perSecond ?? 0)}/s`;
  return `${rate}${lost}${say.attemptsOf(mode)}`;
};

/** At which rate, on how much data, and who completed what was offered. */
const whoKeptUp = (modes: readonly ModeResult[]): string => {
  const own = modes.filter(({ differentWorkload }) => !differentWorkload);
  const keys = own[0]?.consistency?.coverage.keys ?? 0;
  const where = `At ${say.rateText(own[0]?.offered?.perSecond ?? 0)}/s${keys === 0 ? '' : ` on ${say.counted(keys, 'key')}`}`;
  const behind = own.filter((mode) => !keptUp(mode));
  if (behind.length === 0) return `${where} ${own.length === 1 ? own[0]!.name : 'all modes'} kept up.`;
  return behind.length === own.length && own.length > 1
    ? `${where} no mode kept up.`
    : `${where} ${say.namesOf(behind)} did not keep up.`;
};

const bestOf = (
  modes: readonly ModeResult[],
  best: readonly ModeResult[],
  percentile: Percentile,
  of: (mode: ModeResult) => string,
): string => {
  const [first, ...level] = best;
  if (first === undefined) {
    return modes.some(say.stayedRight) ? 'No mode that stayed right kept up.' : say.noneRight(modes);
  }
  if (modes.length === 1) return `It stayed right: ${of(first)}.`;
  const among = modes.every(keptUp) ? 'that stayed right' : 'that kept up and stayed right';
  if (level.length === 0) return `${first.name} has the lowest ${percentile} of the modes ${among}: ${of(first)}.`;
  const each = best.map((mode) => `${mode.name} ${of(mode)}`).join('; ');
  return `${say.namesOf(best)} are level with the lowest ${percentile} of the modes ${among}: ${each}.`;
};
