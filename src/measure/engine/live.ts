import type { Clock } from '../../core/clock.ts';
import type { Iteration } from '../iteration/compile.ts';
import type { Spent, User } from '../user.ts';
import type { Arrivals } from '../load/arrivals.ts';
import type { SlotTally } from '../record/tally.ts';

const rest = (spent: Spent): void => {
  spent.retriesUs = 0;
  spent.lockWaitUs = 0;
  spent.serviceUs = 0;
  spent.connectUs = 0;
  spent.serverLockUs = 0;
  spent.serverQueryUs = 0;
  spent.requests = 0;
  spent.wasted = 0;
  spent.again = 0;
};

/** A user's life in a slot: one iteration after the other, until no more are due. */
export const live = async (
  user: User,
  arrivals: Arrivals,
  { fill, run }: Iteration,
  tally: SlotTally,
  clock: Clock,
): Promise<void> => {
  for (;;) {
    const due = arrivals.next(user);
    const intendedUs = typeof due === 'object' ? await due : due;
    if (intendedUs === undefined) return;
    const begunUs = arrivals.beginsAtOnce ? intendedUs : clock.now();
    tally.begun(begunUs);
    rest(user.spent);
    fill(user);
    const end = await run(user);
    const endedUs = clock.now();
    tally.iteration(user, intendedUs, begunUs, endedUs, end);
    user.freeUs = endedUs;
  }
};
