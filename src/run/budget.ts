import type { Host } from '../core/host.ts';
import { measuredUs, shortenedTo } from '../core/plan/length.ts';
import type { Plan } from '../core/plan/plan.ts';
import type { RunOptions } from './options.ts';
import type { Round, Schedule } from './schedule.ts';

/**
 * Keeps a run within its budget: gives each round when it is asked for, with its slots shortened if earlier rounds took longer
 * than their load. Without a budget, a round is as scheduled.
 *
 * @param beganUs when the run began, by its clock
 */
export const withinBudget = (
  plan: Plan,
  { rounds, reserve }: Schedule,
  { budgetUs, host: { clock } }: Pick<RunOptions, 'budgetUs'> & { readonly host: Pick<Host, 'clock'> },
  beganUs: number,
): ((round: Round, index: number) => Round) => {
  if (budgetUs === undefined) return (round) => round;
  const roundsBeganUs = clock.now();
  const most = rounds.length + reserve.length;
  let { modes } = plan;
  let spentUs = 0;
  return (round, index) => {
    if (index > 0) {
      const now = clock.now();
      modes = shortenedTo(beganUs + budgetUs - now, plan, most - index, (now - roundsBeganUs - spentUs) / index);
    }
    spentUs += measuredUs(modes, plan.rounds);
    return round.map((turn) => ({ ...turn, mode: modes[plan.modes.indexOf(turn.mode)]! }));
  };
};
