import type { Json } from '../../core/json.ts';
import type { MakeItems } from './contract.ts';

/** The items of a list in the scenario. */
export const list: MakeItems = (options) => {
  const all = options as readonly Json[];
  return { size: all.length, at: (index) => all[index]! };
};
