import type { Pool } from 'pg';
import type {
  Assortment,
  Call,
  Change,
  Product,
  ReadOutcome,
  ReplaceOutcome,
  Store,
  Submission,
  Sum,
} from '../store.ts';
import { strategies } from './strategies/index.ts';
import type { Outcome, Row, Table, Work } from '../work.ts';
import { Database } from './database.ts';
import { toldOf } from './failure.ts';
import { valueColumn, type Session } from './session.ts';

const productColumns = "id, coalesce(name, 'product ' || id) as name, stock, version";

/** The store in PostgreSQL tables, changed by one of the strategies. Rejects with `TryAgainError` where a retry may help. */
export class PostgresStore implements Store {
  readonly strategies = Object.keys(strategies);
  readonly isTimed = true;
  readonly #database: Database;
  #retries = 0;

  /** @param pool its statements find the tables */
  constructor(pool: Pool) {
    this.#database = new Database(pool);
  }

  retries(): number {
    return this.#retries;
  }

  async reset({ products, stock, seats = 0, accounts = 0, balance = 0 }: Assortment, call: Call): Promise<void> {
    const each = 'select n, $2::bigint from generate_series(1, $1::bigint) as n';
    const sequence = "pg_get_serial_sequence('products', 'id')";
    await this.#told(
      this.#database.transaction(call.timing, 'read committed', async (session) => {
        await session.query('truncate products, seats, accounts');
        await session.query(`insert into products (id, stock) ${each}`, [products, stock]);
        await session.query(`insert into seats (id, customer) ${each}`, [seats, 0]);
        await session.query(`insert into accounts (id, balance) ${each}`, [accounts, balance]);
        await session.query(`select setval(${sequence}, $1::bigint + 1, false)`, [products]);
        return { kind: 'done', rows: [] };
      }),
    );
  }

  async create({ name, stock }: Submission, call: Call): Promise<Product> {
    const text = `insert into products (name, stock) values ($1, $2) returning ${productColumns}`;
    const { rows } = await this.#session(call, (session) => session.query<Product>(text, [name, stock]));
    return rows[0]!;
  }

  async read(id: number, call: Call): Promise<ReadOutcome> {
    const product = await this.#session(call, (session) => productIn(session, id));
    return product === undefined ? { kind: 'missing' } : { kind: 'found', product };
  }

  async replace(
    id: number,
    { stock, name }: Change,
    ifVersion: number | undefined,
    call: Call,
  ): Promise<ReplaceOutcome> {
    const text = `update products set stock = $2, name = coalesce($3, name), version = version + 1
      where id = $1 and ($4::bigint is null or version = $4) returning ${productColumns}`;
    return this.#session(call, async (session): Promise<ReplaceOutcome> => {
      const { rows } = await session.query<Product>(text, [id, stock, name, ifVersion]);
      if (rows[0] !== undefined) return { kind: 'replaced', product: rows[0] };
      return { kind: (await productIn(session, id)) === undefined ? 'missing' : 'stale' };
    });
  }

  async row(table: Table, id: number, call: Call): Promise<Row | undefined> {
    const text = `select id, ${valueColumn[table]} as value, version from ${table} where id = $1`;
    return this.#session(call, async (session) => (await session.query<Row>(text, [id])).rows[0]);
  }

  async sum(table: Table, call: Call): Promise<Sum> {
    const value = valueColumn[table];
    const text = `select count(*) as rows, coalesce(sum(${value}), 0)::bigint as total,
      count(*) filter (where ${value} = 0) as zeros from ${table}`;
    return this.#session(call, async (session) => (await session.query<Sum>(text)).rows[0]!);
  }

  async change(work: Work, call: Call): Promise<Outcome> {
    try {
      return await this.#told(strategies[call.strategy]!.change(this.#database, work, call));
    } finally {
      this.#retries += call.timing.retries;
    }
  }

  async #session<T>({ timing }: Call, run: (session: Session) => Promise<T>): Promise<T> {
    return this.#told(this.#database.session(timing, run));
  }

  async #told<T>(asked: Promise<T>): Promise<T> {
    try {
      return await asked;
    } catch (error) {
      throw toldOf(error);
    }
  }
}

const productIn = async (session: Session, id: number): Promise<Product | undefined> =>
  (await session.query<Product>(`select ${productColumns} from products where id = $1`, [id])).rows[0];
