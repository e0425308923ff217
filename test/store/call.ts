import type { Assortment, Call, Change, Store, Submission } from '../../src/store/store.ts';
import { Timing } from '../../src/store/timing.ts';
import { booking, purchase, transfer } from '../../src/store/work.ts';

/** A request that nobody waits for the answer of. */
const callOf = (strategy: string): Call => ({
  strategy,
  timing: new Timing(() => performance.now()),
  answered: () => Promise.resolve(),
});

/** A store as tests ask it: each of its operations is a call of its own, by one strategy. */
export class Shop {
  readonly store: Store;
  readonly #strategy: string;

  constructor(store: Store, strategy = store.strategies[0]!) {
    this.store = store;
    this.#strategy = strategy;
  }

  readonly reset = (assortment: Assortment) => this.store.reset(assortment, this.call());
  readonly create = (submission: Submission) => this.store.create(submission, this.call());
  readonly read = (id: number) => this.store.read(id, this.call());
  readonly replace = (id: number, change: Change, ifVersion?: number) =>
    this.store.replace(id, change, ifVersion, this.call());
  readonly purchase = (id: number, quantity: number) => this.store.change(purchase(id, quantity), this.call());
  readonly book = (seat: number | 'any', customer: number) => this.store.change(booking(seat, customer), this.call());
  readonly transfer = (from: number, to: number, amount: number) =>
    this.store.change(transfer(from, to, amount), this.call());

  call(): Call {
    return callOf(this.#strategy);
  }
}
