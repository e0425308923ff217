import { overwrite } from './overwrite.ts';
import type { Strategy } from './strategy.ts';

/**
 * `SELECT … FOR UPDATE`: whoever wants the same row waits until this transaction is over.
 *
 * Rows are locked in the order of the request, as applications do: two that want the same two the other way round dead-lock,
 * and the database ends one of them (40P01).
 */
export const rowLock: Strategy = {
  promises: 'no lost update',
  change: (database, work, { timing }) =>
    database.transaction(timing, 'read committed', (session) => overwrite(session, work, 'for update')),
};
