import { listOf, nodeOf, textOf, type Node, type OpenApi } from './document.ts';

/** A schema with what it is put together of laid into it. */
export interface Flat {
  readonly node: Node;
  /** References on the way, so that a circle is noticed. */
  readonly references: readonly string[];
  /** What tells the variants apart, and which one was taken. */
  readonly mark: { readonly property: string; readonly value: string } | undefined;
}

const deepest = 12;
const mostParts = 500;

/** A schema with `allOf` merged, the first of `oneOf` and `anyOf` taken, and references followed. */
export const flat = (document: OpenApi, schema: unknown): Flat => flatOf(document, schema, 0, new Set());

/** @param seen what is laid in already: a second time it says nothing new, and circles would never end */
const flatOf = (document: OpenApi, schema: unknown, depth: number, seen: Set<unknown>): Flat => {
  const reference = textOf(nodeOf(schema)['$ref']);
  const references = reference === undefined ? [] : [reference];
  const id = reference ?? schema;
  if (seen.has(id) || seen.size > mostParts) return { node: {}, references, mark: undefined };
  if (typeof id === 'object' || reference !== undefined) seen.add(id);
  const node = document.resolve(schema);
  if (depth > deepest) return { node, references, mark: undefined };
  const { allOf, oneOf, anyOf, ...own } = node;
  const parts = listOf(allOf).map((part) => flatOf(document, part, depth + 1, seen));
  const variants = listOf(oneOf).length > 0 ? listOf(oneOf) : listOf(anyOf);
  const variant = variants.find((one) => document.resolve(one)['type'] !== 'null');
  const taken = variant === undefined ? undefined : flatOf(document, variant, depth + 1, seen);
  const all = taken === undefined ? parts : [...parts, taken];
  const merged = all.reduce<Node>((before, part) => merge(before, part.node), {});
  const mark = taken === undefined ? undefined : markOf(node, textOf(nodeOf(variant)['$ref']));
  return {
    node: merge(merged, own),
    references: [...references, ...all.flatMap((part) => part.references)],
    mark: mark ?? all.find((part) => part.mark !== undefined)?.mark,
  };
};

/** The name that a discriminator has for a variant: of its mapping, or else of the schema. */
const markOf = (node: Node, reference: string | undefined): Flat['mark'] => {
  const discriminator = nodeOf(node['discriminator']);
  const property = textOf(discriminator['propertyName']);
  if (property === undefined || reference === undefined) return undefined;
  const name = reference.split('/').at(-1)!;
  const mapped = Object.entries(nodeOf(discriminator['mapping'])).find(([, to]) => to === reference || to === name);
  return { property, value: mapped?.[0] ?? name };
};

const merge = (a: Node, b: Node): Node => ({
  ...a,
  ...b,
  ...(a['properties'] === undefined && b['properties'] === undefined
    ? {}
    : { properties: { ...nodeOf(a['properties']), ...nodeOf(b['properties']) } }),
  ...(a['required'] === undefined && b['required'] === undefined
    ? {}
    : { required: [...listOf(a['required']), ...listOf(b['required'])] }),
});

/** The type of a flat schema; what it has says it where it does not. */
export const typeOf = (node: Node): string | undefined => {
  const { type } = node;
  if (typeof type === 'string') return type;
  const first = listOf(type).find((one) => one !== 'null');
  if (typeof first === 'string') return first;
  if (node['properties'] !== undefined || node['additionalProperties'] !== undefined) return 'object';
  return node['items'] === undefined ? undefined : 'array';
};

/** The value that a schema names itself: its constant, example, default or the first of its enumeration. */
export const namedValue = (node: Node): { readonly value: unknown } | undefined => {
  for (const key of ['const', 'example']) if (node[key] !== undefined) return { value: node[key] };
  const [first] = listOf(node['examples']);
  if (first !== undefined) return { value: first };
  if (node['default'] !== undefined && node['default'] !== null) return { value: node['default'] };
  const some = listOf(node['enum']).find((one) => one !== null);
  return some === undefined ? undefined : { value: some };
};
