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

/** The reference page: every key that the schema lets a user write, level by level. */
export const reference = (schema: Schema): string => {
  const sections: Section[] = [{ path: '', says: '', schema }];
  const pages: string[] = [];
  for (let at = 0; at < sections.length; at++) {
    const section = sections[at]!;
    pages.push(pageOf(section));
    // A mode has the keys of the scenario.
    sections.push(...innerOf(section).filter(({ path }) => !path.startsWith('modes.')));
  }
  return `${head}\n${pages.join('\n')}`;
};

const head = `# Scenario reference

<!-- Made from the schema by \`npm run docs\`: do not edit. -->

Every key of a scenario, as \`contend schema\` has it for editors. A file that begins with
\`# yaml-language-server: $schema=node_modules/contend/scenario.schema.json\` is completed and checked while it is written;
\`contend init\` writes such a file, and \`contend validate\` says what is wrong with one. Durations are \`200us\`, \`1ms\`, \`1.5s\`,
\`2m\` or \`1h\`. Text with \`\${…}\` in it is a template. [Recipes](recipes.md) show keys at work.
`;

const pageOf = ({ path, says, schema }: Section): string => {
  const title = path === '' ? '## The scenario' : `## \`${path}\``;
  const words = wordsOf(schema);
  if (words.length > 0) {
    const rows = words.map(([word, { description = '' }, inner]) => [code(word), description, inner]);
    return lines(title, sentence(says), table(['word', 'says', 'takes'], rows));
  }
  const rows = objectsOf(schema).flatMap((object) =>
    Object.entries(object.properties ?? {})
      .filter(([, property]) => property.not === undefined)
      .map(([key, property]) => [
        `${code(key)}${object.required?.includes(key) === true ? ' (needed)' : ''}`,
        property.description ?? '',
        shortOf(property),
        property.default === undefined ? '' : code(JSON.stringify(property.default)),
      ]),
  );
  const shown = rows.length === 0 ? '' : table(['key', 'says', 'takes', 'default'], rows);
  const modes =
    path === 'modes'
      ? 'A mode is a lock alone, or a map of what it changes: any key above but those of the scenario as a whole.'
      : '';
  return lines(title, sentence(says), modes, shown, examplesOf(schema));
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
  return [...anyOf, ...(items === undefined ? [] : [items]), ...inner].flatMap(objectsOf);
};

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
