import { askedRate, keptUp } from '../../core/result/open-load.ts';
import type { Comparison, ModeResult } from '../../core/result/result.ts';
import { bestOf, type Best } from '../compare/apart.ts';
import { isMeasured, percentileOf } from '../compare/compare.ts';
import type { UnequalWork } from '../compare/work.ts';
import { median } from '../median.ts';
import * as say from '../phrases.ts';
import { cheapestOf, type Conclusion } from './cheapest.ts';
import { butOf, drawbacksOf, unequalOf } from './drawbacks.ts';

/** The percentiles that modes may be told apart by, the most telling first. */
const candidates = ['p99', 'p95', 'p50'] as const;

type Percentile = (typeof candidates)[number];

/**
 * What to choose under an open load. All modes were offered the same rate, so their throughput says only whether they kept up; those that
 * did are told apart by a percentile of their response times.
 *
 * @param modes at least one, each with a completed iteration
 */
export const concludeOpen = (
  modes: readonly ModeResult[],
  comparisons: readonly Comparison[],
  control: string,
  unequal: readonly UnequalWork[] = [],
): Conclusion => {
  const inTime = modes.filter((mode) => keptUp(mode) && !mode.differentWorkload);
  const right = inTime.filter(say.keptRight);
  const percentile = highestKnown(right.length > 0 ? right : inTime);
  const best = bestOf(right, comparisons, percentile);
  const cost = say.costs(comparisons, percentile, control);
  const of = (mode: ModeResult): string =>
    [`${percentile} ${say.timeText(level(mode, percentile))}`, cost(mode)]
      .filter((text) => text !== undefined)
      .join(', ');
  const others = right.filter((mode) => best.is !== 'none' && mode !== best.modes[0]);
  const drawbacks = best.is === 'one' ? drawbacksOf(best.modes[0], others, comparisons) : [];
  const but = best.is === 'none' ? '' : butOf(drawbacks, unequalOf(best.modes[0], others, unequal));
  const chosen = choice(modes, best, but, percentile, of);
  const sentence = [whoKeptUp(modes), chosen].filter((text) => text !== '').join(' ');
  return { cheapest: cheapestOf(best, drawbacks), sentence };
};

/** The highest percentile that is known in every round of these modes, so that it can be compared. */
const highestKnown = (modes: readonly ModeResult[]): Percentile =>
  candidates.find((name) => {
    const figure = percentileOf(name, ({ response }) => response);
    return modes.every(({ slots }) => slots.filter(isMeasured).every((slot) => figure(slot) !== undefined));
  }) ?? 'p50';

/** The median over the rounds, so that it agrees with the ratio next to it. */
const level = ({ slots }: ModeResult, percentile: Percentile): number =>
  median(slots.map(({ response }) => response[percentile]).filter((us) => us > 0));

/** The rate, and which modes did not complete what was offered. */
const whoKeptUp = (modes: readonly ModeResult[]): string => {
  const own = modes.filter(({ differentWorkload }) => !differentWorkload);
  const where = `At ${say.rateText(own[0] === undefined ? 0 : askedRate(own[0]))}/s`;
  const behind = own.filter((mode) => !keptUp(mode));
  if (behind.length === 0) return `${where} ${own.length === 1 ? own[0]!.name : 'all modes'} kept up.`;
  const each = behind.map((mode) => `${mode.name} did not keep up (${paceOf(mode)})`).join(' and ');
  return `${where} ${each}.`;
};

const paceOf = ({ iterations: { dropped, scheduled }, throughputPerSecond }: ModeResult): string => {
  const share = dropped === 0 ? '' : `, ${say.shareText(dropped / scheduled)} dropped`;
  return `${say.rateText(throughputPerSecond)}/s${share}`;
};

const choice = (
  modes: readonly ModeResult[],
  best: Best,
  but: string,
  percentile: Percentile,
  of: (mode: ModeResult) => string,
): string => {
  if (best.is === 'none') {
    if (modes.some(say.keptRight))
      return modes.length === 1 ? 'The data stayed right.' : 'No mode that kept the data right kept up.';
    const only =
      modes.length === 1 && keptUp(modes[0]!)
        ? `Its ${percentile} is ${say.timeText(level(modes[0]!, percentile))}. `
        : '';
    return `${only}${say.whyNotRight(modes)}`.trim();
  }
  const [first] = best.modes;
  if (modes.length === 1) return `The data stayed right: ${of(first)}.`;
  const among = modes.every(keptUp) ? 'kept the data right' : 'kept up and kept the data right';
  if (best.is === 'level')
    return `${say.namesOf(best.modes)} are level with the lowest ${percentile} of the modes that ${among}.`;
  if (best.is === 'open')
    return `Which of ${say.namesOf(best.modes)} has the lowest ${percentile} of the modes that ${among} cannot be told: ${best.because}.`;
  return best.among === 1
    ? `${first.name} ${say.onlyOf(modes)} ${among}: ${of(first)}${but}.`
    : `${first.name} has the lowest ${percentile} of the modes that ${among}: ${of(first)}${but}.`;
};
