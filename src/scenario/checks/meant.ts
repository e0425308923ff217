import { methodWords, requestKeys } from '../schema/steps.ts';
import { scenarioKeys } from '../schema/scenario.ts';
import { didYouMean } from '../text/suggest.ts';
import { entriesOf, find, withEntry, type Branch, type Tree } from '../text/tree.ts';

/** Keys that define names for other places to read. */
const naming = { scenario: ['data', 'login', 'before'], request: ['capture'] };

/**
 * Fixes misspelt keys of a mode that define names, so that their consequences are not reported too. The schema, which reports the
 * unknown key, has to check the mode as it is.
 */
export const asMeant = (mode: Branch): Branch => {
  const whole = putRight(mode, naming.scenario, scenarioKeys);
  return ['login', 'before', 'steps', 'after'].reduce((laid, list) => {
    const steps = find(laid, list);
    const entry = laid.entries.get(list);
    return steps === undefined || entry === undefined
      ? laid
      : withEntry(laid, list, { ...entry, value: inSteps(steps) });
  }, whole);
};

const inSteps = (tree: Tree): Tree => {
  if (tree.kind === 'leaf') return tree;
  if (tree.kind === 'list') return { ...tree, items: tree.items.map(inSteps) };
  if (methodWords.some((word) => tree.entries.has(word))) return putRight(tree, naming.request, requestKeys);
  const entries = entriesOf(tree).map(([key, entry]) => [key, { ...entry, value: inSteps(entry.value) }] as const);
  return { ...tree, entries: new Map(entries) };
};

const putRight = (map: Branch, wanted: readonly string[], known: readonly string[]): Branch => {
  const misspelt = entriesOf(map).flatMap(([key, entry]) => {
    if (known.includes(key)) return [];
    const meant = wanted.find((word) => !map.entries.has(word) && didYouMean(key, known) === `did you mean "${word}"?`);
    return meant === undefined ? [] : [[meant, entry] as const];
  });
  return misspelt.reduce((laid, [key, entry]) => withEntry(laid, key, entry), map);
};
