import type { Clock } from '../../core/clock.ts';
import type { Iteration } from '../iteration/compile.ts';
import type { Renewal } from '../iteration/login.ts';
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

/**
 * Runs a user through a slot: one iteration after the other, until no more are due.
 *
 * @param renew set where a login may grow too old. The time it takes counts in no response time. Under a closed load it lies
 * between iterations; under an open one the user was not free meanwhile, and an arrival waited for it
 */
export const live = async (
  user: User,
  arrivals: Arrivals,
  { fill, run }: Iteration,
  tally: SlotTally,
  clock: Clock,
  renew?: Renewal,
): Promise<void> => {
  const [before, behind] = arrivals.beginsAtOnce ? [renew, undefined] : [undefined, renew];
  for (;;) {
    let renewing = before?.(user);
    let renewed = renewing === undefined ? undefined : await renewing;
    const due = arrivals.next(user);
    const intendedUs = typeof due === 'object' ? await due : due;
    if (intendedUs === undefined) return;
    renewing = behind?.(user);
    if (renewing !== undefined) {
      renewed = await renewing;
      user.freeUs = clock.now();
    }
    const begunUs = arrivals.beginsAtOnce ? intendedUs : clock.now();
    tally.begun(begunUs);
    rest(user.spent);
    fill(user);
    const end = renewed === undefined || renewed === 'completed' ? await run(user) : renewed;
    const endedUs = clock.now();
    tally.iteration(user, intendedUs, begunUs, endedUs, end);
    user.freeUs = endedUs;
  }
};
