import type { Department } from './department.ts';

const [accounts, each] = [20, 100];

/** Money in twenty accounts, whose sum is told in two pages of one moment; a page that is wrong has one more. */
export const accountsOf = (isWrong: () => boolean): Department => {
  let balances: number[] = [];
  // By moment, the second pages that have not been asked for.
  const pages = new Map<string, number>();
  let moments = 0;
  const sumOf = (from: number): number =>
    balances.slice(from, from + accounts / 2).reduce((sum, balance) => sum + balance, 0);
  const reset = (): void => {
    balances = Array.from({ length: accounts }, () => each);
    pages.clear();
  };
  reset();
  return {
    reset,
    does: {
      'POST moves': ({ said: { from, to } }) => {
        balances[Number(from)]! -= 1;
        balances[Number(to)]! += 1;
        return [200, {}];
      },
      'GET accounts': ({ path: [account] }) => [200, { balance: balances[Number(account)] }],
      'GET first-page': () => {
        const at = String(++moments);
        pages.set(at, sumOf(accounts / 2));
        return [200, { sum: sumOf(0), at }];
      },
      'GET second-page': ({ path: [at = ''] }) => {
        const sum = pages.get(at);
        pages.delete(at);
        return [200, { sum: sum === undefined ? undefined : sum + Number(isWrong()) }];
      },
    },
  };
};
