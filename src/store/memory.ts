import { timerMs } from '../core/units.ts';
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
} from './store.ts';
import { changed, type Change as RowChange, type Outcome, type Row, type Table, type Work } from './work.ts';

/** The default service time of a store: 1 ms. */
export const defaultServiceUs = 1000;

/** How a store in memory spends its service time. */
export interface MemoryStoreOptions {
  /** Time that every operation takes, in µs. At 0 the answer still comes asynchronously. */
  readonly serviceUs?: number;
  /** Waits this many µs. Default: a timer, which only knows whole milliseconds and rounds up. */
  readonly pause?: (us: number) => Promise<void>;
}

const timer = (us: number): Promise<void> =>
  us === 0 ? Promise.resolve() : new Promise((resolve) => setTimeout(resolve, timerMs(us)));

const missing = { kind: 'missing' } as const;

/** `count` rows with the same value, numbered from 1. */
const fresh = (count: number, value: number): Row[] =>
  Array.from({ length: count }, (_, at) => ({ id: at + 1, value, version: 1 }));

/**
 * The store as arrays: lost when its process ends.
 *
 * Operations overlap during their service time; what follows runs without interruption, so each is atomic. A change is `atomic`
 * too, or `naive`: then the service time lies between its read and its write.
 */
export class MemoryStore implements Store {
  readonly strategies = ['atomic', 'naive'];
  readonly isTimed = false;
  /** The row with id n is at n − 1. */
  #rows: { readonly [table in Table]: Row[] } = { products: [], seats: [], accounts: [] };
  /** Names, for products that have one. */
  #names = new Map<number, string>();
  readonly #service: () => Promise<void>;

  constructor({ serviceUs = defaultServiceUs, pause = timer }: MemoryStoreOptions = {}) {
    this.#service = () => pause(serviceUs);
  }

  retries(): number {
    return 0;
  }

  async reset({ products, stock, seats = 0, accounts = 0, balance = 0 }: Assortment): Promise<void> {
    await this.#service();
    this.#names = new Map();
    this.#rows = { products: fresh(products, stock), seats: fresh(seats, 0), accounts: fresh(accounts, balance) };
  }

  async create({ name, stock }: Submission): Promise<Product> {
    await this.#service();
    const { products } = this.#rows;
    const row = { id: products.length + 1, value: stock, version: 1 };
    products.push(row);
    this.#names.set(row.id, name);
    return this.#product(row);
  }

  async read(id: number): Promise<ReadOutcome> {
    await this.#service();
    const row = this.#rows.products[id - 1];
    return row === undefined ? missing : { kind: 'found', product: this.#product(row) };
  }

  async replace(id: number, { stock, name }: Change, ifVersion?: number): Promise<ReplaceOutcome> {
    await this.#service();
    const row = this.#rows.products[id - 1];
    if (row === undefined) return missing;
    if (ifVersion !== undefined && ifVersion !== row.version) return { kind: 'stale' };
    if (name !== undefined) this.#names.set(id, name);
    const product = { id, value: stock, version: row.version + 1 };
    this.#rows.products[id - 1] = product;
    return { kind: 'replaced', product: this.#product(product) };
  }

  async row(table: Table, id: number): Promise<Row | undefined> {
    await this.#service();
    return this.#rows[table][id - 1];
  }

  async sum(table: Table): Promise<Sum> {
    await this.#service();
    const rows = this.#rows[table];
    const total = rows.reduce((sum, { value }) => sum + value, 0);
    return { rows: rows.length, total, zeros: rows.filter(({ value }) => value === 0).length };
  }

  async change({ table, changes }: Work, { strategy }: Pick<Call, 'strategy'>): Promise<Outcome> {
    if (strategy === 'atomic') await this.#service();
    const rows = this.#rows[table];
    const found = changes.map((change) => findIn(rows, change));
    if (strategy === 'naive') await this.#service();
    if (!found.every((row) => row !== undefined)) {
      return changes.some(({ id }) => id === 'any') ? { kind: 'refused' } : missing;
    }
    const after = changed(found, changes);
    if (after === undefined) return { kind: 'refused' };
    for (const { id, value } of after) {
      const { version } = this.#rows[table][id - 1]!;
      this.#rows[table][id - 1] = { id, value, version: version + 1 };
    }
    return { kind: 'done', rows: after };
  }

  #product({ id, value, version }: Row): Product {
    return { id, name: this.#names.get(id) ?? `product ${id}`, stock: value, version };
  }
}

/** A row is never changed but replaced: a caller that still holds the old one keeps what was true when it asked. */
const findIn = (rows: readonly Row[], { id, least, most }: RowChange): Row | undefined =>
  id === 'any' ? rows.find(({ value }) => value >= least && value <= most) : rows[id - 1];
