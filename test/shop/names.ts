import type { Department } from './department.ts';

/** User names, of which there is one of each, and people who are members or not. */
export const namesOf = (isWrong: () => boolean): Department => {
  const taken = new Set<string>();
  const members = new Set<string>();
  return {
    reset: () => {
      taken.clear();
      members.clear();
    },
    does: {
      'POST names': ({ said: { name } }) => {
        if (taken.has(String(name)) && !isWrong()) return [409, {}];
        taken.add(String(name));
        return [201, {}];
      },
      'PUT members': ({ path: [name = ''] }) => {
        if (!isWrong()) members.add(name);
        return [204, {}];
      },
      'DELETE members': ({ path: [name = ''] }) => {
        if (!isWrong()) members.delete(name);
        return [204, {}];
      },
      'GET members': () => [200, { names: [...members] }],
    },
  };
};
