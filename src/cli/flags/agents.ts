import { parseDuration } from '../../core/duration.ts';
import { ContendError } from '../../core/errors.ts';
import type { Host } from '../../core/host.ts';
import type { Plan } from '../../core/plan/plan.ts';
import { hostOf } from '../../core/reach.ts';
import type { RunOptions } from '../../run.ts';
import type { RunFlags } from './run.ts';

const environmentUrl = 'CONTEND_CLUSTER_REDIS_URL';

/** More machines have never been tried. */
const mostAgents = 256;

const enlistMs = 30_000;

/**
 * How many agents `--agents` asks for; `undefined` if it is not given.
 *
 * @throws {ContendError} ERR_USAGE
 */
export const agentCountOf = ({ agents }: Pick<RunFlags, 'agents'>): number | undefined => {
  if (agents === undefined) return undefined;
  const count = Number(agents);
  if (/^\d+$/u.test(agents) && count <= mostAgents) return count;
  throw new ContendError(
    'ERR_USAGE',
    `--agents ${agents} is not a number of machines.`,
    `A whole number, ${mostAgents} at most: --agents 3.`,
  );
};

/**
 * The Redis server through which machines find each other: `--redis`, or the environment's.
 *
 * @throws {ContendError} ERR_USAGE if neither is given, or it is not the address of a Redis server
 */
export const clusterUrlOf = (flag: string | undefined, env: Host['env'], user: string): string => {
  const [from, url] = flag === undefined ? [environmentUrl, env[environmentUrl] || undefined] : ['--redis', flag];
  if (url === undefined)
    throw new ContendError(
      'ERR_USAGE',
      `${user} needs a Redis server, through which the machines of a run find each other.`,
      `--redis redis://HOST:6379, or ${environmentUrl}.`,
    );
  if (/^rediss?:\/\/[\x21-\x7e]+$/u.test(url) && hostOf(url) !== undefined) return url;
  // Not repeated, because it may contain a password.
  throw new ContendError(
    'ERR_USAGE',
    `${from} is not the address of a Redis server.`,
    'Such as redis://127.0.0.1:6379, or rediss://user:password@host:6380 over TLS.',
  );
};

/**
 * The agents that a run asks for; `undefined` if it is measured only on this machine.
 *
 * @throws {ContendError} ERR_USAGE
 */
export const agentsAsked = async (plan: Plan, flags: RunFlags, host: Host): Promise<RunOptions['agents']> => {
  const wanted = Math.max(0, ...plan.modes.map(({ agents = 0 }) => agents));
  const count = agentCountOf(flags) ?? wanted;
  if (count === 0) {
    const beside = flags.redis === undefined ? flags.waitAgents : flags.redis;
    if (beside === undefined) return undefined;
    const flag = flags.redis === undefined ? '--wait-agents' : '--redis';
    throw new ContendError(
      'ERR_USAGE',
      `${flag} is for agents, and the run asks for none.`,
      '--agents 3 asks for three.',
    );
  }
  if (plan.modes.every(({ agents }) => agents === 0))
    throw new ContendError(
      'ERR_USAGE',
      `--agents ${count}, and every mode says "agents: 0": they would have nothing to do.`,
      'Take "agents: 0" out of a mode, or leave --agents out.',
    );
  const url = clusterUrlOf(flags.redis, host.env, wanted > 0 ? `${count} agents` : '--agents');
  const { clusterKeyFrom } = await import('../../agent.ts');
  const { USER, LOGNAME, USERNAME } = host.env;
  return {
    count,
    url,
    key: clusterKeyFrom(host.env['CONTEND_CLUSTER_KEY'], url),
    waitMs: waitOf(flags.waitAgents),
    who: `${USER || LOGNAME || USERNAME || 'somebody'}@${host.name}`,
  };
};

const waitOf = (text: string | undefined): number => {
  if (text === undefined) return enlistMs;
  const us = parseDuration(text);
  if (us !== undefined && us > 0) return us / 1000;
  throw new ContendError('ERR_USAGE', `--wait-agents ${JSON.stringify(text)} is not a duration.`, 'Write 30s or 5m.');
};
