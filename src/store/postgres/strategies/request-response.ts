import pLimit from 'p-limit';
import { naive } from './naive.ts';
import type { Strategy } from './strategy.ts';

/** Takes a turn in a queue, first come first served. Gives the function that ends it. */
const lineOf = (): (() => Promise<() => void>) => {
  const limit = pLimit(1);
  return () => new Promise((got) => void limit(() => new Promise<void>((release) => got(release))));
};

const [request, response] = [lineOf(), lineOf()];

/**
 * Two locks in the store's own process, in one fixed order: the request lock over the read and the write, the response lock, asked
 * for before the other is released, until the answer has been sent. The next request reads while this answer is on its way.
 *
 * All rows share them, and a second process of the store would not see them.
 */
export const requestResponse: Strategy = {
  promises: 'no lost update',
  change: async (database, work, call) => {
    const { timing } = call;
    const releaseRequest = await timing.take('lockMs', request);
    try {
      const outcome = await naive.change(database, work, call);
      const releaseResponse = await timing.take('lockMs', response);
      void call.answered().finally(releaseResponse);
      return outcome;
    } finally {
      releaseRequest();
    }
  },
};
