import type { Choice } from '../../core/json.ts';
import type { MakeLock } from './lock.ts';
import { mutex } from './mutex.ts';
import { none } from './none.ts';
import { aborted } from './queue.ts';
import { requestResponse } from './request-response.ts';
import type { LockName } from './syntax.ts';

/** The locks, by the word of a scenario's `lock`. */
export const locks: { readonly [name in LockName]: MakeLock } = {
  'none': none,
  'mutex': mutex,
  'request-response': requestResponse,
};

/** How many guards a lock is made of. */
export const guardsIn = ({ name, options }: Choice): number => {
  let guards = 0;
  locks[name as LockName](options, (guard) => {
    guards++;
    return { name: guard, waiting: 0, acquire: () => aborted };
  });
  return guards;
};
