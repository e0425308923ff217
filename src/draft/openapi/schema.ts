import { listOf, nodeOf, textOf, type Node, type OpenApi } from './document.ts';

/** A schema with its parts merged. */
export interface Flat {
  readonly node: Node;
  /** References followed on the way, so that a circle is noticed. */
  readonly references: readonly string[];
  /** The property that tells variants apart, and the value of the one taken. */
  readonly mark: { readonly property: string; readonly value: string } | undefined;
}

const deepest = 12;
const mostParts = 500;

/** A schema with `allOf` merged, the first of `oneOf` and `anyOf` taken, and references followed. */
export const flat = (document: OpenApi, schema: unknown): Flat => flatOf(document, schema, 0, new Set());

/** A merged schema, and the discriminator of its base while no child has been chosen. */
interface Made extends Flat {
  readonly base: { readonly discriminator: Node; readonly reference: string | undefined } | undefined;
}

/**
 * @param seen what is merged already: again it adds nothing, and circles would never end
 * @param isPart it is merged into a schema that extends it
 */
const flatOf = (document: OpenApi, schema: unknown, depth: number, seen: Set<unknown>, isPart = false): Made => {
  const reference = textOf(nodeOf(schema)['$ref']);
  const references = reference === undefined ? [] : [reference];
  const id = reference ?? schema;
  const nothing = { references, mark: undefined, base: undefined };
  if (seen.has(id) || seen.size > mostParts) return { node: {}, ...nothing };
  if (typeof id === 'object' || reference !== undefined) seen.add(id);
  const node = document.resolve(schema);
  if (depth > deepest) return { node, ...nothing };
  const { allOf, oneOf, anyOf, ...own } = node;
  const discriminator = discriminatorOf(node);
  const isBase = textOf(discriminator['propertyName']) !== undefined;
  const choices = listOf(oneOf).length > 0 ? listOf(oneOf) : listOf(anyOf);
  // A child that extends a base is one of the variants that the base may name.
  const variants = isPart && isBase ? [] : choices;
  if (isBase && variants.length === 0 && !isPart) {
    const child = childrenOf(document, reference, discriminator)[0];
    if (child !== undefined) return flatOf(document, child, depth + 1, new Set([...seen].filter((one) => one !== id)));
  }
  const parts = listOf(allOf).map((part) => flatOf(document, part, depth + 1, seen, true));
  const usable = variants.filter((one) => document.resolve(one)['type'] !== 'null');
  const variant = usable.find((one) => isAllowed(document.resolve(one), own)) ?? usable[0];
  const taken = variant === undefined ? undefined : flatOf(document, variant, depth + 1, seen, isPart);
  const all = taken === undefined ? parts : [...parts, taken];
  const merged = all.reduce<Node>((before, part) => merge(before, part.node), {});
  const base = isBase && variants.length === 0 ? { discriminator, reference } : parts.find((one) => one.base)?.base;
  const named =
    taken === undefined ? undefined : markOf(discriminator, textOf(nodeOf(variant)['$ref']), document.resolve(variant));
  // A schema that extends a base is identified by its own name.
  const built =
    base === undefined || base.reference === reference ? undefined : markOf(base.discriminator, reference, own);
  const inner = all.find((part) => part.mark !== undefined)?.mark;
  const nameless =
    isPart || base === undefined
      ? undefined
      : markOf(base.discriminator, childrenOf(document, base.reference, base.discriminator)[0]?.$ref ?? base.reference);
  return {
    node: merge(merged, own),
    references: [...references, ...all.flatMap((part) => part.references)],
    mark: named ?? built ?? inner ?? nameless,
    base,
  };
};

/** In Swagger 2.0 it is only the property's name. */
const discriminatorOf = ({ discriminator }: Node): Node =>
  typeof discriminator === 'string' ? { propertyName: discriminator } : nodeOf(discriminator);

