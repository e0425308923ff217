import { ContendError } from '../../core/errors.ts';
import type { Json } from '../../core/json.ts';
import type { Mode } from '../../core/plan/plan.ts';
import type { ReadTwice, Slot } from '../../core/slot.ts';
import { readAll, type Outside, type Reader } from './exchanges.ts';
import type { KeysOfReads } from './keys.ts';
import type { Phase } from './unreadable.ts';

/** By model, then by key; `undefined` if an interruption came before the answer. */
export type Values = ReadonlyMap<string, ReadonlyMap<string, Json | undefined>>;

/** Nothing was read. */
export const none: Values = new Map();

/** The values of each key before a load and after it. */
export const finalsOf = (before: Values, after: Values): Slot['finals'] =>
  Object.fromEntries(
    [...before].map(([model, values]) => [
      model,
      Object.fromEntries(
        [...values].map(([key, value]): [string, ReadTwice] => [key, [value, after.get(model)?.get(key)]]),
      ),
    ]),
  );

/**
 * Reads the values of all keys, for each of a mode's reads.
 *
 * @throws {ContendError} ERR_FINAL_READ
 */
export const readValues = async (
  { mode, signal }: { readonly mode: Mode; readonly signal: AbortSignal },
  keys: KeysOfReads,
  requests: Outside,
  reader: Reader,
  phase: Phase,
): Promise<Values> => {
  const values = new Map<string, ReadonlyMap<string, Json | undefined>>();
  for (const [at, read] of mode.reads.entries()) {
    const found = await readAll({ mode, read, phase }, keys[at]!, reader, requests);
    const ofModel = new Map<string, Json | undefined>();
    for (const [key, one] of found) {
      if ('problem' in one && !signal.aborted) {
        const what = `the value of ${key} could not be read, in mode ${mode.name}: ${phase}: ${one.problem}`;
        throw new ContendError('ERR_FINAL_READ', what, one.hint);
      }
      ofModel.set(key, 'value' in one ? one.value : undefined);
    }
    values.set(read.model, ofModel);
  }
  return values;
};
