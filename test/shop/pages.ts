import type { Department } from './department.ts';

interface Page {
  readonly value: string;
  readonly version: number;
}

const first: Page = { value: 'first', version: 1 };

/** Pages that are replaced on condition, and profiles that are read of a copy which comes a little later. */
export const pagesOf = (isWrong: () => boolean): Department => {
  const pages = new Map<string, Page>();
  // By profile its values, by user which of them was seen or written last.
  const profiles = new Map<string, string[]>();
  const seen = new Map<string, number>();
  return {
    reset: () => {
      for (const each of [pages, profiles, seen]) each.clear();
    },
    does: {
      'GET pages': ({ path: [id = ''] }) => [200, pages.get(id) ?? first],
      'PUT pages': ({ path: [id = ''], said: { expect, value } }) => {
        const page = pages.get(id) ?? first;
        if (expect !== page.value || isWrong()) return [412, {}];
        pages.set(id, { value: String(value), version: page.version + 1 });
        return [200, {}];
      },
      'PUT profiles': ({ path: [id = '', user = ''], said: { value } }) => {
        const values = profiles.get(id) ?? ['first'];
        profiles.set(id, [...values, String(value)]);
        seen.set(`${id} ${user}`, values.length);
        return [200, {}];
      },
      'GET profiles': ({ path: [id = '', user = ''] }) => {
        const values = profiles.get(id) ?? ['first'];
        const own = seen.get(`${id} ${user}`) ?? 0;
        // The copy is some changes behind, and whoever has seen more waits for it.
        const behind = Math.max(0, values.length - 4);
        const at = isWrong() ? Math.max(0, own - 40) : Math.max(own, behind);
        seen.set(`${id} ${user}`, Math.max(own, at));
        return [200, { value: values[at] }];
      },
    },
  };
};
