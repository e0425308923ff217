import type { Consent } from '../../agent.ts';
import { ContendError } from '../../core/errors.ts';
import type { Host } from '../../core/host.ts';

/** The flags of `agent`, as commander gives them. */
export interface AgentFlags {
  readonly redis?: string;
  readonly allowHost?: readonly string[];
  readonly workers: string;
  readonly allowWrites?: boolean;
  readonly maxRate?: string;
  readonly maxUsers?: string;
  readonly maxMinutes: string;
  readonly runs?: string;
  readonly newKey?: boolean;
  readonly quiet?: boolean;
}

/** More threads than a scenario may ask for are useless. */
const mostThreads = 64;

/**
 * What a machine lends, apart from the hosts that it may target.
 *
 * @throws {ContendError} ERR_USAGE
 */
export const lentBy = (
  flags: AgentFlags,
  { machine }: Host,
): Omit<Consent, 'allowHosts'> & { readonly threads: number; readonly runs: number } => ({
  threads:
    flags.workers === 'auto'
      ? Math.min(machine.cores, mostThreads)
      : whole('--workers', flags.workers, mostThreads, 'Such as --workers 4, or auto: one for each core.'),
  runs: flags.runs === undefined ? Infinity : whole('--runs', flags.runs, 1e9, 'Such as --runs 1.'),
  allowWrites: flags.allowWrites === true,
  maxMinutes: whole('--max-minutes', flags.maxMinutes, 24 * 60, 'Such as --max-minutes 60; a day at most.'),
  ...(flags.maxRate === undefined
    ? {}
    : { maxRatePerSecond: whole('--max-rate', flags.maxRate.replace(/\/s$/u, ''), 1e9, 'Such as --max-rate 2000/s.') }),
  ...(flags.maxUsers === undefined
    ? {}
    : { maxUsers: whole('--max-users', flags.maxUsers, 1e9, 'Such as --max-users 500.') }),
});

const whole = (flag: string, text: string, most: number, hint: string): number => {
  const number = Number(text);
  if (/^\d+$/u.test(text) && number >= 1 && number <= most) return number;
  throw new ContendError('ERR_USAGE', `${flag} ${JSON.stringify(text)} is not a whole number from 1 to ${most}.`, hint);
};
