import { deposit as unguarded } from './before.mjs';

/** By account, the deposit that was asked for last. */
const last = new Map();

/** The mended build: the deposits of an account wait for one another. */
export const deposit = (database, account, amount) => {
  const before = last.get(account) ?? Promise.resolve();
  const own = before.then(() => unguarded(database, account, amount));
  last.set(
    account,
    own.catch(() => undefined),
  );
  return own;
};
