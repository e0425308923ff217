/** A map of a document, whose values nobody has looked at yet. */
export type Node = { readonly [key: string]: unknown };

/** A value as a map; an empty one for anything else. */
export const nodeOf = (value: unknown): Node =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Node) : {};

/** A value as a list; an empty one for anything else. */
export const listOf = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);

/** A value as text; undefined for anything else. */
export const textOf = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined);

/** A document whose references can be followed. */
export interface OpenApi {
  readonly root: Node;
  /** What a node stands for: itself, or what its `$ref` leads to; keys beside a reference are laid over it. */
  resolve(value: unknown): Node;
  /** References that lead nowhere here, or in a circle. */
  readonly broken: ReadonlySet<string>;
}

const mostHops = 30;

/** Opens a document; only references within it are followed. */
export const openApi = (root: Node): OpenApi => {
  const broken = new Set<string>();
  const resolve = (value: unknown): Node => {
    let node = nodeOf(value);
    for (let hops = 0; typeof node['$ref'] === 'string'; hops++) {
      const { $ref, ...beside } = node;
      const found = hops < mostHops ? pointed(root, $ref) : undefined;
      if (found === undefined) {
        if (broken.size < 50) broken.add($ref);
        return beside;
      }
      node = Object.keys(beside).length === 0 ? nodeOf(found) : { ...nodeOf(found), ...beside };
    }
    return node;
  };
  return { root, resolve, broken };
};

/** What a JSON pointer leads to, `#/components/schemas/Pet`. */
const pointed = (root: Node, reference: string): unknown => {
  if (reference === '#') return root;
  if (!reference.startsWith('#/')) return undefined;
  let at: unknown = root;
  for (const part of reference.slice(2).split('/')) {
    const key = decoded(part).replaceAll('~1', '/').replaceAll('~0', '~');
    if (typeof at !== 'object' || at === null || !Object.hasOwn(at, key)) return undefined;
    at = (at as Node)[key];
  }
  return at;
};

const decoded = (part: string): string => {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
};
