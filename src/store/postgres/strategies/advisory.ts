import { overwrite } from './overwrite.ts';
import type { Strategy } from './strategy.ts';

/**
 * `pg_advisory_xact_lock`: a lock on a number, which only those respect who ask for it. One for each row, in rising order of
 * their ids, so that nothing can dead-lock; of seats, which may be any, one for all.
 */
export const advisory: Strategy = {
  promises: 'no lost update',
  change: (database, work, { timing }) =>
    database.transaction(timing, 'read committed', async (session) => {
      // Who takes any seat must not meet who takes a certain one.
      const ids = work.table === 'seats' ? [0] : work.changes.map(({ id }) => Number(id));
      for (const id of ids.toSorted((a, b) => a - b)) await session.advisoryLock(work.table, id);
      return overwrite(session, work);
    }),
};
