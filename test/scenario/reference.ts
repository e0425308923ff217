/** A JSON Schema, as far as the reference reads it. */
export interface Schema {
  readonly description?: string;
  readonly default?: unknown;
  readonly examples?: readonly unknown[];
  readonly type?: string | readonly string[];
  readonly const?: unknown;
  readonly enum?: readonly unknown[];
  readonly pattern?: string;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly not?: object;
  readonly anyOf?: readonly Schema[];
  readonly items?: Schema;
  readonly additionalProperties?: Schema | boolean;
  readonly properties?: { readonly [key: string]: Schema };
  readonly required?: readonly string[];
}

interface Section {
  readonly path: string;
  readonly says: string;
  readonly schema: Schema;
}

/** The reference page: every key that the schema lets a user write, level by level, and what stands at several places once. */
export const reference = (schema: Schema): string => {
  const sections: Section[] = [{ path: '', says: '', schema }];
  const first = new Map<string, { readonly section: Section; readonly also: Set<string> }>();
  for (let at = 0; at < sections.length; at++) {
    const section = sections[at]!;
    const shape = shapeOf(section.schema);
    const known = first.get(shape);
    if (known !== undefined) {
      known.also.add(section.path);
      continue;
    }
    first.set(shape, { section, also: new Set() });
    // A mode has the keys of the scenario.
    sections.push(...innerOf(section).filter(({ path }) => !path.startsWith('modes.')));
  }
  const tables = new Map<string, string>();
  const pages = [...first.values()].map(({ section, also }) => {
    const { title, keys, rest } = pageOf(section);
    const { path } = section;
    const same = [...also].filter((other) => other !== path);
    const elsewhere = same.length === 0 ? '' : `The same: ${same.map(code).join(', ')}.`;
    const own = keys === '' ? '' : besideOthers(keys, tables);
    if (keys !== '' && !tables.has(keys)) tables.set(keys, path);
    return lines(...title, elsewhere, own, rest);
  });
  return `${head}\n${pages.join('\n')}`;
};

/** The fewest rows that one table refers to another for. */
const fewestShared = 4;

/**
 * A table without what an earlier one says already: the same table, one with all of its rows but a key or two, or one whose rows
 * are all among its own.
 *
 * @param tables the earlier ones, whole, and where they are
 */
const besideOthers = (keys: string, tables: ReadonlyMap<string, string>): string => {
  const same = tables.get(keys);
  if (same !== undefined) return `Its keys are those of ${code(same)}.`;
  const [columns, rule, ...rows] = keys.split('\n');
  const mine = new Set(rows);
  for (const [other, path] of tables) {
    const theirs = other.split('\n').slice(2);
    if (theirs.length < fewestShared) continue;
    const lacking = theirs.filter((row) => !mine.has(row));
    const isPart = rows.length >= fewestShared && rows.length + lacking.length === theirs.length;
    if (isPart && lacking.length <= 2)
      return `Its keys are those of ${code(path)}, except ${lacking.map(keyOf).join(' and ')}.`;
  }
  for (const [other, path] of tables) {
    const theirs = other.split('\n').slice(2);
    if (theirs.length < fewestShared || !theirs.every((row) => mine.has(row))) continue;
    const left = rows.filter((row) => !theirs.includes(row));
    return lines([columns!, rule!, ...left].join('\n'), `Also the keys of ${code(path)}.`).trimEnd();
  }
  return keys;
};

/** The key that a row is about, without what else its cell says. */
const keyOf = (row: string): string => /`[^`]+`/u.exec(row)![0];

/** What a value may be, whatever is said of it where it stands; a choice is one by its words. */
const shapeOf = (schema: Schema): string => {
  const { description: _said, default: _usual, ...shape } = schema;
  return JSON.stringify(shape);
};

const head = `# Scenario reference

