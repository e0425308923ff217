import type { Department } from './department.ts';

/** User names, of which there is one of each. */
export const namesOf = (isWrong: () => boolean): Department => {
  const taken = new Set<string>();
  return {
    reset: () => taken.clear(),
    does: {
      'POST names': ({ said: { name } }) => {
        if (taken.has(String(name)) && !isWrong()) return [409, {}];
        taken.add(String(name));
        return [201, {}];
      },
    },
  };
};
