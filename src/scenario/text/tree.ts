import type { Json } from '../../core/json.ts';

/** Where a value was written: an offset in the scenario's text, or the flag or variable that set it. */
export type Mark = number | string;

/** A scenario's text as a tree in which every value knows where it was written. Immutable: trees share branches. */
export type Tree = Leaf | List | Branch;

/** A single value. */
export interface Leaf {
  readonly kind: 'leaf';
  readonly mark: Mark;
  /** As in the scenario, `modes.locked.lock`; kept when a mode is laid over the scenario. */
  readonly path: string;
  readonly value: null | boolean | number | bigint | string;
  /** Offset of the value's first character; absent if the file writes it in another form (escapes, blocks). */
  readonly textAt?: number;
}

/** A list. */
export interface List {
  readonly kind: 'list';
  readonly mark: Mark;
  readonly path: string;
  readonly items: readonly Tree[];
}

/** A map. Its keys never reach an object's prototype. */
export interface Branch {
  readonly kind: 'map';
  readonly mark: Mark;
  readonly path: string;
  readonly entries: ReadonlyMap<string, Entry>;
}

/** A key of a map, where it was written, and its value. */
export interface Entry {
  readonly key: Mark;
  readonly value: Tree;
}

/** The path of a key below another path. */
export const pathTo = (parent: string, key: string): string => (parent === '' ? key : `${parent}.${key}`);

/** The tree as plain JSON. */
export const jsonOf = (tree: Tree): Json => {
  if (tree.kind === 'leaf') return tree.value;
  if (tree.kind === 'list') return tree.items.map(jsonOf);
  // fromEntries defines own properties, so that no key can reach a prototype.
  return Object.fromEntries([...tree.entries].map(([key, entry]) => [key, jsonOf(entry.value)]));
};

/** A tree from plain JSON, all of it with one place. */
export const treeOf = (json: Json, mark: Mark, path: string): Tree => {
  if (json === null || typeof json !== 'object') return { kind: 'leaf', mark, path, value: json };
  if (isList(json))
    return { kind: 'list', mark, path, items: json.map((item, at) => treeOf(item, mark, `${path}[${at}]`)) };
  const entries = Object.entries(json).map(
    ([key, value]) => [key, { key: mark, value: treeOf(value, mark, pathTo(path, key)) }] as const,
  );
  return { kind: 'map', mark, path, entries: new Map(entries) };
};

/** The value at the end of these keys and indices, if any. */
export const find = (tree: Tree | undefined, ...keys: readonly PropertyKey[]): Tree | undefined => {
  let found = tree;
  for (const key of keys) {
    if (found?.kind === 'map') found = found.entries.get(String(key))?.value;
    else if (found?.kind === 'list') found = found.items[Number(key)];
    else return undefined;
  }
  return found;
};

/** The entries of a map; empty for anything else. */
export const entriesOf = (tree: Tree | undefined): readonly (readonly [key: string, entry: Entry])[] =>
  tree?.kind === 'map' ? [...tree.entries] : [];

/** The items of a list; empty for anything else. */
export const itemsOf = (tree: Tree | undefined): readonly Tree[] => (tree?.kind === 'list' ? tree.items : []);

/** The text of a leaf that holds one. */
export const textOf = (tree: Tree | undefined): string | undefined =>
  tree?.kind === 'leaf' && typeof tree.value === 'string' ? tree.value : undefined;

/** The number of a leaf that holds one. */
export const numberOf = (tree: Tree | undefined): number | undefined =>
  tree?.kind === 'leaf' && typeof tree.value === 'number' ? tree.value : undefined;

/** The map with one key set, or removed if no entry is given. */
export const withEntry = (map: Branch, key: string, entry: Entry | undefined): Branch => {
  const entries = new Map(map.entries);
  if (entry === undefined) entries.delete(key);
  else entries.set(key, entry);
  return { ...map, entries };
};

const isList = (json: readonly Json[] | { readonly [key: string]: Json }): json is readonly Json[] =>
  Array.isArray(json);
