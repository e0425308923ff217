import { advisory } from './advisory.ts';
import { atomic } from './atomic.ts';
import { naive } from './naive.ts';
import { optimistic } from './optimistic.ts';
import { requestResponse } from './request-response.ts';
import { rowLock } from './row-lock.ts';
import { serializable } from './serializable.ts';
import { skipLocked } from './skip-locked.ts';
import type { Strategy } from './strategy.ts';

/** The strategies on a database, by the value of the header `contend-strategy`. The first is the default. */
export const strategies: { readonly [name: string]: Strategy } = {
  'atomic': atomic,
  'naive': naive,
  'request-response': requestResponse,
  'row-lock': rowLock,
  'skip-locked': skipLocked,
  'optimistic': optimistic,
  'serializable': serializable,
  'advisory': advisory,
};
