import { overwrite } from './overwrite.ts';
import type { Strategy } from './strategy.ts';

/**
 * `pg_advisory_xact_lock`: a lock on a number, which stops only those that ask for it too. One for each row, in ascending order of
 * their ids, so that nothing can deadlock. For seats, where any may be taken, one for all.
 */
export const advisory: Strategy = {
  promises: 'no lost update',
  change: (database, work, { timing }) =>
    database.transaction(timing, 'read committed', async (session) => {
      // A request for any seat must not overlap with one for a certain seat.
      const ids = work.table === 'seats' ? [0] : work.changes.map(({ id }) => Number(id));
      for (const id of ids.toSorted((a, b) => a - b)) await session.advisoryLock(work.table, id);
      return overwrite(session, work);
    }),
};
