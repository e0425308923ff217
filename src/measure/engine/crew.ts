import pLimit from 'p-limit';
import type { Clock } from '../../core/clock.ts';
import type { Load } from '../../core/plan/plan.ts';
import { shareOf, type Shard } from '../../core/slot.ts';
import type { Iteration } from '../iteration/compile.ts';
import type { Renewal } from '../iteration/login.ts';
import type { User } from '../user.ts';
import type { Arrivals } from '../load/arrivals.ts';
import { staged, usersAt } from '../load/staged.ts';
import type { SlotTally } from '../record/tally.ts';
import { live } from './live.ts';

/** What all users of a shard share. */
export interface CrewParts {
  readonly load: Load;
  readonly shard: Shard;
  readonly arrivals: Arrivals;
  readonly iteration: Iteration;
  readonly tally: SlotTally;
  readonly clock: Clock;
  readonly window: { readonly fromUs: number; readonly toUs: number };
  /** Once aborted, no new iterations start. */
  readonly signal: AbortSignal;
  /** How many users are to be at work over all shards, where that is changed by hand; 0: the planned number. */
  readonly live: { readonly users: number };
  /** What a user that was not at work from the beginning does once before its first iteration. */
  readonly enter: (user: User) => Promise<void>;
  /** What a user does whose login is too old; `undefined` if none ever is. */
  readonly renew: Renewal | undefined;
}

/** The number of users that begin in one turn of the event loop: ten thousand at once would block it for half a second. */
const beginAtOnce = 250;

/**
 * Runs the users, each in a task of one limit. Where stages, or `users` set by hand, change how many are at work, a user
 * that is taken away waits in the limit's queue until it is added again.
 *
 * @param failed called at once when a user ends in an error, which is a bug; the others go on
 * @throws the first such error, when all have ended
 */
export const runUsers = async (users: readonly User[], parts: CrewParts, failed: () => void): Promise<void> => {
  const { load, shard, arrivals, iteration, tally, clock, window, signal, enter, renew } = parts;
  const limit = pLimit(users.length);
  const wanted = wantedBy(parts);
  const stages = wanted === undefined ? undefined : staged(arrivals, { clock, wanted, window, shard, limit, signal });
  const planned = shareOf(load.users, shard);
  const isToReturn = (): boolean => stages?.isOver === false;
  const entered = new Set<User>();
  const added: typeof live = async (user, ...rest) => {
    if (!entered.has(user) && isToReturn()) await enter(user);
    entered.add(user);
    return live(user, ...rest);
  };
  const lifeOf = async (user: User, at: number): Promise<void> => {
    try {
      do await limit(at < planned ? live : added, user, stages ?? arrivals, iteration, tally, clock, renew);
      while (isToReturn());
    } catch (error) {
      failed();
      throw error;
    }
  };
  const begun: Promise<PromiseSettledResult<void>[]>[] = [];
  for (let from = 0; from < users.length; from += beginAtOnce) {
    if (from > 0) await new Promise((resolve) => setImmediate(resolve));
    begun.push(
      Promise.allSettled(users.slice(from, from + beginAtOnce).map(async (user, at) => lifeOf(user, from + at))),
    );
  }
  const ends = (await Promise.all(begun)).flat();
  stages?.end();
  for (const end of ends) if (end.status === 'rejected') throw end.reason;
};

/** How many users are to be at work at any time; `undefined` if all of them always are. */
const wantedBy = ({ load, clock, window, live }: CrewParts): (() => number) | undefined => {
  if (load.kind === 'open') return undefined;
  const [first, ...others] = load.stages;
  if (first !== undefined) return () => usersAt([first, ...others], clock.now() - window.fromUs);
  return load.mostUsers === undefined ? undefined : () => live.users || load.users;
};
