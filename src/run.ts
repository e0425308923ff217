import { ContendError } from './core/errors.ts';
import { masked, masking } from './core/mask.ts';
import type { Plan } from './core/plan/plan.ts';
import type { Result } from './core/result/result.ts';
import type { Slot } from './core/slot.ts';
import { compareRuns } from './judge/compare/baseline.ts';
import { runResult } from './judge/run-result.ts';
import { isHopeless } from './judge/silence.ts';
import { standings } from './judge/standing.ts';
import { BrokenSlot } from './measure/runner/slot.ts';
import { withinBudget } from './run/budget.ts';
import { judging } from './run/judged.ts';
import { hasLost, isOpen, mayStop } from './run/look.ts';
import type { RunOptions } from './run/options.ts';
import { Rig } from './run/rig.ts';
import { scheduleOf } from './run/schedule.ts';

export { compareRuns };
export { planDifferencesOf } from './judge/compare/comparable.ts';

/**
 * Open → warm → each slot of the schedule: measure, judge → look → result, on one page. Gives the result so far after each
 * round, where that is wanted, undecided until the last one is over; then the result, which comes last.
 *
 * Never rejects for what the target does: a run that cannot be finished gives the result of what was measured, marked
 * `invalid`, with exit code 96.
 *
 * @param schedule what is measured, in which order: the plan's rounds, unless given
 */
export async function* run(
  plan: Plan,
  options: RunOptions,
  schedule = scheduleOf(plan, options.extend === true),
): AsyncGenerator<Result, void> {
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
  let isStopped = false;
  const resultNow = (finished: boolean): Result => {
    const tookUs = host.clock.now() - beganUs;
    const { changes } = watch;
    const { facts: serves, warnings: told } = rig.serves;
    const measured = {
      plan,
      slots,
      warmedUp,
      spoken,
      serves,
      told,
      invalid,
      isStopped,
      startedAt,
      tookUs,
      finished,
      changes,
    };
    return masked(runResult(measured, options), mask);
  };
  try {
    await rig.open();
    await rig.warmUp();
    const fitted = withinBudget(plan, schedule, options, beganUs);
    let { rounds } = schedule;
    for (let at = 0; at < rounds.length && !signal.aborted; at++) {
      for (const turn of fitted(rounds[at]!, at)) {
        if (signal.aborted) break;
        const slot = await rig.measure(turn);
        if (slot !== undefined) {
          slots.push(await judged(slot));
          watch.stands(slot.mode, standing(slots.at(-1)!));
        }
        watch.slotsDone++;
        isStopped = watch.slotsDone < watch.slotsTotal && isHopeless(turn.mode, slots);
        if (isStopped) break;
      }
      if (signal.aborted || isStopped) break;
      if (at === schedule.rounds.length - 1 && schedule.reserve.length > 0 && isOpen(resultNow(true))) {
        rounds = [...rounds, ...schedule.reserve];
        Object.assign(watch, { rounds: rounds.length, slotsTotal: rounds.flat().length });
      }
      if (at === rounds.length - 1 || !(mayStop(plan) || eachRound)) continue;
      const soFar = resultNow(false);
      if (mayStop(plan) && hasLost(plan, soFar)) break;
      if (eachRound) yield soFar;
    }
  } catch (error) {
    if (error instanceof BrokenSlot) slots.push(await judged(error.slot));
    if (error instanceof ContendError) invalid = invalidBy(error);
    else if (!signal.aborted || error !== signal.reason) throw error;
  } finally {
    await rig[Symbol.asyncDispose]();
  }
  yield resultNow(true);
}

const invalidBy = ({ code, message, hint, output }: ContendError): Result['invalid'] => ({
  code,
  message,
  hint,
  ...(output.length === 0 ? {} : { output }),
});

/** Runs to the end: the last result. */
export const runToEnd = async (plan: Plan, options: RunOptions): Promise<Result> => {
  let last: Result | undefined;
  for await (const result of run(plan, options)) last = result;
  return last!;
};
