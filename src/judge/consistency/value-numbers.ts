import { firstName, nothing, type History } from '../../core/history/history.ts';
import { canonicalJson, type Json } from '../../core/json.ts';
import type { ReadTwice } from '../../core/slot.ts';
import type { Known } from './engines/engine.ts';

/** Values that were read before and after a load, in the numbers that a history has for them. */
export class ValueNumbers {
  readonly #names: ReadonlyMap<string, number>;
  /** Stands for nothing in the history. */
  readonly #strange: number;

  constructor({ names }: Pick<History, 'names'>) {
    this.#names = new Map(names.map((name, at) => [name, firstName - at]));
    this.#strange = firstName - names.length;
  }

  /** What is known of a key; of one with a list its lengths. NaN: it could not be read, or nobody asked. */
  known(values: ReadTwice | undefined): Known {
    const [before, after] = values ?? [undefined, undefined];
    return { initial: this.#number(before), final: this.#number(after) };
  }

  /** The list that was there after the load; undefined: it is none, or nobody asked. */
  list(values: ReadTwice | undefined): Float64Array | undefined {
    const after = values?.[1];
    return Array.isArray(after) ? Float64Array.from(after as readonly Json[], (one) => this.#number(one)) : undefined;
  }

  #number(value: Json | undefined): number {
    if (value === undefined) return NaN;
    if (value === null) return nothing;
    if (typeof value === 'number') return value;
    if (Array.isArray(value)) return value.length;
    // A value that no operation has said is none of theirs: any number that stands for nothing else will do.
    return this.#names.get(canonicalJson(value)) ?? this.#strange;
  }
}
