import { ContendError } from './core/errors.ts';
import { masked, masking } from './core/mask.ts';
import type { Plan } from './core/plan/plan.ts';
import type { Result } from './core/result/result.ts';
import type { SweepResult } from './core/result/sweep.ts';
import type { Slot } from './core/slot.ts';
import type { SweepPlan } from './core/sweep/plan.ts';
import { compareRuns } from './judge/compare/baseline.ts';
import { standings } from './judge/standing.ts';
import { BrokenSlot } from './measure/runner/slot.ts';
import type { Course } from './run/course.ts';
import { judging } from './run/judged.ts';
import type { RunOptions } from './run/options.ts';
import { Rig } from './run/rig.ts';
import { runCourse } from './run/run-course.ts';
import { scheduleOf } from './run/schedule.ts';
import { groundOf, sweepCourse } from './run/sweep/course.ts';
import type { SweepOptions } from './run/sweep/options.ts';

export type { RunOptions };
export { searchLengthOf } from './run/sweep/probes.ts';
export { compareRuns };
export { planDifferencesOf } from './judge/compare/comparable.ts';

/**
 * Open → warm → each slot of the schedule: measure, judge → look → result. Gives the result so far after each round, if wanted,
 * undecided until the last round is over. The final result comes last.
 *
 * Never rejects because of the target: a run that cannot be finished gives the result of what was measured, marked `invalid`,
 * with exit code 96.
 *
 * @param schedule what is measured, in which order; by default the plan's rounds
 */
export const run = (
  plan: Plan,
  options: RunOptions,
  schedule = scheduleOf(plan, options.extend === true),
): AsyncGenerator<Result, void> => walk(plan, options, runCourse(plan, options, schedule));

/**
 * As {@link run}, for every point of a sweep on one set of targets: what was found so far, and finally the whole.
 */
export const sweep = (swept: SweepPlan, options: SweepOptions): AsyncGenerator<SweepResult, void> =>
  walk(groundOf(swept), options, sweepCourse(swept, options));

/** The one loop, on one page: it measures and judges what the course wants next, slot by slot. */
async function* walk<Found>(plan: Plan, options: RunOptions, course: Course<Found>): AsyncGenerator<Found, void> {
  const { host, signal, watch, eachRound = false } = options;
  const beganUs = host.clock.now();
  const startedAt = new Date(host.wallClockMs()).toISOString();
  const mask = masking(plan.secrets ?? []);
  const rig = new Rig(plan, options);
  const { warmedUp, spoken } = rig;
  const judged = judging(plan, options);
  const standing = standings(plan);
  const slots: Slot[] = [];
  let invalid: Result['invalid'];
  const found = (finished: boolean): Found => {
    const tookUs = host.clock.now() - beganUs;
    const { changes } = watch;
    const { serves, agents } = rig;
    const told = [...serves.warnings, ...agents.warnings];
    const walked = {
      slots,
      warmedUp,
      spoken,
      serves: serves.facts,
      agents: agents.facts,
      told,
      invalid,
      startedAt,
      tookUs,
      changes,
    };
    return masked(course.found(walked, finished), mask);
  };
  try {
    await rig.open();
    await rig.warmUp();
    let round = course.next(found, slots);
    while (round !== undefined) {
      let isOver = false;
      for (const turn of round) {
        if (signal.aborted) break;
        const slot = await rig.measure(turn);
        if (slot !== undefined) {
          slots.push(await judged(slot));
          watch.stands(slot.mode, standing(slots.at(-1)!));
        }
        watch.slotsDone++;
        isOver = course.isPointless(turn, slots);
        if (isOver) break;
      }
      if (signal.aborted || isOver) break;
      round = course.next(found, slots);
      if (round !== undefined && eachRound) yield found(false);
    }
  } catch (error) {
    if (error instanceof BrokenSlot) slots.push(await judged(error.slot));
    if (error instanceof ContendError) invalid = invalidBy(error);
    else if (!signal.aborted || error !== signal.reason) throw error;
  } finally {
    await rig[Symbol.asyncDispose]();
  }
  yield found(true);
}

const invalidBy = ({ code, message, hint, output }: ContendError): Result['invalid'] => ({
  code,
  message,
  hint,
  ...(output.length === 0 ? {} : { output }),
});

/** Runs to the end: the last result. */
export const runToEnd = async (plan: Plan, options: RunOptions): Promise<Result> => lastOf(run(plan, options));

/** As {@link runToEnd}, a sweep. */
export const sweepToEnd = async (swept: SweepPlan, options: SweepOptions): Promise<SweepResult> =>
  lastOf(sweep(swept, options));

const lastOf = async <Found>(found: AsyncIterable<Found>): Promise<Found> => {
  let last: Found | undefined;
  for await (const one of found) last = one;
  return last!;
};
