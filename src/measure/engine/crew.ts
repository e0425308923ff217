import pLimit from 'p-limit';
import type { Clock } from '../../core/clock.ts';
import type { Load } from '../../core/plan/plan.ts';
import type { Shard } from '../../core/slot.ts';
import type { Iteration } from '../iteration/compile.ts';
import type { User } from '../user.ts';
import type { Arrivals } from '../load/arrivals.ts';
import { staged } from '../load/staged.ts';
import type { SlotTally } from '../record/tally.ts';
import { live } from './live.ts';

/** What all users of a shard live by. */
export interface CrewParts {
  readonly load: Load;
  readonly shard: Shard;
  readonly arrivals: Arrivals;
  readonly iteration: Iteration;
  readonly tally: SlotTally;
  readonly clock: Clock;
  readonly window: { readonly fromUs: number; readonly toUs: number };
  /** Aborted: nothing begins any more. */
  readonly signal: AbortSignal;
}

/** So many users begin in one turn of the event loop: ten thousand at once would hold it for half a second. */
const beginAtOnce = 250;

/**
 * Lets the users live, each in a task of one limit. Where stages change how many are at work, one that is taken away stands in
 * the limit's queue until it is added again.
 *
 * @param failed called at once when a life ends in an error, which is a bug; the others go on
 * @throws the first such error, when all have ended
 */
export const runUsers = async (users: readonly User[], parts: CrewParts, failed: () => void): Promise<void> => {
  const { load, shard, arrivals, iteration, tally, clock, window, signal } = parts;
  const limit = pLimit(users.length);
  const [first, ...others] = load.kind === 'closed' ? load.stages : [];
  const stages =
    first === undefined
      ? undefined
      : staged(arrivals, { clock, stages: [first, ...others], window, shard, limit, signal });
  const isToReturn = (): boolean => stages?.isOver === false;
  const lifeOf = async (user: User): Promise<void> => {
    try {
      do await limit(live, user, stages ?? arrivals, iteration, tally, clock);
      while (isToReturn());
    } catch (error) {
      failed();
      throw error;
    }
  };
  const begun: Promise<PromiseSettledResult<void>[]>[] = [];
  for (let from = 0; from < users.length; from += beginAtOnce) {
    if (from > 0) await new Promise((resolve) => setImmediate(resolve));
    begun.push(Promise.allSettled(users.slice(from, from + beginAtOnce).map(lifeOf)));
  }
  const ends = (await Promise.all(begun)).flat();
  stages?.end();
  for (const end of ends) if (end.status === 'rejected') throw end.reason;
};
