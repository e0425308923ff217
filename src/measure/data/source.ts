import type { Range } from '../../core/plan.ts';
import { stream, uniform } from '../../core/random.ts';
import { picks } from './index.ts';
import type { PickName } from './syntax.ts';

/** The value that iteration n works with: a pure function of seed and number, the same over any number of workers. */
export type Source = (iteration: number) => number;

/** Compiles one variable of `data:`. */
export const sourceOf = (variable: string, range: Range, seed: number): Source => {
  const pick = picks[range.pick.name as PickName](range.to - range.from + 1, range.pick.options);
  const ofVariable = stream(`data.${variable}`);
  return (iteration) => range.from + pick(uniform(seed, ofVariable, iteration));
};
