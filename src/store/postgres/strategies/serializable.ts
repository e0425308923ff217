import { randomInt } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { isRetriable } from '../failure.ts';
import { overwrite } from './overwrite.ts';
import type { Strategy } from './strategy.ts';

/** How often to try one change. After that the conflict goes to the client. */
const mostTries = 100;

/** The longest pause between two tries. It is random, so that the same requests do not collide again. */
const longestPauseMs = 32;

/**
 * `SERIALIZABLE`: written as if it ran alone. The database ends transactions that could not have run one after the other (40001),
 * and those that deadlock. They are run again, each counted as a retry.
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
