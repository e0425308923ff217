import type { Mode } from '../../core/plan/plan.ts';
import { sourceOf, type SourceParts } from '../data/source.ts';
import type { User } from '../user.ts';

/** Gives a user the values of a mode's data variables for `user.iteration`; they are the first of its variables. */
export const compileFill = (data: Mode['data'], parts: SourceParts): ((user: User) => void) => {
  const sources = Object.entries(data).map(([name, variable]) => sourceOf(name, variable, parts));
  return (user) => {
    for (let at = 0; at < sources.length; at++) user.variables[at] = sources[at]!(user.iteration);
  };
};
