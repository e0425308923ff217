import type { Timing } from './timing.ts';
import type { Outcome, Row, Table, Work } from './work.ts';

/** What the online store knows about one product. */
export interface Product {
  /** Positive, whole. Products of a fresh store are numbered from 1. */
  readonly id: number;
  readonly name: string;
  /** Whole pieces left; below zero only if a seller wrote so. */
  readonly stock: number;
  /** 1 when the product is new, plus one for every change. */
  readonly version: number;
}

/**
 * The known state that a store is put into: `products`, numbered from 1, each with `stock` pieces; free `seats`; `accounts`, each
 * with a `balance`. Default: 0.
 */
export interface Assortment {
  readonly products: number;
  readonly stock: number;
  readonly seats?: number;
  readonly accounts?: number;
  readonly balance?: number;
}

/** A product as a seller submits it. */
export interface Submission {
  readonly name: string;
  readonly stock: number;
}

/** What a seller overwrites. Without a `name` the old one stays. */
export interface Change {
  readonly stock: number;
  readonly name?: string;
}

/** No product has that id. */
interface Missing {
  readonly kind: 'missing';
}

/** The outcome of a read. */
export type ReadOutcome = { readonly kind: 'found'; readonly product: Product } | Missing;

/** The outcome of an overwrite. `stale`: the product has a different version than the one asked for. */
export type ReplaceOutcome =
  { readonly kind: 'replaced'; readonly product: Product } | { readonly kind: 'stale' } | Missing;

/** A request as the store sees it. */
export interface Call {
  /** How a change is isolated from others: one of `strategies`. */
  readonly strategy: string;
  /** Where its time went. */
  readonly timing: Timing;
  /** Resolves once its answer has been sent, or its client has gone. */
  readonly answered: () => Promise<void>;
}

/** A summary of all rows of a table. */
export interface Sum {
  readonly rows: number;
  /** The sum of their values. */
  readonly total: number;
  /** How many of the values are zero: free seats. */
  readonly zeros: number;
}

/**
 * The online store: sellers submit products and shoppers buy them, book seats and pay each other, all at the same time.
 *
 * Each read and each replace is atomic by itself. The two together are not: a read followed by a replace without `ifVersion` loses
 * what others wrote in between. That is what a lock around the pair, or `ifVersion`, is for. What `change` promises depends on the
 * strategy of the call.
 */
export interface Store {
  /** The strategies that it knows, starting with the default. */
  readonly strategies: readonly string[];
  /** Whether it fills in `timing`, so that answers show it. */
  readonly isTimed: boolean;
  /** How often it retried by itself after a conflict, over all calls. */
  retries(): number;
  /** Forgets everything and starts again with the given state, all at version 1. */
  reset(assortment: Assortment, call: Call): Promise<void>;
  /** Adds a product under the next free id. */
  create(submission: Submission, call: Call): Promise<Product>;
  read(id: number, call: Call): Promise<ReadOutcome>;
  /** Overwrites a product, whatever it was; with `ifVersion` only if it still has that version (compare and swap). */
  replace(id: number, change: Change, ifVersion: number | undefined, call: Call): Promise<ReplaceOutcome>;
  /** Reads one row. */
  row(table: Table, id: number, call: Call): Promise<Row | undefined>;
  /** Reads all rows of a table, at one instant. */
  sum(table: Table, call: Call): Promise<Sum>;
  /** Reads the current rows and writes the new ones, by the strategy of the call. */
  change(work: Work, call: Call): Promise<Outcome>;
}
