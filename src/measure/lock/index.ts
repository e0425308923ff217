import type { MakeLock } from './lock.ts';
import { mutex } from './mutex.ts';
import { none } from './none.ts';
import { requestResponse } from './request-response.ts';
import type { LockName } from './syntax.ts';

/** The locks, by the word of a scenario's `lock`. */
export const locks: { readonly [name in LockName]: MakeLock } = {
  'none': none,
  'mutex': mutex,
  'request-response': requestResponse,
};
