import { askedRate, keptUp } from '../../core/result/open-load.ts';
import type { Comparison, ModeResult } from '../../core/result/result.ts';
import { bestOf, type Best } from '../compare/apart.ts';
import { isMeasured, percentileOf } from '../compare/compare.ts';
import { median } from '../median.ts';
import * as say from '../phrases.ts';

/** The percentiles that modes may be told apart by, from the one that says most. */
const candidates = ['p99', 'p95', 'p50'] as const;

type Percentile = (typeof candidates)[number];

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
  const percentile = highestKnown(right.length > 0 ? right : inTime);
  const besides = new Map(
    comparisons.filter(({ metric }) => metric === percentile).map((comparison) => [comparison.mode, comparison]),
  );
  const of = (mode: ModeResult): string =>
    `${keptUp(mode) ? timeOf(mode, percentile, besides.get(mode.name), control) : paceOf(mode)}${say.dataOf(mode)}`;
  const best = bestOf(right, comparisons, percentile);
  const named: readonly ModeResult[] = best.is === 'none' ? [] : best.modes;
  const others = modes.filter((mode) => !named.includes(mode)).map((mode) => `${mode.name} ${of(mode)}.`);
  return [whoKeptUp(modes), opening(modes, best, percentile, of), ...others].join(' ');
};

/** The highest percentile that every round of these modes knows, so that it can be compared. */
const highestKnown = (modes: readonly ModeResult[]): Percentile =>
  candidates.find((name) => {
    const figure = percentileOf(name, ({ response }) => response);
    return modes.every(({ slots }) => slots.filter(isMeasured).every((slot) => figure(slot) !== undefined));
  }) ?? 'p50';

/** The median over the rounds, so that it agrees with the ratio beside it. */
const level = ({ slots }: ModeResult, percentile: Percentile): number =>
  median(slots.map(({ response }) => response[percentile]).filter((us) => us > 0));

const timeOf = (mode: ModeResult, percentile: Percentile, beside: Comparison | undefined, control: string): string => {
  const ratio = beside === undefined ? '' : `, ${say.besideText(beside)} that of ${control}`;
  return `${percentile} ${say.timeText(level(mode, percentile))}${ratio}${say.attemptsOf(mode)}`;
};

const paceOf = (mode: ModeResult): string => {
  const { dropped, scheduled } = mode.iterations;
  const lost = dropped === 0 ? '' : `, ${say.shareText(dropped / scheduled)} dropped`;
  const rate = `${say.rateText(mode.throughputPerSecond)} of ${say.rateText(askedRate(mode))}/s`;
  return `${rate}${lost}${say.attemptsOf(mode)}`;
};

/** At which rate, on how much data, and who completed what was offered. */
const whoKeptUp = (modes: readonly ModeResult[]): string => {
  const own = modes.filter(({ differentWorkload }) => !differentWorkload);
  const keys = own[0]?.consistency?.coverage.keys ?? 0;
  const where = `At ${say.rateText(own[0] === undefined ? 0 : askedRate(own[0]))}/s${keys === 0 ? '' : ` on ${say.counted(keys, 'key')}`}`;
  const behind = own.filter((mode) => !keptUp(mode));
  if (behind.length === 0) return `${where} ${own.length === 1 ? own[0]!.name : 'all modes'} kept up.`;
  return behind.length === own.length && own.length > 1
    ? `${where} no mode kept up.`
    : `${where} ${say.namesOf(behind)} did not keep up.`;
};

const opening = (
  modes: readonly ModeResult[],
  best: Best,
  percentile: Percentile,
  of: (mode: ModeResult) => string,
): string => {
  if (best.is === 'none') {
    return modes.some(say.stayedRight) ? 'No mode that stayed right kept up.' : say.noneRight(modes);
  }
  const [first] = best.modes;
  if (modes.length === 1) return `It stayed right: ${of(first)}.`;
  const among = modes.every(keptUp) ? 'that stayed right' : 'that kept up and stayed right';
  const each = best.modes.map((mode) => `${mode.name} ${of(mode)}`).join('; ');
  if (best.is === 'one') return `${first.name} has the lowest ${percentile} of the modes ${among}: ${of(first)}.`;
  return best.is === 'open'
    ? `Which of the modes ${among} has the lowest ${percentile} cannot be said: ${best.because}. ${each}.`
    : `${say.namesOf(best.modes)} are level with the lowest ${percentile} of the modes ${among}: ${each}.`;
};
