import { blockWords } from '../schema/flow.ts';
import { methodWords } from '../schema/steps.ts';
import { entriesOf, find, itemsOf, numberOf, withEntry, type Branch, type List, type Tree } from '../text/tree.ts';

/** The key that makes a step something else than a request. `undefined` if it is a request, or should be. */
export const blockWordOf = (step: Branch): (typeof blockWords)[number] | undefined =>
  methodWords.some((word) => step.entries.has(word)) ? undefined : blockWords.find((word) => step.entries.has(word));

/** Where the lists of steps inside a step are: one for each way that an iteration may take. */
export const innerPaths = (step: Branch): readonly (readonly string[])[] => {
  switch (blockWordOf(step)) {
    case 'critical':
      return [['critical']];
    case 'repeat':
      return [['repeat', 'steps']];
    case 'group':
      return [['group', 'steps']];
    case 'if':
      return [['then'], ['else']];
    case 'choose':
      return itemsOf(find(step, 'choose')).map((_, at) => ['choose', String(at), 'steps']);
    default:
      return [];
  }
};

/** The tree with the list at the end of a path changed; unchanged if there is none. */
export const changeAt = (tree: Tree, path: readonly string[], change: (list: List) => List): Tree => {
  const [key, ...rest] = path;
  if (key === undefined) return tree.kind === 'list' ? change(tree) : tree;
  if (tree.kind === 'list') {
    return { ...tree, items: tree.items.map((item, at) => (at === Number(key) ? changeAt(item, rest, change) : item)) };
  }
  const entry = tree.kind === 'map' ? tree.entries.get(key) : undefined;
  if (tree.kind !== 'map' || entry === undefined) return tree;
  return withEntry(tree, key, { ...entry, value: changeAt(entry.value, rest, change) });
};

/** The names known at a place in an iteration: `known` on every way to it, `maybe` on only some of them. */
export interface Names {
  readonly known: ReadonlySet<string>;
  readonly maybe: ReadonlySet<string>;
}

/** Called for the steps on a walk, with the names known at each. */
export interface Visitor {
  readonly request: (step: Branch, names: Names, isInside: boolean) => void;
  readonly block?: (step: Branch, names: Names, isInside: boolean) => void;
}

/**
 * Walks over steps in the order in which an iteration runs them, down every way that it may take.
 *
 * @param isInside they are under the mode's lock
 * @returns the names known afterwards: the captures on the way plus those from the start
 */
export const walk = (list: Tree | undefined, before: Names, isInside: boolean, visitor: Visitor): Names => {
  let names = before;
  for (const step of itemsOf(list)) {
    if (step.kind !== 'map') continue;
    const word = blockWordOf(step);
    if (word === undefined) {
      visitor.request(step, names, isInside);
      names = knowing(names, capturesOf(step));
      continue;
    }
    visitor.block?.(step, names, isInside);
    const ends = innerPaths(step).map((path) => {
      const inner = find(step, ...path);
      // The next pass has the captures of the last one, but the first pass does not.
      const begin = word === 'repeat' ? { ...names, maybe: union(names.maybe, capturesIn(inner)) } : names;
      return walk(inner, begin, isInside || word === 'critical', visitor);
    });
    const isSkipped = word === 'repeat' && numberOf(find(step, 'repeat', 'times')) === undefined;
    if (ends.length > 0) names = meeting(isSkipped ? [names, ...ends] : ends);
  }
  return names;
};

const capturesOf = (request: Branch): readonly string[] => entriesOf(find(request, 'capture')).map(([name]) => name);

const capturesIn = (list: Tree | undefined): readonly string[] =>
  itemsOf(list).flatMap((step) => {
    if (step.kind !== 'map') return [];
    if (blockWordOf(step) === undefined) return capturesOf(step);
    return innerPaths(step).flatMap((path) => capturesIn(find(step, ...path)));
  });

const union = (set: ReadonlySet<string>, more: Iterable<string>): ReadonlySet<string> => new Set([...set, ...more]);

const knowing = (names: Names, captures: readonly string[]): Names =>
  captures.length === 0 ? names : { ...names, known: union(names.known, captures) };

/** Where ways join: a name is known if all of them know it. */
const meeting = (ways: readonly Names[]): Names => {
  const [first, ...others] = ways;
  const known = [...(first?.known ?? [])].filter((name) => others.every((way) => way.known.has(name)));
  const any = ways.flatMap((way) => [...way.known, ...way.maybe]);
  return { known: new Set(known), maybe: new Set(any.filter((name) => !known.includes(name))) };
};
