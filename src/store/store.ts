import type { Timing } from './timing.ts';
import type { Outcome, Row, Table, Work } from './work.ts';

/** What the online store knows of one product. */
export interface Product {
  /** Positive, whole; products of a fresh store are numbered from 1. */
  readonly id: number;
  readonly name: string;
  /** Whole pieces left; below zero only where a seller wrote so. */
  readonly stock: number;
  /** 1 when the product is new, one more with every change. */
  readonly version: number;
}

/**
 * The known state that a store is put into: `products`, numbered from 1, each with `stock` pieces; `seats` that nobody has;
 * `accounts`, each with a `balance`. What is not given is 0.
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

/** What a seller overwrites; without a `name` the old one stays. */
export interface Change {
  readonly stock: number;
  readonly name?: string;
}

/** There is no product with that id. */
interface Missing {
  readonly kind: 'missing';
}

/** What came of a read. */
export type ReadOutcome = { readonly kind: 'found'; readonly product: Product } | Missing;

/** What came of an overwrite; `stale`: the product has another version than the one that was asked for. */
export type ReplaceOutcome =
  { readonly kind: 'replaced'; readonly product: Product } | { readonly kind: 'stale' } | Missing;

/** A request as the store sees it. */
export interface Call {
  /** How a change is kept apart from others: a word of `strategies`. */
  readonly strategy: string;
  /** Where its time goes is added here. */
  readonly timing: Timing;
  /** Resolves once its answer has left, or its client has. */
  readonly answered: () => Promise<void>;
}

/** All rows of a table together. */
export interface Sum {
  readonly rows: number;
  /** Of their values. */
  readonly total: number;
  /** How many of the values are zero: seats that nobody has. */
  readonly zeros: number;
}

/**
 * The online store: sellers submit products and shoppers buy them, book seats and pay each other, all at the same time.
 *
 * Reads and replaces are atomic each on its own. Two of them are not: a read followed by a replace without `ifVersion` loses
 * what others wrote in between, which is what a lock around the pair, or `ifVersion`, is for. What `change` promises depends
 * on the strategy of the call.
 */
export interface Store {
  /** The strategies that it knows, the one that a call has unless it names another first. */
  readonly strategies: readonly string[];
  /** Whether it fills in `timing`, so that answers carry it. */
  readonly isTimed: boolean;
  /** Times that it began again by itself, after a conflict, in all calls together. */
  retries(): number;
  /** Forgets everything and starts again with what is given, all at version 1. */
  reset(assortment: Assortment, call: Call): Promise<void>;
  /** Adds a product under the next free id. */
  create(submission: Submission, call: Call): Promise<Product>;
  read(id: number, call: Call): Promise<ReadOutcome>;
  /** Overwrites a product, whatever it was; with `ifVersion` only if it still has that version (compare and swap). */
  replace(id: number, change: Change, ifVersion: number | undefined, call: Call): Promise<ReplaceOutcome>;
  /** Reads one row. */
  row(table: Table, id: number, call: Call): Promise<Row | undefined>;
  /** Reads all rows of a table, at one moment. */
  sum(table: Table, call: Call): Promise<Sum>;
  /** Reads what there is and writes what shall be, by the strategy of the call. */
  change(work: Work, call: Call): Promise<Outcome>;
}
