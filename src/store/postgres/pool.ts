import type { Client, Pool, PoolConfig } from 'pg';
import { loadPg } from './packages.ts';

/** How long a request waits for a connection of the pool, for a lock, and for the answer to a statement. */
const patience = { poolMs: 2000, lockMs: 5000, statementMs: 10_000 };

/** The server's type bigint. Values here are whole numbers less than 2^53. */
const int8 = 20;

/** Where a database is: an address in the format of DATABASE_URL, or the folder of a socket. */
export type Address = Pick<PoolConfig, 'connectionString' | 'host' | 'port' | 'user' | 'password' | 'database' | 'ssl'>;

const configOf = (address: Address, types: NonNullable<PoolConfig['types']>): PoolConfig => ({
  ...address,
  types,
  application_name: 'contend store',
  connectionTimeoutMillis: patience.poolMs,
  query_timeout: patience.statementMs + 1000,
  statement_timeout: patience.statementMs,
  lock_timeout: patience.lockMs,
  keepAlive: true,
});

/** Parses numbers as numbers. */
const typesOf = ({ types }: Awaited<ReturnType<typeof loadPg>>): NonNullable<PoolConfig['types']> => ({
  getTypeParser: ((oid: number, format: 'text'): unknown =>
    oid === int8 ? Number : types.getTypeParser(oid, format)) as typeof types.getTypeParser,
});

/** Opens a pool of at most this many connections, whose statements find their tables in this schema. */
export const openPool = async (address: Address, schema: string, connections: number): Promise<Pool> => {
  const pg = await loadPg();
  const pool = new pg.Pool({
    ...configOf(address, typesOf(pg)),
    max: connections,
    min: connections,
    idleTimeoutMillis: 0,
    options: `-c search_path=${schema}`,
  });
  // An idle connection was lost: the pool has removed it, and the next request opens another.
  pool.on('error', () => undefined);
  // A connection lost between two statements of a request: the next statement rejects.
  pool.on('connect', (client) => client.on('error', () => undefined));
  return pool;
};

/** One connection of its own, not yet opened. */
export const newClient = async (address: Address): Promise<Client> => {
  const pg = await loadPg();
  const client = new pg.Client(configOf(address, typesOf(pg)));
  client.on('error', () => undefined);
  return client;
};
