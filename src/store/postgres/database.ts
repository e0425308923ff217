import type { Pool, PoolClient } from 'pg';
import type { Timing } from '../timing.ts';
import type { Outcome } from '../work.ts';
import { isLost } from './failure.ts';
import { Session } from './session.ts';

/** A pool of connections, each lent to one request at a time. */
export class Database {
  readonly #pool: Pool;

  constructor(pool: Pool) {
    this.#pool = pool;
  }

  /** Runs each statement on its own, on one connection. */
  async session<T>(timing: Timing, run: (session: Session) => Promise<T>): Promise<T> {
    const client = await timing.take('poolMs', async () => this.#pool.connect());
    let isUsable = true;
    try {
      return await run(new Session(client, timing));
    } catch (error) {
      isUsable = !isLost(error);
      throw error;
    } finally {
      release(client, isUsable);
    }
  }

  /** Runs all statements or none: undone if the outcome is not `done`, or if one fails. */
  async transaction(
    timing: Timing,
    isolation: 'read committed' | 'serializable',
    run: (session: Session) => Promise<Outcome>,
  ): Promise<Outcome> {
    return this.session(timing, async (session) => {
      await session.query(`begin isolation level ${isolation}`);
      let outcome: Outcome | undefined;
      try {
        outcome = await run(session);
      } catch (error) {
        if (!isLost(error)) await session.query('rollback');
        throw error;
      }
      await session.query(outcome.kind === 'done' ? 'commit' : 'rollback');
      return outcome;
    });
  }
}

/** A connection whose server is gone does not go back to the pool. */
const release = (client: PoolClient, isUsable: boolean): void => client.release(!isUsable);
