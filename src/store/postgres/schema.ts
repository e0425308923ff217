import { randomBytes } from 'node:crypto';
import type { Client } from 'pg';
import { migrations } from './migrations.ts';
import { newClient, type Address } from './pool.ts';

const prefix = 'contend_';

/**
 * The advisory lock that marks a schema as in use. The connection that made the schema holds it, so it is free as soon as its
 * process is gone.
 */
const ownership = 7300;

/**
 * A schema of the store's own in any database. Nothing else there is touched.
 *
 * Schemas left behind by stores that were killed are dropped when the next one is made.
 */
export class Schema implements AsyncDisposable {
  readonly name: string;
  readonly #client: Client;

  private constructor(name: string, client: Client) {
    this.name = name;
    this.#client = client;
  }

  /** Creates one, with its tables. Rejects with the database's error. */
  static async create(address: Address): Promise<Schema> {
    const client = await newClient(address);
    try {
      await client.connect();
      await dropAbandoned(client);
      const name = `${prefix}${randomBytes(6).toString('hex')}`;
      await client.query('select pg_advisory_lock($1, hashtext($2))', [ownership, name]);
      await client.query('begin');
      await client.query(`create schema ${name}`);
      await client.query(`set local search_path = ${name}`);
      for (const migration of migrations) await client.query(migration);
      await client.query('commit');
      return new Schema(name, client);
    } catch (error) {
      await client.end().catch(() => 'not connected');
      throw error;
    }
  }

  /** Drops it. If the database is gone, there is nothing to drop. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.#client.query(`drop schema if exists ${this.name} cascade`).catch(() => 'gone');
    await this.#client.end().catch(() => 'gone');
  }
}

const dropAbandoned = async (client: Client): Promise<void> => {
  const { rows } = await client.query<{ name: string }>(
    "select nspname as name from pg_namespace where nspname ~ '^contend_[0-9a-f]{12}$' and pg_has_role(nspowner, 'usage')",
  );
  for (const { name } of rows) {
    const lock = await client.query<{ is: boolean }>('select pg_try_advisory_lock($1, hashtext($2)) as is', [
      ownership,
      name,
    ]);
    if (lock.rows[0]?.is !== true) continue;
    await client.query(`drop schema if exists ${name} cascade`);
    await client.query('select pg_advisory_unlock($1, hashtext($2))', [ownership, name]);
  }
};
