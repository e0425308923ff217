import type { PoolClient, QueryResult } from 'pg';
import type { Timing } from '../timing.ts';
import type { Change, Outcome, Row, Table } from '../work.ts';

/** How rows are locked while they are read. */
export type RowLock = 'for update' | 'for update skip locked';

/** Why there is no row. */
type None = Exclude<Outcome, { readonly kind: 'done' }>;

/** The column that is a row's value. */
export const valueColumn: { readonly [table in Table]: string } = {
  products: 'stock',
  seats: 'customer',
  accounts: 'balance',
};

/** Numbers for advisory locks, which take two of them. */
const lockSpace: { readonly [table in Table]: number } = { products: 7301, seats: 7302, accounts: 7303 };

/** Statement → the name under which each connection prepares it once. */
const prepared = new Map<string, string>();

const nameOf = (text: string): string => {
  const known = prepared.get(text);
  if (known !== undefined) return known;
  const name = `contend_${prepared.size + 1}`;
  prepared.set(text, name);
  return name;
};

/** One connection, for as long as a request needs it. The time its statements take is added to the request's timing. */
export class Session {
  readonly timing: Timing;
  readonly #client: PoolClient;

  constructor(client: PoolClient, timing: Timing) {
    this.#client = client;
    this.timing = timing;
  }

  /** Runs a statement, prepared on first use. */
  async query<R extends object>(text: string, values: readonly unknown[] = [], part: 'lockMs' | 'queryMs' = 'queryMs') {
    return this.timing.take(part, async (): Promise<QueryResult<R>> =>
      this.#client.query<R>({ name: nameOf(text), text, values: [...values] }),
    );
  }

  /** Reads the rows of changes one after the other, in their order. Gives none unless all exist. */
  async read(table: Table, changes: readonly Change[], lock?: RowLock): Promise<readonly Row[] | None> {
    const rows: Row[] = [];
    const column = valueColumn[table];
    for (const change of changes) {
      const { where, values } = conditionOf(column, change);
      const text = `select id, ${column} as value, version from ${table} where ${where} ${lock ?? ''}`;
      const { rows: found } = await this.query<Row>(text, values, lock === undefined ? 'queryMs' : 'lockMs');
      const [row] = found;
      if (row === undefined) return this.#whyNone(table, change, lock);
      rows.push(row);
    }
    return rows;
  }

  /** Overwrites the values of rows, whatever they are by now, with one statement each. */
  async write(table: Table, rows: readonly Row[]): Promise<void> {
    const text = `update ${table} set ${valueColumn[table]} = $2, version = version + 1 where id = $1`;
    for (const { id, value } of rows) await this.query(text, [id, value]);
  }

  /** Overwrites rows that still have the versions read. Stops at the first that has another, and gives `false`. */
  async writeUnchanged(table: Table, before: readonly Row[], after: readonly Row[]): Promise<boolean> {
    const text = `update ${table} set ${valueColumn[table]} = $2, version = version + 1 where id = $1 and version = $3`;
    for (const [at, { id, value }] of after.entries()) {
      const { rowCount } = await this.query(text, [id, value, before[at]!.version]);
      if (rowCount === 0) return false;
    }
    return true;
  }

  /** Reads and writes a row in one statement. */
  async add(table: Table, change: Change): Promise<Row | None> {
    const column = valueColumn[table];
    const { id, add, least, most } = change;
    const which =
      id === 'any' ? `(select id from ${table} where ${column} between $2 and $3 order by id limit 1)` : '$4';
    const { rows } = await this.query<Row>(
      `update ${table} set ${column} = ${column} + $1, version = version + 1
       where id = ${which} and ${column} between $2 and $3 returning id, ${column} as value, version`,
      id === 'any' ? [add, least, most] : [add, least, most, id],
    );
    if (rows[0] !== undefined) return rows[0];
    return id !== 'any' && !(await this.isThere(table, change)) ? { kind: 'missing' } : { kind: 'refused' };
  }

  /** Whether there is such a row: the one with that id, or any with a value in bounds. */
  async isThere(table: Table, change: Change): Promise<boolean> {
    const { where, values } = conditionOf(valueColumn[table], change);
    return (await this.query(`select id from ${table} where ${where}`, values)).rowCount !== 0;
  }

  /** Takes the lock on that number, waiting for it if necessary, until the transaction ends. */
  async advisoryLock(table: Table, id: number): Promise<void> {
    await this.query('select pg_advisory_xact_lock($1::int, $2::int)', [lockSpace[table], id], 'lockMs');
  }

  async #whyNone(table: Table, change: Change, lock: RowLock | undefined): Promise<None> {
    if (change.id === 'any') return { kind: 'refused' };
    if (lock !== 'for update skip locked') return { kind: 'missing' };
    return { kind: (await this.isThere(table, change)) ? 'busy' : 'missing' };
  }
}

const conditionOf = (column: string, { id, least, most }: Change): { where: string; values: readonly number[] } =>
  id === 'any'
    ? { where: `${column} between $1 and $2 order by id limit 1`, values: [least, most] }
    : { where: 'id = $1', values: [id] };
