import { setTimeout as pause } from 'node:timers/promises';
import { ContendError, messageOf } from '../../core/errors.ts';
import { startDatabase, type Machine } from './own/database.ts';
import { loadPg } from './packages.ts';
import { openPool } from './pool.ts';
import { Schema } from './schema.ts';
import { PostgresStore } from './store.ts';

/** In addition to the pool's: the one that holds the schema, and some for anyone who looks in. */
const spareConnections = 8;

/** How long to wait for requests still in the database. */
const endWithinMs = 500;

/** What the store is opened with. */
export interface PostgresOptions {
  /** Connections of the pool. */
  readonly connections: number;
  /** In the format of DATABASE_URL; `undefined`: a database of its own. */
  readonly url: string | undefined;
  readonly machine: Machine;
}

/** A store on PostgreSQL. Disposing of it leaves the server as it was, or ends it if it is the store's own. */
export interface OpenPostgres extends AsyncDisposable {
  readonly store: PostgresStore;
}

/**
 * Opens a store on a database of its own, or in a schema of its own on the server that a URL names.
 *
 * @throws {ContendError} ERR_MISSING_PACKAGE, ERR_STORE
 */
export const openPostgres = async ({ connections, url, machine }: PostgresOptions): Promise<OpenPostgres> => {
  await loadPg();
  const own = url === undefined ? await startDatabase(machine, connections + spareConnections) : undefined;
  const address = own?.address ?? { connectionString: url };
  let schema: Schema | undefined;
  try {
    const made = await Schema.create(address);
    schema = made;
    const pool = await openPool(address, made.name, connections);
    return {
      store: new PostgresStore(pool),
      [Symbol.asyncDispose]: async () => {
        // The schema goes with its database.
        if (own !== undefined) return own[Symbol.asyncDispose]();
        await Promise.race([pool.end(), pause(endWithinMs)]);
        return made[Symbol.asyncDispose]();
      },
    };
  } catch (error) {
    await schema?.[Symbol.asyncDispose]();
    await own?.[Symbol.asyncDispose]();
    if (url === undefined) throw error;
    throw new ContendError(
      'ERR_STORE',
      `the database of DATABASE_URL (${masked(url)}) cannot be used: ${messageOf(error)}`,
      'It must be a PostgreSQL in which the user may create a schema.',
      error,
    );
  }
};

/** An address without its password. */
const masked = (url: string): string => {
  if (!URL.canParse(url)) return 'which is no URL';
  const { protocol, username, host, pathname } = new URL(url);
  return `${protocol}//${username === '' ? '' : `${username}@`}${host}${pathname}`;
};
