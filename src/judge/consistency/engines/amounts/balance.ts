/** The sum of the changes to one key that the target acknowledged, and of those whose outcome is unknown. */
export interface Account {
  readonly acknowledged: number;
  readonly acknowledgedCount: number;
  /** Sum of the negative ones, so ≤ 0. */
  readonly unknownLess: number;
  readonly unknownMore: number;
  readonly unknownCount: number;
  /** The least and the greatest of all these changes, signed: what a number of lost updates is computed from. */
  readonly least: number;
  readonly most: number;
}

/** What the sum of acknowledged changes says of a value before and after them. */
export interface Balance {
  /** The least and the greatest that may be there afterwards. */
  readonly expected: readonly [number, number];
  /** How far the value is outside of that; 0: within. */
  readonly outside: number;
  /** More was taken than there was, and the target shows no less than nothing. */
  readonly isFloored: boolean;
  /** More happened than was asked for; otherwise, where it is outside, less. */
  readonly isTooMuch: boolean;
  /** How many acknowledged changes are missing; 0 where too much happened. */
  readonly lost: Bounds;
  /** How many changes happened beyond those asked for; 0 where that need not be so. */
  readonly extra: Bounds;
}

/** At least and at most so many. */
export interface Bounds {
  readonly atLeast: number;
  readonly atMost: number;
}

/** An account of nothing. */
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
 * Holds the value after against the value before and all changes in between: after = before + Σ acknowledged, give or take
 * those of unknown outcome. Necessary, and sufficient where all changes are of one size.
 *
 * @param floor where the target stops counting: of a stock of which more was granted than there was, that it shows 0 afterwards
 * is no further fault
 */
export const balanceOf = (account: Account, before: number, after: number, floor = -Infinity): Balance => {
  const expected = [
    before + account.acknowledged + account.unknownLess,
    before + account.acknowledged + account.unknownMore,
  ] as const;
  // What stands above the sums because the target stopped counting is missing from nothing.
  const stopped = Math.max(0, Math.min(after, floor) - expected[1]);
  const most = expected[1] + stopped;
  const outside = after < expected[0] ? after - expected[0] : after > most ? after - most : 0;
  // All changes go one way: past the far end, more happened than was asked for; short of the near one, less.
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
 * How many acknowledged changes are missing. With changes of one size, exact: what is missing of the sum, and at most
 * that and the unknown ones, should they have happened after all. With several sizes, bounds: the largest and the
 * smallest could each be the missing ones.
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

/** How many changes happened that nobody asked for: some request was carried out more than once, or somebody else wrote. */
const extraOf = (outside: number, { least, most }: Account): Bounds => {
  const sizes = [Math.abs(least), Math.abs(most)].filter((size) => size > 0);
  if (sizes.length === 0) return { atLeast: 1, atMost: Math.abs(outside) };
  return {
    atLeast: Math.ceil(Math.abs(outside) / Math.max(...sizes)),
    atMost: Math.ceil(Math.abs(outside) / Math.min(...sizes)),
  };
};
