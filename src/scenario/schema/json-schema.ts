import { examples } from './examples.ts';
import { jsonSchemaOf, type JsonSchema } from './notation.ts';
import { scenarioSchema } from './scenario.ts';

/** The JSON Schema (draft-07, which editors know) of a scenario file: every key described, every default named. */
export const scenarioJsonSchema = (): JsonSchema => {
  const { properties, ...schema } = jsonSchemaOf(scenarioSchema);
  return {
    title: 'contend scenario',
    ...schema,
    properties: Object.fromEntries(
      Object.entries(properties ?? {}).map(([key, property]) => [
        key,
        Object.hasOwn(examples, key) ? { ...(property as object), examples: examples[key] } : property,
      ]),
    ),
  };
};

/** The same as the text of a file, `scenario.schema.json`, in which repeated parts are written once. */
export const scenarioSchemaText = (): string => `${JSON.stringify(sharing(scenarioJsonSchema()), null, 2)}\n`;

/** Shorter ones are just as easy to read in place. */
const shortestShared = 300;

/** Keywords whose values are schemas, lists of them, or maps of them by name. */
const single = new Set(['items', 'additionalProperties', 'propertyNames', 'contains', 'not', 'if', 'then', 'else']);
const listed = new Set(['anyOf', 'oneOf', 'allOf', 'items']);
const named = new Set(['properties', 'patternProperties', 'definitions']);

/** A schema inside another one, and the name of its property. */
type Visit = (schema: JsonSchema, name: string) => JsonSchema;

/**
 * A schema in which each part that occurs more than once is written once, under `definitions`, and referred to. It accepts and
 * refuses the same, and says the same to editors: only parts equal down to their descriptions are shared.
 */
const sharing = (whole: JsonSchema): JsonSchema => {
  const times = new Map<string, number>();
  const count: Visit = (schema) => {
    const text = JSON.stringify(schema);
    if (text.length < shortestShared) return schema;
    const before = times.get(text) ?? 0;
    times.set(text, before + 1);
    // The inside of a second copy is not counted again, as the copy becomes a reference.
    return before === 0 ? inside(schema, '', count) : schema;
  };
  inside(whole, '', count);
  const names = new Map<string, string>();
  const definitions: { [name: string]: JsonSchema } = {};
  const replace: Visit = (schema, name) => {
    const text = JSON.stringify(schema);
    if ((times.get(text) ?? 0) < 2) return inside(schema, name, replace);
    const known = names.get(text);
    if (known !== undefined) return { $ref: `#/definitions/${known}` };
    let free = name;
    for (let copy = 2; Object.hasOwn(definitions, free); copy++) free = `${name}${copy}`;
    names.set(text, free);
    // Reserve the name first: something inside may have the same one.
    definitions[free] = {};
    definitions[free] = inside(schema, name, replace);
    return { $ref: `#/definitions/${free}` };
  };
  const shared = inside(whole, 'scenario', replace);
  return { ...shared, definitions };
};

/** A schema with `visit` applied to each schema directly inside it. */
const inside = (schema: JsonSchema, name: string, visit: Visit): JsonSchema =>
  Object.fromEntries(
    Object.entries(schema).map(([key, value]): [string, unknown] => {
      if (listed.has(key) && Array.isArray(value))
        return [key, value.map((one) => (isSchema(one) ? visit(one, name) : (one as unknown)))];
      if (!isSchema(value)) return [key, value];
      if (single.has(key)) return [key, visit(value, name)];
      if (!named.has(key)) return [key, value];
      return [
        key,
        Object.fromEntries(Object.entries(value).map(([own, one]) => [own, isSchema(one) ? visit(one, own) : one])),
      ];
    }),
  );

const isSchema = (value: unknown): value is JsonSchema =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
