import { isOfferedAlike } from '../../core/result/open-load.ts';
import type { Comparison, ModeResult } from '../../core/result/result.ts';
import { bestOf, type Best } from '../compare/apart.ts';
import type { UnequalWork } from '../compare/work.ts';
import * as say from '../phrases.ts';
import { cheapestOf, type Conclusion } from './cheapest.ts';
import { butOf, drawbacksOf, unequalOf } from './drawbacks.ts';
import { concludeOpen } from './open.ts';

/**
 * Which of the modes that kept the data right is the cheapest, and at what ratio to the control; or, if only one did, what it costs; or why
 * none can be named. The cheapest has the highest throughput or, if all were offered the same rate, the shortest times.
 *
 * @param unequal what makes modes incomparable with the control
 */
export const conclude = (
  modes: readonly ModeResult[],
  comparisons: readonly Comparison[],
  control: string,
  unequal: readonly UnequalWork[] = [],
): Conclusion => {
  const told = modes.filter((mode) => mode.iterations.completed > 0);
  if (told.length === 0) return { cheapest: { is: 'none', modes: [] }, sentence: 'No mode completed an iteration.' };
  return (isOfferedAlike(told) ? concludeOpen : concludeClosed)(told, comparisons, control, unequal);
};

const concludeClosed = (
  modes: readonly ModeResult[],
  comparisons: readonly Comparison[],
  control: string,
  unequal: readonly UnequalWork[],
): Conclusion => {
  const right = modes.filter(say.keptRight);
  const best = bestOf(right, comparisons, 'throughput');
  const cost = say.costs(comparisons, 'throughput', control);
  const others = right.filter((mode) => best.is !== 'none' && mode !== best.modes[0]);
  const drawbacks = best.is === 'one' ? drawbacksOf(best.modes[0], others, comparisons) : [];
  return {
    cheapest: cheapestOf(best, drawbacks),
    sentence:
      best.is === 'none'
        ? withoutRight(modes, cost, unequal)
        : sentenceOf(best, butOf(drawbacks, unequalOf(best.modes[0], others, unequal)), modes, cost),
  };
};

const sentenceOf = (
  best: Exclude<Best, { is: 'none' }>,
  but: string,
  modes: readonly ModeResult[],
  cost: say.Cost,
): string => {
  const [first] = best.modes;
  if (modes.length === 1) return `The data stayed right: ${say.paceOf(first)}.`;
  if (best.is === 'level')
    return `${say.namesOf(best.modes)} are level as the cheapest modes that kept the data right.`;
  if (best.is === 'open')
    return `Which of ${say.namesOf(best.modes)} is the cheapest mode that kept the data right cannot be told: ${best.because}.`;
  return best.among === 1
    ? `${first.name} ${say.onlyOf(modes)} kept the data right${say.orPace(cost(first), first)}${but}.`
    : `${first.name} is the cheapest mode that kept the data right${say.orPace(cost(first), first)}${but}.`;
};

/** What to say if no mode is known to have kept the data right. */
const withoutRight = (modes: readonly ModeResult[], cost: say.Cost, unequal: readonly UnequalWork[]): string => {
  const unasked = modes.every(({ consistency }) => consistency === null);
  const [first] = modes;
  if (modes.length === 1) {
    const pace = say.paceOf(first!);
    return `${pace}. ${say.whyNotRight(modes)}`.trim();
  }
  const told = modes.flatMap((mode) => {
    const text = cost(mode);
    return text === undefined ? [] : [`${mode.name} has ${text}${butOf([], unequalOf(mode, [], unequal))}`];
  });
  // Two builds without a lock are not about locks.
  const isAboutLocks = modes.some(({ lock }) => lock !== 'none');
  const why = !unasked
    ? say.whyNotRight(modes)
    : isAboutLocks
      ? 'Whether the data stayed right is not known: the scenario has no "consistency:" section.'
      : '';
  return told.length === 0 || told.length > mostTold ? why : `${told.join('; ')}. ${why}`.trim();
};

/** More ratios than these belong in a table. */
const mostTold = 2;