/** The schemas that a base stands for: those of its mapping, otherwise those that extend it. */
const childrenOf = (
  document: OpenApi,
  reference: string | undefined,
  discriminator: Node,
): readonly { readonly $ref: string }[] => {
  const mapped = Object.values(nodeOf(discriminator['mapping'])).flatMap((to) => {
    const name = textOf(to);
    if (name === undefined) return [];
    return [{ $ref: /[#/.]/.test(name) ? name : `#/components/schemas/${name}` }];
  });
  if (mapped.length > 0 || reference === undefined) return mapped.filter(({ $ref }) => $ref !== reference);
  const schemas = Object.entries(document.resolve(document.resolve(document.root['components'])['schemas']));
  const place = reference.slice(0, reference.lastIndexOf('/') + 1);
  return schemas
    .slice(0, 5000)
    .filter(([, schema]) => listOf(nodeOf(schema)['allOf']).some((part) => nodeOf(part)['$ref'] === reference))
    .map(([name]) => ({ $ref: `${place}${name.replaceAll('~', '~0').replaceAll('/', '~1')}` }));
};

/** The discriminator's value for a variant: what the variant says, otherwise the mapping, otherwise the schema's name. */
const markOf = (discriminator: Node, reference: string | undefined, variant: Node = {}): Flat['mark'] => {
  const property = textOf(discriminator['propertyName']);
  if (property === undefined || reference === undefined) return undefined;
  const said = textOf(variant['x-ms-discriminator-value'] ?? variant['x-discriminator-value']);
  if (said !== undefined) return { property, value: said };
  const name = reference
    .split('/')
    .at(-1)!
    .replace(/\.(?:ya?ml|json)$/i, '');
  const mapped = Object.entries(nodeOf(discriminator['mapping'])).find(([, to]) => to === reference || to === name);
  return { property, value: mapped?.[0] ?? name };
};

const isSameJson = (a: unknown, b: unknown): boolean => JSON.stringify(a) === JSON.stringify(b);

/** The values that a schema names. `undefined` if it names none. */
const valuesOf = (node: Node): readonly unknown[] | undefined => {
  if (node['const'] !== undefined) return [node['const']];
  return Array.isArray(node['enum']) ? listOf(node['enum']) : undefined;
};

/** Whether a variant names a value that the keys next to it allow. */
const isAllowed = (variant: Node, own: Node): boolean => {
  const [some, wanted] = [valuesOf(variant), valuesOf(own)];
  return (
    some === undefined || wanted === undefined || some.some((one) => wanted.some((other) => isSameJson(one, other)))
  );
};

/** Without a constant, an example or a default that is not in the enumeration. */
const fitting = (node: Node): Node => {
  const some = listOf(node['enum']);
  if (some.length === 0) return node;
  const isOne = (value: unknown): boolean => some.some((one) => isSameJson(one, value));
  const kept = Object.entries(node).filter(
    ([key, value]) => !['const', 'example', 'default'].includes(key) || isOne(value),
  );
  const examples = listOf(node['examples']).filter(isOne);
  return { ...Object.fromEntries(kept), ...(node['examples'] === undefined ? {} : { examples }) };
};

/** The values that both allow. */
const commonValues = (a: Node, b: Node): Node => {
  const [first, second] = [valuesOf(a), valuesOf(b)];
  if (first === undefined || second === undefined) return {};
  const both = second.filter((one) => first.some((other) => isSameJson(one, other)));
  return { enum: both.length > 0 ? both : second };
};

const merge = (a: Node, b: Node): Node =>
  fitting({
    ...a,
    ...b,
    ...commonValues(a, b),
    ...(a['properties'] === undefined && b['properties'] === undefined
      ? {}
      : { properties: { ...nodeOf(a['properties']), ...nodeOf(b['properties']) } }),
    ...(a['required'] === undefined && b['required'] === undefined
      ? {}
      : { required: [...listOf(a['required']), ...listOf(b['required'])] }),
  });

/** The type of a flat schema, derived from its other keys if it does not say. */
export const typeOf = (node: Node): string | undefined => {
  const { type } = node;
  if (typeof type === 'string') return type;
  const first = listOf(type).find((one) => one !== 'null');
  if (typeof first === 'string') return first;
  if (node['properties'] !== undefined || node['additionalProperties'] !== undefined) return 'object';
  return node['items'] === undefined ? undefined : 'array';
};

/** The value that a schema names: its constant, example, default or the first of its enumeration. */
export const namedValue = (node: Node): { readonly value: unknown } | undefined => {
  for (const key of ['const', 'example']) if (node[key] !== undefined) return { value: node[key] };
  const [first] = listOf(node['examples']);
  if (first !== undefined) return { value: first };
  if (node['default'] !== undefined && node['default'] !== null) return { value: node['default'] };
  const some = listOf(node['enum']).find((one) => one !== null);
  return some === undefined ? undefined : { value: some };
};
