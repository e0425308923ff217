import { firstName, nothing, type History } from '../../../core/history/history.ts';
import { wholeIn } from '../../../core/exact/whole.ts';
import { canonicalJson } from '../../../core/exact/write.ts';
import type { Json } from '../../../core/json.ts';
import type { ReadTwice } from '../../../core/slot.ts';
import type { Known } from '../engines/engine.ts';
import type { LogLists } from '../engines/lists/places.ts';

/** Values that were read before and after a load, as the numbers that a history has for them. */
export class ValueNumbers {
  /** The names of the history, followed by those that none of its operations has: for putting values into words. */
  readonly names: readonly string[];
  readonly #names: string[];
  readonly #numbers: Map<string, number>;

  constructor({ names }: Pick<History, 'names'>) {
    this.#names = [...names];
    this.names = this.#names;
    this.#numbers = new Map(names.map((name, at) => [name, firstName - at]));
  }

  /** What is known of a key; for a list, its lengths. NaN if a value could not be read, or was not asked for. */
  known(values: ReadTwice | undefined): Known {
    const [before, after] = values ?? [undefined, undefined];
    return { initial: this.#number(before), final: this.#number(after) };
  }

  /** The lists that were there before the load and after it; `undefined` if the value is not a list, or was not asked for. */
  lists(values: ReadTwice | undefined): LogLists {
    const [initial, final] = [values?.[0], values?.[1]].map((list) =>
      Array.isArray(list) ? Float64Array.from(list as readonly Json[], (one) => this.#number(one)) : undefined,
    );
    return { initial, final };
  }

  #number(value: Json | undefined): number {
    if (value === undefined) return NaN;
    if (value === null) return nothing;
    if (typeof value === 'number' && wholeIn(value) === undefined) return value;
    return Array.isArray(value) ? value.length : this.#named(canonicalJson(value));
  }

  #named(name: string): number {
    const known = this.#numbers.get(name) ?? firstName - this.#names.length;
    if (this.#numbers.has(name)) return known;
    this.#names.push(name);
    this.#numbers.set(name, known);
    return known;
  }
}
