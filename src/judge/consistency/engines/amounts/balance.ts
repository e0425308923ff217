/** The sum of the changes to one key that the target acknowledged, and of those whose outcome is unknown. */
export interface Account {
  readonly acknowledged: number;
  readonly acknowledgedCount: number;
  /** Sum of the negative ones, so ≤ 0. */
  readonly unknownLess: number;
  readonly unknownMore: number;
  readonly unknownCount: number;
  /** The smallest and the largest of all these changes, signed: the number of lost updates is computed from them. */
  readonly least: number;
  readonly most: number;
}

/** What the sum of acknowledged changes says about the value before and after them. */
export interface Balance {
  /** The least and the greatest value possible afterwards. */
  readonly expected: readonly [number, number];
  /** How far the value is outside that range; 0 if inside. */
  readonly outside: number;
  /** More was taken than there was, and the target shows zero and no less. */
  readonly isFloored: boolean;
  /** More happened than was asked for. If this is false and the value is outside, less happened. */
  readonly isTooMuch: boolean;
  /** How many acknowledged changes are missing; 0 if too much happened. */
  readonly lost: Bounds;
  /** How many changes happened beyond those asked for; 0 if there need not be any. */
  readonly extra: Bounds;
}

/** A number known to be within two bounds. */
export interface Bounds {
  readonly atLeast: number;
  readonly atMost: number;
}

/** An empty account. */
export const noChanges: Account = {
  acknowledged: 0,
  acknowledgedCount: 0,
  unknownLess: 0,
  unknownMore: 0,
  unknownCount: 0,
  least: 0,
  most: 0,
};

const none: Bounds = { atLeast: 0, atMost: 0 };

/**
 * Checks the value after against the value before and all changes in between: after = before + Σ acknowledged, give or take those of
 * unknown outcome. Necessary, and sufficient if all changes are of one size.
 *
 * @param floor where the target stops counting: if more of a stock was granted than there was, a final 0 is no further fault
 */
export const balanceOf = (account: Account, before: number, after: number, floor = -Infinity): Balance => {
  const expected = [
    before + account.acknowledged + account.unknownLess,
    before + account.acknowledged + account.unknownMore,
  ] as const;
  // If the value is above the sums because the target stopped counting, nothing is missing.
  const stopped = Math.max(0, Math.min(after, floor) - expected[1]);
  const most = expected[1] + stopped;
  const outside = after < expected[0] ? after - expected[0] : after > most ? after - most : 0;
  // All changes go one way: past the far end, more happened than was asked for; short of the near end, less.
  const oneWay = account.most <= 0 || account.least >= 0;
  const isTooMuch = outside !== 0 && oneWay && (account.most <= 0 ? outside < 0 : outside > 0);
  return {
    expected,
    outside,
    isFloored: stopped > 0,
    isTooMuch,
    lost: isTooMuch ? none : lostOf(after - before - stopped, outside, account, oneWay),
    extra: isTooMuch ? extraOf(outside, account) : none,
  };
};

/**
 * How many acknowledged changes are missing. With changes of one size the bounds are exact: at least what is missing from the sum, and at
 * most that plus the unknown ones, in case they happened after all. With several sizes the largest or the smallest could each be the
 * missing ones.
 */
const lostOf = (change: number, outside: number, account: Account, oneWay: boolean): Bounds => {
  const { acknowledged, acknowledgedCount, unknownLess, unknownMore, least, most } = account;
  const largest = Math.max(Math.abs(least), Math.abs(most));
  if (largest === 0) return none;
  const atLeast = Math.min(acknowledgedCount, Math.ceil(Math.abs(outside) / largest));
  if (!oneWay) return { atLeast, atMost: outside === 0 && account.unknownCount === 0 ? 0 : acknowledgedCount };
  const smallest = Math.min(Math.abs(least), Math.abs(most));
  const sign = most <= 0 ? -1 : 1;
  const missing = sign * (acknowledged - change) + unknownMore - unknownLess;
  const upTo = smallest === 0 ? acknowledgedCount : Math.floor(Math.max(0, missing) / smallest);
  return { atLeast, atMost: Math.max(atLeast, Math.min(acknowledgedCount, upTo)) };
};

/** How many changes happened that were not asked for: some request was carried out more than once, or another client wrote. */
const extraOf = (outside: number, { least, most }: Account): Bounds => {
  const sizes = [Math.abs(least), Math.abs(most)].filter((size) => size > 0);
  if (sizes.length === 0) return { atLeast: 1, atMost: Math.abs(outside) };
  return {
    atLeast: Math.ceil(Math.abs(outside) / Math.max(...sizes)),
    atMost: Math.ceil(Math.abs(outside) / Math.min(...sizes)),
  };
};
