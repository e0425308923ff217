import { describe, expect, test } from 'vitest';
import { scenarioJsonSchema, scenarioSchemaText } from '../../../src/scenario/schema/json-schema.ts';

interface Schema {
  readonly $schema?: string;
  readonly description?: string;
  readonly required?: readonly string[];
  readonly properties?: { readonly [key: string]: Schema };
  readonly [keyword: string]: unknown;
}

const schema = scenarioJsonSchema() as Schema;

/** Every key that the schema lets a user write, with what it says of it. */
const keysOf = (value: unknown, path = ''): [path: string, schema: Schema][] => {
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]: [string, unknown]) =>
    key === 'properties'
      ? Object.entries(inner as { [key: string]: Schema }).flatMap(([name, property]): [string, Schema][] => [
          [`${path}.${name}`, property],
          ...keysOf(property, `${path}.${name}`),
        ])
      : keysOf(inner, path),
  );
};

test('it is a draft-07 schema of an object with the keys of a scenario, and survives JSON', () => {
  expect(schema.$schema).toBe('http://json-schema.org/draft-07/schema#');
  const keys =
    'after agents auth before conflict connectTo consistency control cookies data destructive env gates headers http2 keepAlive load lock login modes name pacing process proxy redirects rounds secrets seed serve steps sweep target timeouts tls transport violations workers';
  expect(Object.keys(schema.properties ?? {}).sort()).toEqual(keys.split(' '));
  expect(schema.required).toEqual(['target', 'steps']);
  expect(JSON.parse(JSON.stringify(schema))).toEqual(schema);
});

test('every key has a description', () => {
  const keys = keysOf(schema);
  expect(keys.length).toBeGreaterThan(60);
  const silent = keys
    .filter(([, { description, not }]) => description === undefined && not === undefined)
    .map(([path]) => path);
  // The word of a choice says what it is beside its map.
  expect(
    silent.filter(
      (path) =>
        !/\.(none|mutex|request-response|keyed|read-write|semaphore|redis|uniform|zipf|hotset|sequential|shuffled|unique|text|jsonpath|equals|contains|matches|present|pause|busy|even|poisson|wire|undici)$/.test(
          path,
        ),
    ),
  ).toEqual([]);
});

test('a choice is a word or a map with that word as its one key', () => {
  const lock = schema.properties?.['lock'] as { anyOf: unknown[] };
  expect(lock.anyOf).toContainEqual({ const: 'mutex', description: expect.any(String) as string });
  expect(lock.anyOf).toContainEqual(
    expect.objectContaining({ required: ['request-response'], additionalProperties: false, type: 'object' }),
  );
});

test('a gate is a text, or a map with that text', () => {
  const { items } = schema.properties!['gates'] as unknown as { items: { anyOf: [Schema, Schema] } };
  const [text, map] = items.anyOf;
  const isGate = (gate: string): boolean => new RegExp(String(text['pattern']), 'u').test(gate);
  expect(['p99(locked) < 50ms', 'throughput(a) >= 0.95 * throughput(b)', 'p99 < 5ms'].map(isGate)).toEqual([
    true,
    true,
    true,
  ]);
  expect(['50ms > p99(locked)', 'generators', 'p99'].map(isGate)).toEqual([false, false, false]);
  expect(map.required).toEqual(['gate']);
  expect(map.properties?.['gate']).toMatchObject({ type: 'string', pattern: text['pattern'] });
  expect(map.properties?.['abort']).toMatchObject({ type: 'boolean' });
});

test('nothing in a mode is required, and nothing has a default', () => {
  const text = JSON.stringify(schema.properties!['modes']!['additionalProperties']);
  const mode = (JSON.parse(text) as { anyOf: Schema[] }).anyOf.find(
    (branch) => branch.properties?.['lock'] !== undefined,
  );
  expect(mode?.required).toBeUndefined();
  const withDefault = keysOf(mode?.properties?.['load'] ?? {}).filter(([, key]) => key['default'] !== undefined);
  // A word's own options are none, and may be left out.
  expect(withDefault.map(([path]) => path).filter((path) => !path.startsWith('.arrival.'))).toEqual([]);
});

describe('the file says what comes again once', () => {
  const text = scenarioSchemaText();
  const { definitions, ...file } = JSON.parse(text) as Schema & { definitions: { readonly [name: string]: unknown } };
  const used = new Set<string>();

  /** With what each reference to a definition stands for in its place. */
  const whole = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(whole);
    if (typeof value !== 'object' || value === null) return value;
    const [, name] = /^#\/definitions\/(.+)$/u.exec(String((value as Schema)['$ref'])) ?? [];
    if (name === undefined) return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, whole(inner)]));
    used.add(name);
    // Beside a reference nothing counts in draft-07.
    expect(Object.keys(value)).toEqual(['$ref']);
    return whole(definitions[name]);
  };

  test('and loses no key, no description and no limit by that', () => {
    expect(whole(file)).toEqual(schema);
    expect([...used].toSorted()).toEqual(Object.keys(definitions).toSorted());
  });

  test('so that no part of some size stands in it twice, and an editor has a tenth to read', () => {
    const seen = new Map<string, number>();
    const count = (value: unknown): void => {
      if (typeof value !== 'object' || value === null) return;
      const part = JSON.stringify(value);
      if (part.length > 1500 && !Array.isArray(value)) seen.set(part, (seen.get(part) ?? 0) + 1);
      for (const inner of Object.values(value)) count(inner);
    };
    count({ ...file, definitions });
    expect([...seen].filter(([, times]) => times > 1).map(([part]) => part.slice(0, 200))).toEqual([]);
    expect(text.length).toBeLessThan(300_000);
  });
});
