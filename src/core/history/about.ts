import type { Json } from '../json.ts';
import type { Promises } from './promises.ts';

/** What a kept history says of itself, so that it can be judged again as the run has judged it: the head of its first block. */
export interface About {
  readonly mode: string;
  /** From 1. */
  readonly round: number;
  readonly model: string;
  /** What the model promises beside what its name says; absent: no more. */
  readonly promises?: Promises;
  /** Of an invariant: the expressions that its answers are held against. */
  readonly that?: readonly string[];
  /** By key, of transfers by account: the value before the load. A key that is not there could not be read, or nobody asked. */
  readonly initial: Values;
  /** The same after the load. */
  readonly final: Values;
  /** Changes of slots before, which may still take effect in this one; absent: there are none. */
  readonly carried?: CarriedRows;
  /** Why no verdict can rest on the history, unless it is that something is wrong. */
  readonly doubt?: string;
  /** Why operations are missing, so that nothing can be judged. */
  readonly incomplete?: string;
}

/** What a history has of slots before its own. */
export interface CarriedRows {
  /** So many rows at its beginning are changes of unknown outcome that were begun in slots before. */
  readonly rows: number;
  /** Why there may be more of these; absent: they are all there are. */
  readonly more?: string;
}

/** Values by key. */
export interface Values {
  readonly [key: string]: Json;
}

/** Whether parsed JSON is what a history says of itself. */
export const isAbout = (said: unknown): said is About => {
  if (!isMap(said)) return false;
  const { mode, round, model, promises, that = [], initial, final, carried, doubt, incomplete } = said;
  return (
    typeof mode === 'string' &&
    typeof round === 'number' &&
    typeof model === 'string' &&
    [initial, final].every(isMap) &&
    isMap(promises ?? {}) &&
    Array.isArray(that) &&
    that.every((text) => typeof text === 'string') &&
    (carried === undefined || (isMap(carried) && Number.isSafeInteger(carried['rows']))) &&
    [doubt ?? '', incomplete ?? ''].every((text) => typeof text === 'string')
  );
};

const isMap = (value: unknown): value is { readonly [key: string]: unknown } =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
