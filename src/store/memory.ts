import { timerMs } from '../core/units.ts';
import type {
  Assortment,
  Change,
  Product,
  PurchaseOutcome,
  ReadOutcome,
  ReplaceOutcome,
  Store,
  Submission,
} from './store.ts';

/** The service time of a store that was not told another one: 1 ms. */
export const defaultServiceUs = 1000;

/** How a store in memory passes its service time. */
export interface MemoryStoreOptions {
  /** Time that every operation takes, in µs. 0: none, though the answer still comes asynchronously. */
  readonly serviceUs?: number;
  /** Waits for so many µs; a timer unless given, which knows whole milliseconds only and rounds up. */
  readonly pause?: (us: number) => Promise<void>;
}

const timer = (us: number): Promise<void> =>
  us === 0 ? Promise.resolve() : new Promise((resolve) => setTimeout(resolve, timerMs(us)));

const missing = { kind: 'missing' } as const;

/**
 * The store as an array: gone with its process.
 *
 * Operations overlap during their service time; what follows it runs without interruption, so each is atomic.
 */
export class MemoryStore implements Store {
  /** The product with id n is at n − 1. */
  #products: Product[] = [];
  readonly #service: () => Promise<void>;

  constructor({ serviceUs = defaultServiceUs, pause = timer }: MemoryStoreOptions = {}) {
    this.#service = () => pause(serviceUs);
  }

  async reset({ products, stock }: Assortment): Promise<void> {
    await this.#service();
    this.#products = Array.from({ length: products }, (_, at) => ({
      id: at + 1,
      name: `product ${at + 1}`,
      stock,
      version: 1,
    }));
  }

  async create({ name, stock }: Submission): Promise<Product> {
    await this.#service();
    const product = { id: this.#products.length + 1, name, stock, version: 1 };
    this.#products.push(product);
    return product;
  }

  async read(id: number): Promise<ReadOutcome> {
    await this.#service();
    const product = this.#products[id - 1];
    return product === undefined ? missing : { kind: 'found', product };
  }

  async replace(id: number, change: Change, ifVersion?: number): Promise<ReplaceOutcome> {
    await this.#service();
    const product = this.#products[id - 1];
    if (product === undefined) return missing;
    if (ifVersion !== undefined && ifVersion !== product.version) return { kind: 'stale' };
    return { kind: 'replaced', product: this.#write(product, change) };
  }

  async purchase(id: number, quantity: number): Promise<PurchaseOutcome> {
    await this.#service();
    const product = this.#products[id - 1];
    if (product === undefined) return missing;
    if (product.stock < quantity) return { kind: 'sold-out' };
    return { kind: 'sold', stock: this.#write(product, { stock: product.stock - quantity }).stock };
  }

  /** A changed product is a new object: whoever still holds the old one keeps what was true when it asked. */
  #write({ id, name, version }: Product, change: Change): Product {
    const product = { id, name: change.name ?? name, stock: change.stock, version: version + 1 };
    this.#products[id - 1] = product;
    return product;
  }
}
