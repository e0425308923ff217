/** A map of a document, its values not checked yet. */
export type Node = { readonly [key: string]: unknown };

/** A value as a map; empty for anything else. */
export const nodeOf = (value: unknown): Node =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Node) : {};

/** A value as a list; empty for anything else. */
export const listOf = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);

/** A value as text; `undefined` for anything else. */
export const textOf = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined);

/** A document whose references can be followed. */
export interface OpenApi {
  readonly root: Node;
  /** The node itself, or what its `$ref` points to. Keys next to a reference override its target's. */
  readonly resolve: (value: unknown) => Node;
  /** References that point nowhere in the document, or in a circle. */
  readonly broken: ReadonlySet<string>;
  /** Files named by references that do not exist or cannot be read. */
  readonly missing: ReadonlySet<string>;
}

const mostHops = 30;

/**
 * Opens a document.
 *
 * @param files other files that references may point to, by their path from its folder
 * @param parse reads such a file
 */
export const openApi = (
  root: Node,
  files: ReadonlyMap<string, string> = new Map(),
  parse: (text: string) => unknown = () => undefined,
): OpenApi => {
  const broken = new Set<string>();
  const missing = new Set<string>();
  const opened = new Map<string, unknown>();
  const open = (path: string): unknown => {
    if (!opened.has(path)) opened.set(path, anchored(parse(files.get(path)!), path));
    return opened.get(path);
  };
  // References may lead through others, and back again.
  let depth = 0;
  const find = (reference: string): unknown => {
    const [path = '', pointer = ''] = reference.split('#');
    const isHere = path === '';
    if (isHere || files.has(path)) {
      if (depth >= mostHops) return undefined;
      depth++;
      const found = pointed(isHere ? root : nodeOf(open(path)), `#${pointer}`, resolve);
      depth--;
      return found;
    }
    if (missing.size < 1000) missing.add(path);
    return undefined;
  };
  const resolve = (value: unknown): Node => {
    let node = nodeOf(value);
    for (let hops = 0; typeof node['$ref'] === 'string'; hops++) {
      const { $ref, ...beside } = node;
      const found = hops < mostHops ? find(normal($ref)) : undefined;
      if (found === undefined) {
        if (broken.size < 50 && $ref.startsWith('#')) broken.add($ref);
        return beside;
      }
      node = Object.keys(beside).length === 0 ? nodeOf(found) : { ...nodeOf(found), ...beside };
    }
    return node;
  };
  return { root, resolve, broken, missing };
};

/** A value of a file with the file's path added to each reference, so that it can be followed from anywhere. */
const anchored = (value: unknown, file: string, isMapping = false): unknown => {
  if (Array.isArray(value)) return value.map((item) => anchored(item, file));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]): [string, unknown] => {
      // The mapping of a discriminator refers to schemas without a `$ref`, or by name.
      const isReference = typeof inner === 'string' && (key === '$ref' || (isMapping && /[#/.]/.test(inner)));
      return [key, isReference ? pathFrom(file, inner) : anchored(inner, file, key === 'mapping')];
    }),
  );
};

/** A reference in a file, as a path from the first document's folder. */
export const pathFrom = (file: string, reference: string): string => {
  if (reference.startsWith('#')) return `${file}${reference}`;
  if (/^[a-z][a-z\d+.-]*:/i.test(reference)) return reference;
  return normal(`${file.slice(0, file.lastIndexOf('/') + 1)}${reference}`);
};

/** Resolves `.` and `..` where possible. */
const normal = (reference: string): string => {
  const at = reference.indexOf('#');
  const [given, rest] = at === -1 ? [reference, ''] : [reference.slice(0, at), reference.slice(at)];
  const path = given.replaceAll('\\', '/');
  if (path === '' || /^[a-z][a-z\d+.-]*:/i.test(path)) return reference;
  const parts: string[] = [];
  for (const part of decoded(path).split('/'))
    if (part === '..' && parts.length > 0 && parts.at(-1) !== '..') parts.pop();
    else if (part !== '.' && part !== '') parts.push(part);
  return parts.join('/') + rest;
};

/** What a JSON pointer such as `#/components/schemas/Pet` points to, even if all schemas are a reference to another file. */
const pointed = (root: Node, reference: string, resolve: OpenApi['resolve']): unknown => {
  if (/^#\/?$/.test(reference)) return root;
  if (!reference.startsWith('#/')) return undefined;
  let at: unknown = root;
  for (const part of reference.slice(2).split('/')) {
    const key = decoded(part).replaceAll('~1', '/').replaceAll('~0', '~');
    if (typeof at !== 'object' || at === null) return undefined;
    if (!Object.hasOwn(at, key)) at = resolve(at);
    if (!Object.hasOwn(at as Node, key)) return undefined;
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
