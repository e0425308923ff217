import { parseDuration } from '../../core/duration.ts';
import { ContendError } from '../../core/errors.ts';
import type { Host } from '../../core/host.ts';
import { fitTo } from '../../core/plan/length.ts';
import type { Plan } from '../../core/plan/plan.ts';
import { many } from '../../report/format.ts';

/** How long a run may take, and which flag or variable says so. */
export interface Budget {
  readonly us: number;
  /** `--budget 5m` */
  readonly said: string;
}

/**
 * How long `--budget`, or `CONTEND_BUDGET`, allows a run to take.
 *
 * @throws {ContendError} ERR_USAGE if that is not a duration
 */
export const budgetOf = (flag: string | undefined, env: Host['env']): Budget | undefined => {
  const [from, text] = flag === undefined ? ['CONTEND_BUDGET', env['CONTEND_BUDGET'] || undefined] : ['--budget', flag];
  if (text === undefined) return undefined;
  const us = parseDuration(text);
  if (us === undefined || us === 0) {
    throw new ContendError('ERR_USAGE', `${from} ${JSON.stringify(text)} is not a duration.`, 'Write 30s, 5m or 1.5h.');
  }
  return { us, said: `${from} ${text}` };
};

/**
 * A plan whose slots are short enough for a budget, as far as can be known beforehand; the plan itself if it fits.
 *
 * @param rounds the most rounds that are run
 * @throws {ContendError} ERR_USAGE if the shortest slots take longer, or modes stop after a number of iterations
 */
export const withinBudget = (plan: Plan, { us, said }: Budget, rounds: number): Plan => {
  const fitted = fitTo(us, plan, rounds);
  if (typeof fitted === 'object') return fitted;
  if (fitted === 0) {
    throw new ContendError(
      'ERR_USAGE',
      `${said} cannot be kept: a slot that ends after a number of iterations has no known length.`,
      'Give the load a duration instead of iterations, as -d 10s does.',
    );
  }
  const least = Math.ceil(fitted / 1e6);
  throw new ContendError(
    'ERR_USAGE',
    `${said} is too short: ${many(plan.modes.length, 'mode')} × ${many(rounds, 'round')} take ${least} s with the shortest slots, warm-up included.`,
    `--budget ${least}s, or less: --rounds, --modes, --warmup.`,
  );
};
