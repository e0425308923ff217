/** What the store keeps rows of: each has an id, a whole number that is its value (stock, customer, balance), and a version. */
export type Table = 'products' | 'seats' | 'accounts';

/** A row as it was read. */
export interface Row {
  readonly id: number;
  readonly value: number;
  readonly version: number;
}

/** "Add this much to that row's value, if it is between `least` and `most`." */
export interface Change {
  /** `any`: the row with the lowest id whose value is between the two. */
  readonly id: number | 'any';
  readonly add: number;
  readonly least: number;
  readonly most: number;
}

/** What one request changes: all of it or nothing, in a store that keeps its promise. Rows are accessed in the given order. */
export interface Work {
  readonly table: Table;
  readonly changes: readonly Change[];
}

/**
 * The outcome. `done`: the rows as they are now; `missing`: there is no such row; `refused`: a value was out of bounds, so nothing
 * changed; `stale`: another request changed a row since it was read; `busy`: another request has it locked.
 */
export type Outcome =
  | { readonly kind: 'done'; readonly rows: readonly Row[] }
  | { readonly kind: 'missing' | 'refused' | 'stale' | 'busy' };

const most = Number.MAX_SAFE_INTEGER;

/** Takes pieces (1 or more) from a product's stock, never below zero. */
export const purchase = (product: number, quantity: number): Work => ({
  table: 'products',
  changes: [{ id: product, add: -quantity, least: quantity, most }],
});

/** Gives a free seat to a customer (1 or more). */
export const booking = (seat: number | 'any', customer: number): Work => ({
  table: 'seats',
  changes: [{ id: seat, add: customer, least: 0, most: 0 }],
});

/** Moves an amount (1 or more) between two accounts, the payer's first; the payer's balance never falls below zero. */
export const transfer = (from: number, to: number, amount: number): Work => ({
  table: 'accounts',
  changes: [
    { id: from, add: -amount, least: amount, most },
    { id: to, add: amount, least: -most, most: most - amount },
  ],
});

/** The rows after the changes. `undefined` if a value is out of bounds. */
export const changed = (rows: readonly Row[], changes: readonly Change[]): readonly Row[] | undefined => {
  const after: Row[] = [];
  for (const [at, { id, value, version }] of rows.entries()) {
    const { add, least, most: upTo } = changes[at]!;
    if (value < least || value > upTo) return undefined;
    after.push({ id, value: value + add, version: version + 1 });
  }
  return after;
};
