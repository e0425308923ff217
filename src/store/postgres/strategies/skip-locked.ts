import { overwrite } from './overwrite.ts';
import type { Strategy } from './strategy.ts';

/** `FOR UPDATE SKIP LOCKED`: never waits. For "any row" it takes the next free one; a named row that is locked is busy. */
export const skipLocked: Strategy = {
  promises: 'no lost update',
  change: (database, work, { timing }) =>
    database.transaction(timing, 'read committed', (session) => overwrite(session, work, 'for update skip locked')),
};
