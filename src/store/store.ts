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

/** The known state that a store is put into: `products` of them, numbered from 1, each with `stock` pieces. */
export interface Assortment {
  readonly products: number;
  readonly stock: number;
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

/** What came of a purchase; `stock`: what is left; `sold-out`: fewer pieces than were asked for, none was sold. */
export type PurchaseOutcome =
  { readonly kind: 'sold'; readonly stock: number } | { readonly kind: 'sold-out' } | Missing;

/**
 * The online store: sellers submit products and shoppers buy them, all at the same time.
 *
 * Each operation is atomic on its own. Two of them are not: a read followed by a replace without `ifVersion` loses what
 * others wrote in between, which is what a lock around the pair, or `ifVersion`, is for.
 */
export interface Store {
  /** Forgets everything and starts again with the given products, all at version 1. */
  reset(assortment: Assortment): Promise<void>;
  /** Adds a product under the next free id. */
  create(submission: Submission): Promise<Product>;
  read(id: number): Promise<ReadOutcome>;
  /** Overwrites a product, whatever it was; with `ifVersion` only if it still has that version (compare and swap). */
  replace(id: number, change: Change, ifVersion?: number): Promise<ReplaceOutcome>;
  /** Takes `quantity` pieces (whole, 1 or more) out of the stock, all of them or none; never below zero. */
  purchase(id: number, quantity: number): Promise<PurchaseOutcome>;
}
