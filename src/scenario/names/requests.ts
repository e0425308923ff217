import { readWords } from '../../judge/consistency/syntax.ts';
import { invariantName } from '../../core/plan/plan.ts';
import { methods, methodWords } from '../schema/steps.ts';
import { entriesOf, find, itemsOf, textOf, withEntry, type Branch, type List, type Tree } from '../text/tree.ts';
import { blockWordOf, changeAt, innerPaths } from './walk.ts';

/** The requests of a list of steps, including those inside other steps, in order. Anything but a map is left out. */
export const requestTrees = (list: Tree | undefined): readonly Branch[] =>
  itemsOf(list).flatMap((step) => {
    if (step.kind !== 'map') return [];
    if (blockWordOf(step) === undefined) return [step];
    return innerPaths(step).flatMap((path) => requestTrees(find(step, ...path)));
  });

/** The names of the groups of a list of steps, including those inside other steps. */
export const groupNames = (list: Tree | undefined): readonly Tree[] =>
  itemsOf(list).flatMap((step) => {
    if (step.kind !== 'map') return [];
    const name = find(step, 'group', 'name');
    const inner = innerPaths(step).flatMap((path) => groupNames(find(step, ...path)));
    return name === undefined ? inner : [name, ...inner];
  });

/** The map with each request in one of its lists changed. A request that becomes `undefined` is removed, and so is a step left empty. */
export const changeRequests = (
  map: Branch,
  path: readonly string[],
  change: (step: Branch) => Branch | undefined,
): Branch => changeAt(map, path, (list) => changeList(list, change)) as Branch;

const changeList = (list: List, change: (step: Branch) => Branch | undefined): List => {
  const items = list.items.flatMap((step): readonly Tree[] => {
    if (step.kind !== 'map') return [step];
    if (blockWordOf(step) === undefined) return [change(step) ?? []].flat();
    const paths = innerPaths(step);
    const changed = paths.reduce<Tree>(
      (tree, path) => changeAt(tree, path, (inner) => changeList(inner, change)),
      step,
    );
    return isEmpty(changed, paths) && !isEmpty(step, paths) ? [] : [changed];
  });
  return { ...list, items };
};

const isEmpty = (step: Tree, paths: readonly (readonly string[])[]): boolean =>
  paths.every((path) => itemsOf(find(step, ...path)).length === 0);

/** The reads of values, of each consistency model that has one, and the invariant if it is a single question. */
export const readTrees = (mode: Branch): readonly Branch[] => [
  ...entriesOf(find(mode, 'consistency')).flatMap(([, { value }]) => {
    const read = readIn(value);
    return read?.kind === 'map' ? [read] : [];
  }),
  ...questionOf(mode),
];

/** How a model's section reads values, whatever its word for that. */
export const readIn = (section: Tree): Tree | undefined =>
  readWords.map((word) => find(section, word)).find((read) => read !== undefined);

/** The mode with each read of values changed, and also its invariant if that is a single question. */
export const changeReads = (mode: Branch, change: (read: Branch) => Branch): Branch => {
  const changed = entriesOf(find(mode, 'consistency')).reduce(
    (map, [model]) => readWords.reduce((laid, word) => changeMap(laid, ['consistency', model, word], change), map),
    mode,
  );
  return questionOf(mode).length === 0 ? changed : changeMap(changed, ['consistency', invariantName], change);
};

const questionOf = (mode: Branch): readonly Branch[] => {
  const invariant = find(mode, 'consistency', invariantName);
  return invariant?.kind === 'map' && invariant.entries.has('get') ? [invariant] : [];
};

/** Where in a mode the requests of its invariant are, if it is not a single question. */
export const stepsOfInvariant = ['consistency', invariantName, 'steps'] as const;

/** Where in a mode the lists of requests are that are sent around the load, not in it. */
export const listsAround: readonly (readonly [string, ...string[]])[] = [
  ['before'],
  ['login'],
  ['login', 'steps'],
  ['after'],
  stepsOfInvariant,
];

/** The list of a login, which may also be a map with further keys. */
export const loginOf = (mode: Tree | undefined): Tree | undefined => {
  const login = find(mode, 'login');
  return login?.kind === 'map' ? find(login, 'steps') : login;
};

/** A user's word for the list at that place. */
export const wordOf = (list: readonly [string, ...string[]]): string =>
  list[0] === 'consistency' ? 'invariant' : list[0];

/** Where in a mode all lists of requests are. */
export const allLists: typeof listsAround = [...listsAround, ['steps']];

/** The map with the one at the end of a path changed; unchanged if there is none. */
const changeMap = (map: Branch, [key, ...rest]: readonly string[], change: (map: Branch) => Branch): Branch => {
  if (key === undefined) return change(map);
  const entry = map.entries.get(key);
  if (entry?.value.kind !== 'map') return map;
  return withEntry(map, key, { ...entry, value: changeMap(entry.value, rest, change) });
};

/** The methods that a request names. */
export const methodsIn = (step: Branch): readonly (readonly [word: string, path: Tree])[] =>
  entriesOf(step).flatMap(([key, { value }]) =>
    (methodWords as readonly string[]).includes(key) ? [[key, value] as const] : [],
  );

/** Names each request of a list that has no name: `GET /path`, with a number if that is taken. */
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
