import { expectedUs } from '../../core/plan/length.ts';
import type { Load, Plan } from '../../core/plan/plan.ts';
import { many, perSecond } from '../../report/format.ts';
import { plain } from '../../report/plain.ts';

/**
 * What is about to be run, in a line: `store: 2 modes × 6 rounds, about 23 s`.
 *
 * @param mostRounds how many rounds there are if the run is extended
 * @param isShortened whether slots were made shorter to fit a budget
 */
export const announcement = (plan: Plan, mostRounds: number, isShortened: boolean): string => {
  const { name, modes, rounds } = plan;
  const loads = [...new Set(modes.map(({ load }) => offeredBy(load)))];
  const offered = loads.length === 1 ? loads[0] : ', loads differ';
  const expected = expectedUs(plan, rounds);
  const upTo = mostRounds > rounds ? `, up to ${seconds(expectedUs(plan, mostRounds))}` : '';
  const about = expected === 0 ? '' : `, about ${seconds(expected)}${upTo}${isShortened ? ', slots shortened' : ''}`;
  return `${plain(name, 60)}: ${many(modes.length, 'mode')} × ${many(rounds, 'round')}${offered}${about}\n`;
};

const seconds = (us: number): string => `${Math.round(us / 1e6)} s`;

/** What an open load asks for: `, 200/s`, or `, up to 500/s` in stages. */
const offeredBy = (load: Load): string => {
  if (load.kind === 'closed') return '';
  if (load.stages.length === 0) return `, ${perSecond(load.ratePerSecond)}/s`;
  return `, up to ${perSecond(Math.max(...load.stages.flatMap(({ from, to }) => [from, to])))}/s`;
};