<!-- Made from the schema by \`npm run docs\`: do not edit. -->

Every key of a scenario, as \`contend schema\` has it for editors. A file that begins with
\`# yaml-language-server: $schema=node_modules/contend/scenario.schema.json\` is completed and checked while it is written;
\`contend init\` writes such a file, and \`contend validate\` says what is wrong with one. Durations are \`200us\`, \`1ms\`, \`1.5s\`,
\`2m\` or \`1h\`. Text with \`\${…}\` in it is a template. [Recipes](recipes.md) show keys at work.

\`\`\`yaml
name: online-store
target: http://localhost:3000
seed: 42 # the same seed sends the same requests
rounds: 12 # every mode this often, in turns
load: { users: 64, duration: 6s, warmup: 200ms }
data:
  product: { range: 1..20, pick: { zipf: 1.1 } } # a few products are bought most of the time
before: # once before each slot
  - post: /reset
    json: { stock: 1000000 }
steps:
  - critical: # these steps run under the mode's lock
      - name: read
        get: /products/\${product}
        capture: { stock: body.stock, version: header.etag }
      - name: write
        put: /products/\${product}
        json: { stock: '\${stock - 1}' }
        expect: { status: [200, 204] }
modes:
  locked: mutex
  optimistic:
    conflict: { status: 412, retries: 50, backoff: 1ms..20ms }
    steps: { write: { headers: { if-match: '\${version}' } } }
  lock-free: { lock: none, violations: allowed } # what it loses is a finding, and fails nothing
consistency:
  rmw-counter:
    key: '\${product}'
    update: { step: write, from: '\${stock}', to: '\${stock - 1}' }
    read: { get: '/products/\${key}', value: body.stock }
gates:
  - p99(locked) < 500ms
  - throughput(optimistic) >= 2 * throughput(locked)
\`\`\`
`;

/** A section in its parts: a title and what is said, the table of keys or words, and what stands behind it. */
const pageOf = ({ path, says, schema }: Section): { title: readonly string[]; keys: string; rest: string } => {
  const title = path === '' ? '## The scenario' : `## \`${path}\``;
  const words = wordsOf(schema);
  if (words.length > 0) {
    const rows = words.map(([word, { description = '' }, inner]) => [code(word), description, inner]);
    return { title: [title, sentence(says)], keys: table(['word', 'says', 'takes'], rows), rest: '' };
  }
  const modes =
    path === 'modes'
      ? 'A mode is a lock alone, or a map of what it changes: any key above but those of the scenario as a whole.'
      : '';
  return { title: [title, sentence(says), modes], keys: keysOf(schema), rest: examplesOf(schema) };
};

/** The table of the keys that a map may have, or each map of a list: a key that may stand in several of them stands there once. */
const keysOf = (schema: Schema): string => {
  const rows = new Map<string, { readonly says: Set<string>; readonly takes: Set<string>; readonly usual: string }>();
  for (const object of objectsOf(schema)) {
    for (const [key, property] of Object.entries(object.properties ?? {})) {
      if (property.not !== undefined) continue;
      const name = `${code(key)}${object.required?.includes(key) === true ? ' (needed)' : ''}`;
      const usual = property.default === undefined ? '' : code(JSON.stringify(property.default));
      const row = rows.get(name) ?? { says: new Set(), takes: new Set(), usual };
      row.says.add(property.description ?? '');
      row.takes.add(shortOf(property));
      rows.set(name, row);
    }
  }
  const cells = [...rows].map(([name, { says, takes, usual }]) => [
    name,
    [...says].filter((one) => one !== '').join('; '),
    [...new Set([...takes].flatMap((one) => one.split(' or ')))].join(' or '),
    usual,
  ]);
  return cells.length === 0 ? '' : table(['key', 'says', 'takes', 'default'], cells);
};

const lines = (...parts: readonly string[]): string => `${parts.filter((part) => part !== '').join('\n\n')}\n`;

const sentence = (text: string): string => (text === '' ? '' : `${text[0]!.toUpperCase()}${text.slice(1)}.`);

const examplesOf = ({ examples = [] }: Schema): string =>
  examples.length === 0 ? '' : `For example: ${examples.map((one) => code(flow(one))).join(', ')}.`;

/** JSON as YAML's flow style has it. */
const flow = (value: unknown): string => {
  if (Array.isArray(value)) return `[${value.map(flow).join(', ')}]`;
  if (typeof value === 'object' && value !== null)
    return `{ ${Object.entries(value)
      .map(([key, inner]) => `${key}: ${flow(inner)}`)
      .join(', ')} }`;
  return typeof value === 'string' && /[{}$,:<]/u.test(value) && !/^https?:/u.test(value)
    ? JSON.stringify(value)
    : String(value);
};

