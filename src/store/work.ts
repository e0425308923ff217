/** What the store keeps rows of: each has an id, a whole number that is its value (stock, customer, balance), and a version. */
export type Table = 'products' | 'seats' | 'accounts';

/** A row as it was read. */
export interface Row {
  readonly id: number;
  readonly value: number;
  readonly version: number;
}

/** "Add so much to that row's value, if it lies between `least` and `most`." */
export interface Change {
  /** `any`: the row with the lowest id whose value lies between the two. */
  readonly id: number | 'any';
  readonly add: number;
  readonly least: number;
  readonly most: number;
}

/** What one request changes: all of it or nothing, in a store that keeps its promise. Rows are asked for in the order given. */
export interface Work {
  readonly table: Table;
  readonly changes: readonly Change[];
}

/**
 * What came of it. `done`: the rows as they are now; `missing`: there is no such row; `refused`: a value did not lie where it
 * must, so nothing changed; `stale`: somebody else changed a row since it was read; `busy`: somebody else has it locked.
 */
export type Outcome =
  | { readonly kind: 'done'; readonly rows: readonly Row[] }
  | { readonly kind: 'missing' | 'refused' | 'stale' | 'busy' };

const most = Number.MAX_SAFE_INTEGER;

/** Takes pieces (1 or more) out of a product's stock, never below zero. */
export const purchase = (product: number, quantity: number): Work => ({
  table: 'products',
  changes: [{ id: product, add: -quantity, least: quantity, most }],
});

/** Gives a seat that nobody has to a customer (1 or more). */
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

/** The rows after the changes; undefined where a value does not lie where it must. */
export const changed = (rows: readonly Row[], changes: readonly Change[]): readonly Row[] | undefined => {
  const after: Row[] = [];
  for (const [at, { id, value, version }] of rows.entries()) {
    const { add, least, most: upTo } = changes[at]!;
    if (value < least || value > upTo) return undefined;
    after.push({ id, value: value + add, version: version + 1 });
  }
  return after;
};
