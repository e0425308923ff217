import { readdirSync, readFileSync } from 'node:fs';
import { Ajv } from 'ajv';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { scenarioJsonSchema, scenarioSchemaText } from '../../src/scenario/schema/json-schema.ts';
import { examples } from '../../src/scenario/schema/examples.ts';
import { linesOf } from './reading.ts';
import { reference, type Schema } from './reference.ts';

const root = new URL('../../', import.meta.url);
const schema = scenarioJsonSchema();
// A validator of other people's, and the file that editors read: what it takes is what they take. `type` may be a list, as in draft-07.
const isValid = new Ajv({
  strict: true,
  strictTypes: false,
  allowUnionTypes: true,
  strictRequired: false,
  allErrors: true,
}).compile(JSON.parse(scenarioSchemaText()) as object);

// `npm run docs` writes both anew.
test('docs/scenario.md and scenario.schema.json are what the schema says', async () => {
  await expect(reference(schema as Schema)).toMatchFileSnapshot('../../docs/scenario.md');
  await expect(scenarioSchemaText()).toMatchFileSnapshot('../../scenario.schema.json');
});

test('the reference names every key of the scenario', () => {
  const page = readFileSync(new URL('docs/scenario.md', root), 'utf8');
  for (const key of Object.keys((schema as Schema).properties!)) expect(page).toContain(`| \`${key}\``);
});

test('the reference says each table once, and begins with an example that is valid', () => {
  const page = readFileSync(new URL('docs/scenario.md', root), 'utf8');
  const tables = [...page.matchAll(/(?:^\|.*\n)+/gmu)].map(([table]) => table);
  expect(tables.filter((table, at) => tables.indexOf(table) !== at)).toEqual([]);
  // Nor is one of some length a part of another.
  const rowsOf = (table: string): string[] => table.trim().split('\n').slice(2);
  for (const table of tables.filter((one) => rowsOf(one).length > 6)) {
    const within = tables.filter((one) => one !== table && rowsOf(table).every((row) => rowsOf(one).includes(row)));
    expect(within).toEqual([]);
  }
  for (const table of tables) {
    const keys = table.split('\n').flatMap((row) => /^\| (`[^|]*)\|/u.exec(row)?.[1]?.trim() ?? []);
    expect(keys).toEqual([...new Set(keys)]);
  }
  expect(linesOf(/```yaml\n(.*?)```/su.exec(page)![1]!)).toEqual([]);
});

const files = readdirSync(new URL('scenarios', root)).filter((file) => file.endsWith('.yaml'));

test.each(files)('scenarios/%s is valid by the JSON Schema, too', (file) => {
  isValid(parse(readFileSync(new URL(`scenarios/${file}`, root), 'utf8')));
  expect(isValid.errors ?? []).toEqual([]);
});

test('every key has an example, and each is valid beside what a scenario needs', () => {
  expect(Object.keys(examples).sort()).toEqual(Object.keys((schema as Schema).properties!).sort());
  const step = { name: 'write', put: '/', json: 1 };
  const read = { name: 'read', get: '/', capture: { stock: 'body.stock' } };
  // HTTP/2 is for https alone.
  const needed = { target: 'https://localhost', steps: [read, step], data: { product: '1..20' }, env: ['API_TOKEN'] };
  for (const [key, all] of Object.entries(examples)) {
    for (const example of all) {
      const modes = key === 'modes' ? {} : { modes: { locked: 'mutex', other: {} } };
      const scenario = { ...needed, ...modes, [key]: example };
      expect([key, isValid(scenario), isValid.errors ?? []]).toEqual([key, true, []]);
      expect([key, linesOf(JSON.stringify(scenario))]).toEqual([key, []]);
    }
  }
});

test.each([
  ['nothing', {}],
  ['no steps', { target: 'http://a', steps: [] }],
  ['an unknown key', { target: 'http://a', steps: [{ get: '/' }], roundz: 2 }],
  ['an unknown key in a step', { target: 'http://a', steps: [{ gett: '/' }] }],
  ['two methods', { target: 'http://a', steps: [{ get: '/', put: '/' }] }],
  ['a path without a slash', { target: 'http://a', steps: [{ get: 'products' }] }],
  ['no address', { target: 'ftp://a', steps: [{ get: '/' }] }],
  ['a duration without a unit', { target: 'http://a', steps: [{ get: '/' }], load: { duration: 10 } }],
  ['no users', { target: 'http://a', steps: [{ get: '/' }], load: { users: 0 } }],
  ['an unknown lock', { target: 'http://a', steps: [{ get: '/' }], lock: 'mutx' }],
  ['a lock without its options', { target: 'http://a', steps: [{ get: '/' }], lock: 'keyed' }],
  ['an unknown lock of a mode', { target: 'http://a', steps: [{ get: '/' }], modes: { a: 'mutx' } }],
  ['a key of the whole in a mode', { target: 'http://a', steps: [{ get: '/' }], modes: { a: { rounds: 2 } } }],
  ['sections in each other', { target: 'http://a', steps: [{ critical: [{ critical: [{ get: '/' }] }] }] }],
  ['a name of the environment that is none', { target: 'http://a', steps: [{ get: '/' }], env: ['A-B'] }],
  ['a gate that is none', { target: 'http://a', steps: [{ get: '/' }], gates: ['fast'] }],
])('the JSON Schema refuses %s', (_, scenario) => {
  expect(isValid(scenario)).toBe(false);
  expect(linesOf(JSON.stringify(scenario))).not.toEqual([]);
});
