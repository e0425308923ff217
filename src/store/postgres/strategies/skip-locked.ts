import { overwrite } from './overwrite.ts';
import type { Strategy } from './strategy.ts';

/** `FOR UPDATE SKIP LOCKED`: nobody waits. Of any row it takes the next free one; a row that was named and is locked is busy. */
export const skipLocked: Strategy = {
  promises: 'no lost update',
  change: (database, work, { timing }) =>
    database.transaction(timing, 'read committed', (session) => overwrite(session, work, 'for update skip locked')),
};
