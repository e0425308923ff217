import { entriesOf, withEntry, type Branch, type Tree } from '../text/tree.ts';

/** Lays a value over the one below it, if there is one. */
export type Merger = (below: Tree | undefined, over: Tree) => Tree;

/** The value on top replaces the other. */
export const replace: Merger = (_, over) => over;

/** Merges two maps key by key, each as `mergerOf` says; anything else replaces, `null` removes. */
export const mergeBy =
  (mergerOf: (key: string) => Merger): Merger =>
  (below, over) => {
    if (over.kind !== 'map') return over;
    let merged: Branch = below?.kind === 'map' ? below : { ...over, entries: new Map() };
    for (const [key, entry] of over.entries) {
      const value = isNothing(entry.value) ? undefined : mergerOf(key)(merged.entries.get(key)?.value, entry.value);
      merged = withEntry(merged, key, value === undefined ? undefined : { key: entry.key, value });
    }
    return merged;
  };

/** Maps merge, everything else replaces, `null` removes: as in RFC 7386. */
export const merge: Merger = mergeBy(() => merge);

/**
 * Merges maps key by key as `mergerOf` says, where a map has at most one key from each group: a key laid over the map removes the
 * others of its group.
 */
export const mergeOneOf =
  (groups: readonly (readonly string[])[], mergerOf: (key: string) => Merger): Merger =>
  (below, over) => {
    if (over.kind !== 'map' || below?.kind !== 'map') return mergeBy(mergerOf)(below, over);
    const given = groups.flatMap((keys) => {
      const said = keys.filter((key) => over.entries.has(key));
      return said.length === 0 ? [] : keys.filter((key) => !said.includes(key));
    });
    return mergeBy(mergerOf)(
      given.reduce((map, key) => withEntry(map, key, undefined), below),
      over,
    );
  };

/** Headers laid over each other, later ones on top: names in lower case, `null` removes. */
export const mergeHeaders = (layers: readonly (Tree | undefined)[]): Tree | undefined => {
  let merged: Tree | undefined;
  for (const layer of layers) {
    if (layer?.kind !== 'map') continue;
    const lower = entriesOf(layer).map(([name, entry]) => [name.toLowerCase(), entry] as const);
    merged = merge(merged, { ...layer, entries: new Map(lower) });
  }
  return merged;
};

/** Whether a value is `null`, which removes. */
export const isNothing = (tree: Tree | undefined): boolean => tree?.kind === 'leaf' && tree.value === null;
