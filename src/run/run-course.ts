import type { Plan } from '../core/plan/plan.ts';
import type { Result } from '../core/result/result.ts';
import { runResult } from '../judge/run-result.ts';
import { isHopeless } from '../judge/silence.ts';
import { withinBudget } from './budget.ts';
import type { Course } from './course.ts';
import { hasLost, isOpen, mayStop } from './look.ts';
import type { RunOptions } from './options.ts';
import type { Round, Schedule } from './schedule.ts';

/**
 * The course of a run: the rounds of its schedule, within its budget; then those in reserve if a gate that compares modes is
 * still undecided. It stops early if a gate with `abort` has failed, or a mode completes nothing.
 */
export const runCourse = (plan: Plan, options: RunOptions, schedule: Schedule): Course<Result> => {
  const { host, watch } = options;
  const beganUs = host.clock.now();
  let { rounds } = schedule;
  let fitted: ((round: Round, index: number) => Round) | undefined;
  let at = 0;
  let isStopped = false;
  return {
    next: (look) => {
      fitted ??= withinBudget(plan, schedule, options, beganUs);
      if (at > 0 && at === schedule.rounds.length && schedule.reserve.length > 0 && isOpen(look(true))) {
        rounds = [...rounds, ...schedule.reserve];
        Object.assign(watch, { rounds: rounds.length, slotsTotal: rounds.flat().length });
      }
      const round = rounds[at];
      if (round === undefined || (at > 0 && mayStop(plan) && hasLost(plan, look(false)))) return undefined;
      return fitted(round, at++);
    },
    isPointless: ({ mode }, slots) => {
      isStopped = watch.slotsDone < watch.slotsTotal && isHopeless(mode, slots);
      return isStopped;
    },
    found: (walked, finished) => runResult({ ...walked, plan, isStopped, finished }, options),
  };
};