/** The maps that a value may be, or be a list of. */
const objectsOf = (schema: Schema): readonly Schema[] => {
  if (schema.properties !== undefined) return [schema];
  const { anyOf = [], items, additionalProperties } = schema;
  const inner = typeof additionalProperties === 'object' ? [additionalProperties] : [];
  // A list that a map beside it has under a key has its table there.
  const listed = new Set(anyOf.flatMap(({ properties = {} }) => Object.values(properties).map(itemsIn)));
  const others = anyOf.filter((one) => one.items === undefined || !listed.has(itemsIn(one)));
  return [...others, ...(items === undefined ? [] : [items]), ...inner].flatMap(objectsOf);
};

const itemsIn = ({ items }: Schema): string => (items === undefined ? '' : JSON.stringify(items));

/** The words of a choice: each alone, or a map with it as its one key. */
const wordsOf = ({ anyOf = [] }: Schema): readonly (readonly [word: string, schema: Schema, options: string])[] => {
  const words = new Map<string, readonly [Schema, string[]]>();
  for (const branch of anyOf) {
    const keys = Object.keys(branch.properties ?? {});
    const isMap = keys.length === 1 && branch.required?.length === 1 && branch.description !== undefined;
    const word = isMap ? keys[0] : branch.description === undefined ? undefined : branch.const;
    if (typeof word !== 'string') return [];
    const [first, options] = words.get(word) ?? [branch, []];
    words.set(word, [first, isMap ? [...options, optionsOf(branch.properties![word]!)] : options]);
  }
  return [...words].map(([word, [schema, options]]) => [word, schema, options.filter((one) => one !== '').join('; ')]);
};

const optionsOf = (schema: Schema): string => {
  if (schema.properties === undefined) return shortOf(schema);
  return Object.entries(schema.properties)
    .map(([key, { description = '', default: usual }]) => {
      const says = usual === undefined ? description : `${description} (${JSON.stringify(usual)})`;
      return `${code(key)}: ${says}`;
    })
    .join('; ');
};

const innerOf = ({ path, schema }: Section): readonly Section[] =>
  objectsOf(schema)
    .filter(() => wordsOf(schema).length === 0)
    .flatMap((object) =>
      Object.entries(object.properties ?? {})
        .filter(
          ([, property]) =>
            wordsOf(property).length > 0 || objectsOf(property).length > 0 || property.examples !== undefined,
        )
        .filter(([, property]) => property.not === undefined)
        .map(([key, property]) => ({
          path: path === '' ? key : `${path}.${key}`,
          says: property.description ?? '',
          schema: property,
        })),
    );

const shortOf = (schema: Schema): string => {
  if (wordsOf(schema).length > 0) return 'see below';
  if (schema.const !== undefined) return code(JSON.stringify(schema.const));
  if (schema.enum !== undefined) return schema.enum.map((one) => code(String(one))).join(', ');
  if (schema.anyOf !== undefined)
    return [...new Set(schema.anyOf.map(shortOf).filter((one) => one !== ''))].join(' or ');
  const { type, minimum, maximum } = schema;
  if (type === 'integer' || type === 'number') {
    const word = type === 'integer' ? 'a whole number' : 'a number';
    if (minimum !== undefined && maximum !== undefined && maximum < Number.MAX_SAFE_INTEGER)
      return `${word}, ${minimum} to ${maximum}`;
    return word;
  }
  return typeof type === 'string' ? (kinds[type] ?? type) : 'text or a number';
};

const kinds: { readonly [type: string]: string } = {
  string: 'text',
  object: 'a map',
  array: 'a list',
  boolean: 'true or false',
  null: 'null',
};

const code = (text: string): string => (text.includes('`') ? `\`\` ${text} \`\`` : `\`${text}\``);

const table = (columns: readonly string[], rows: readonly (readonly string[])[]): string => {
  const used = columns.map((_, at) => rows.some((row) => row[at] !== ''));
  const row = (cells: readonly string[]): string =>
    `| ${cells
      .filter((_, at) => used[at])
      .map((cell) => cell.replaceAll('|', String.raw`\|`))
      .join(' | ')} |`;
  return [row(columns), row(columns.map(() => '---')), ...rows.map(row)].join('\n');
};
