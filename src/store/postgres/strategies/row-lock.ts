import { overwrite } from './overwrite.ts';
import type { Strategy } from './strategy.ts';

/**
 * `SELECT … FOR UPDATE`: a request for the same row waits until this transaction ends.
 *
 * Rows are locked in the order of the request, as applications do. Two requests for the same two rows in opposite order deadlock,
 * and the database ends one of them (40P01).
 */
export const rowLock: Strategy = {
  promises: 'no lost update',
  change: (database, work, { timing }) =>
    database.transaction(timing, 'read committed', (session) => overwrite(session, work, 'for update')),
};
