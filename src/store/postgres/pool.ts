import type { Client, Pool, PoolConfig } from 'pg';
import { loadPg } from './packages.ts';

/** How long a request waits for a connection of the pool, for a lock, and for the answer to a statement. */
const patience = { poolMs: 2000, lockMs: 5000, statementMs: 10_000 };

/** Types of the server: bigint. Values here are whole numbers of less than 2^53. */
const int8 = 20;

/** Where a database is: an address as DATABASE_URL has it, or the folder of a socket. */
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

/** Numbers as numbers. */
const typesOf = ({ types }: Awaited<ReturnType<typeof loadPg>>): NonNullable<PoolConfig['types']> => ({
  getTypeParser: ((oid: number, format: 'text'): unknown =>
    oid === int8 ? Number : types.getTypeParser(oid, format)) as typeof types.getTypeParser,
});

/** Opens a pool of so many connections at the most, whose statements find their tables in this schema. */
export const openPool = async (address: Address, schema: string, connections: number): Promise<Pool> => {
  const pg = await loadPg();
  const pool = new pg.Pool({
    ...configOf(address, typesOf(pg)),
    max: connections,
    min: connections,
    idleTimeoutMillis: 0,
    options: `-c search_path=${schema}`,
  });
  // A connection that is lost while nobody uses it: the pool has taken it out, and the next request opens another.
  pool.on('error', () => undefined);
  // One that is lost between two statements of a request: the next of them rejects.
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
