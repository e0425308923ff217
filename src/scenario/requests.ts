import { methods, methodWords } from './schema/steps.ts';
import { entriesOf, find, itemsOf, textOf, withEntry, type Branch, type Tree } from './tree.ts';

/** The requests of a list of steps, those inside critical sections included, in order. What is no map is left out. */
export const requestTrees = (list: Tree | undefined): readonly Branch[] =>
  itemsOf(list).flatMap((step) => {
    if (step.kind !== 'map') return [];
    return step.entries.has('critical') ? requestTrees(find(step, 'critical')) : [step];
  });

/** The map with each request in one of its lists changed; a request that becomes `undefined` goes, and a section that was emptied. */
export const changeRequests = (map: Branch, key: string, change: (step: Branch) => Branch | undefined): Branch => {
  const entry = map.entries.get(key);
  if (entry?.value.kind !== 'list') return map;
  const items = entry.value.items.flatMap((step): readonly Tree[] => {
    if (step.kind !== 'map') return [step];
    if (!step.entries.has('critical')) return [change(step) ?? []].flat();
    const section = changeRequests(step, 'critical', change);
    const isEmptied = itemsOf(find(section, 'critical')).length === 0 && itemsOf(find(step, 'critical')).length > 0;
    return isEmptied ? [] : [section];
  });
  return withEntry(map, key, { ...entry, value: { ...entry.value, items } });
};

/** The methods that a request names. */
export const methodsIn = (step: Branch): readonly (readonly [word: string, path: Tree])[] =>
  entriesOf(step).flatMap(([key, { value }]) =>
    (methodWords as readonly string[]).includes(key) ? [[key, value] as const] : [],
  );

/** Gives each request of a list that has no name one: `GET /path`, with a number where that is taken. */
export const namer = (list: Tree | undefined): ((step: Branch) => Branch) => {
  const taken = new Set(requestTrees(list).map((step) => textOf(find(step, 'name'))));
  const copies = new Map<string, number>();
  return (step) => {
    const [first] = methodsIn(step);
    if (step.entries.has('name') || first === undefined) return step;
    const [word, path] = first;
    const plain = `${methods[word as keyof typeof methods]} ${textOf(path) ?? ''}`;
    const text = plain.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/gu, '?').slice(0, 190);
    let copy = copies.get(text) ?? 1;
    let name = copy === 1 ? text : `${text} (${copy})`;
    while (taken.has(name)) name = `${text} (${++copy})`;
    copies.set(text, copy + 1);
    taken.add(name);
    const value: Tree = { kind: 'leaf', mark: step.mark, path: `${step.path}.name`, value: name };
    return withEntry(step, 'name', { key: step.mark, value });
  };
};
