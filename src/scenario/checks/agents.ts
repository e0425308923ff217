import { at, type Complaint } from '../text/locate.ts';
import { find, numberOf, textOf, type Branch } from '../text/tree.ts';
import { quoted } from '../text/words.ts';
import { lockNameOf } from './lock-key.ts';

/** Locks that work across machines: each machine can reach what keeps them. */
const reaching = new Set(['none', 'redis']);

/**
 * How many agents the modes can be measured on.
 *
 * @param said how many the run asks for; `undefined`: the most that any mode asks for
 */
export const agentsOf = (modes: readonly Branch[], said: number | undefined): number =>
  said ?? Math.max(0, ...modes.map((mode) => numberOf(find(mode, 'agents')) ?? 0));

/**
 * What cannot be measured on several machines, or from any machine other than this one.
 *
 * @param agents of the run
 * @param users of the mode, set or default; `undefined` if unknown
 */
export const checkAgents = (mode: Branch, agents: number, users: number | undefined): Complaint[] => {
  const own = find(mode, 'agents');
  const count = numberOf(own) ?? agents;
  if (count === 0) return [];
  const place = own ?? mode;
  return [
    ...(count > agents
      ? [at(place, `${count} agents in a run that has ${agents}`, `--agents ${count}, or fewer for this mode`)]
      : []),
    ...checkReach(mode, count),
    ...checkSocket(mode),
    ...(users === undefined || count <= users
      ? []
      : [
          at(
            place,
            `${count} agents for ${users} ${users === 1 ? 'user' : 'users'}: every thread of an agent needs a user`,
            `"users: ${count}" or more in the load, or fewer agents`,
          ),
        ]),
  ];
};

const checkReach = (mode: Branch, count: number): Complaint[] => {
  const lock = find(mode, 'lock');
  const name = lockNameOf(lock);
  if (count === 1 || lock === undefined || name === undefined || reaching.has(name)) return [];
  return [
    at(
      lock,
      `${quoted(name)} holds within one machine, and this mode is measured on ${count}`,
      'lock: redis holds across them; or "agents: 1" for this mode, or "agents: 0", which is this machine',
    ),
  ];
};

const checkSocket = (mode: Branch): Complaint[] => {
  const target = find(mode, 'target');
  return target !== undefined && /^https?:\/\/unix:\D/iu.test(textOf(target) ?? '')
    ? [
        at(
          target,
          'a unix socket is of this machine: no agent reaches it',
          'a target with a host and a port, or "agents: 0" for this mode',
        ),
      ]
    : [];
};
