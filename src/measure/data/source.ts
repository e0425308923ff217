import type { Variable } from '../../core/plan/plan.ts';
import { random32, stream, uniform } from '../../core/random.ts';
import type { Tables } from '../../core/table.ts';
import type { Items } from './contract.ts';
import { generators, items, picks } from './index.ts';
import type { SlotNumbers } from './pick.ts';
import type { GeneratorName, ItemsName, PickName } from './syntax.ts';

/** The value that iteration n works with: a pure function of seed and number, the same for any number of workers. */
export type Source = (iteration: number) => unknown;

/** Stands for a value where `unique` has none left: an iteration that gets it must not begin. */
export const usedUp: unique symbol = Symbol('used up');

/** What sources are made with. */
export interface SourceParts {
  readonly seed: number;
  readonly slot: SlotNumbers;
  readonly tables: Tables;
}

/** Compiles one variable of `data:`. */
export const sourceOf = (name: string, variable: Variable, { seed, slot, tables }: SourceParts): Source => {
  const ofVariable = stream(`data.${name}`);
  if (variable.pick === undefined) {
    const generate = generators[variable.name as GeneratorName](variable.options);
    const key = random32(seed, ofVariable, 0);
    return (iteration) => generate((number) => uniform(key, number, iteration));
  }
  const { size, at } = itemsOf(variable, tables);
  const { pick } = variable;
  const random = (iteration: number): number => uniform(seed, ofVariable, iteration);
  const key = random32(seed, ofVariable, 0);
  const picked = picks[pick.name as PickName](pick.options, { size, random, key, slot });
  if (pick.name !== 'unique') return (iteration) => at(picked(iteration));
  return (iteration) => {
    const index = picked(iteration);
    return index === -1 ? usedUp : at(index);
  };
};

/** All values that a variable can have; not known for generated values. */
export const itemsOf = ({ name, options }: Variable, tables: Tables): Items =>
  items[name as ItemsName](options, tables);
