import { randomInt } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { isRetriable } from '../failure.ts';
import { overwrite } from './overwrite.ts';
import type { Strategy } from './strategy.ts';

/** Tries for one change; then its conflict is the client's. */
const mostTries = 100;

/** Between two tries: anything up to this, so that those who met do not meet again. */
const longestPauseMs = 32;

/**
 * `SERIALIZABLE`: written as if there were nobody else. The database ends transactions that could not have run one after the
 * other (40001), and those that dead-lock; they are run again, each counted as a retry.
 */
export const serializable: Strategy = {
  promises: 'no lost update',
  change: async (database, work, { timing }) => {
    for (let tries = 1; ; tries++) {
      try {
        return await database.transaction(timing, 'serializable', (session) => overwrite(session, work));
      } catch (error) {
        if (!isRetriable(error) || tries === mostTries) throw error;
        timing.retries++;
        await pause(randomInt(Math.min(longestPauseMs, 2 ** tries)));
      }
    }
  },
};
