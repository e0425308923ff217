import type { Choice } from '../../core/json.ts';
import { micros } from '../../core/units.ts';
import { keyed } from './keyed.ts';
import type { GuardSpec, MakeLock } from './lock.ts';
import { mutex } from './mutex.ts';
import { none } from './none.ts';
import { readWrite } from './read-write.ts';
import { redis } from './redis/redis.ts';
import { requestResponse } from './request-response.ts';
import { semaphore } from './semaphore.ts';
import type { LockName } from './syntax.ts';
import { aborted } from './local/waiters.ts';

/** The locks, by the word of a scenario's `lock`. */
export const locks: { readonly [name in LockName]: MakeLock } = {
  'none': none,
  'mutex': mutex,
  'request-response': requestResponse,
  'keyed': keyed,
  'read-write': readWrite,
  'semaphore': semaphore,
  'redis': redis,
};

/** The guards that a lock is made of, in the order in which it makes them; where threads share them, their memory is sized by this. */
export const guardsIn = ({ name, options }: Choice): readonly GuardSpec[] => {
  const guards: GuardSpec[] = [];
  locks[name as LockName](options, {
    guard: (spec) => {
      guards.push(spec);
      return { name: spec.name, waiting: 0, acquire: () => aborted };
    },
    text: (template) => () => template,
    clock: { now: () => micros(0) },
    timeoutUs: micros(0),
    signal: AbortSignal.abort(),
  });
  return guards;
};
