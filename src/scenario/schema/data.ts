import { z } from 'zod';
import type { Variable } from '../../core/plan/plan.ts';
import type { Json } from '../../core/json.ts';
import {
  generatorSyntax,
  itemsSyntax,
  pickSyntax,
  type ItemsName,
  type PickName,
  type SourceName,
} from '../../measure/data/syntax.ts';
import { parseMoments } from '../text/notation.ts';
import { didYouMean } from '../text/suggest.ts';
import { named, quoted } from '../text/words.ts';
import { changes } from './changes.ts';
import { choice } from './choice.ts';
import { branch, isMap, notation } from './notation.ts';
import { range } from './values.ts';

/** All words of a source. */
export const sourceWords = Object.keys({ ...itemsSyntax, ...generatorSyntax }) as readonly SourceName[];

const isSource = (word: string): word is SourceName => (sourceWords as readonly string[]).includes(word);

const mostInList = 10_000;
const longest = 10_000;

const summaries = Object.entries(pickSyntax)
  .map(([word, { summary }]) => `${word}, ${summary}`)
  .join('; ');

const pick = choice('pick', pickSyntax)
  .describe(`which one an iteration gets: ${summaries}`)
  .prefault('uniform' satisfies PickName);

const list = branch(
  [z.array(z.unknown()).min(1)],
  (input, refuse) =>
    Array.isArray(input) && input.length > mostInList
      ? refuse(`expected at most ${mostInList} items, got ${input.length}`, 'put them into a file')
      : z.array(z.unknown()).min(1),
  { type: 'array', minItems: 1, maxItems: mostInList },
);

const file = notation(
  (input, refuse) => {
    if (typeof input !== 'string' || input === '' || input.includes('\0'))
      return refuse(`expected the path of a file, got ${named(input)}`, 'such as users.csv');
    const isInside = !/^([/\\]|[A-Za-z]:)/.test(input) && !input.split(/[/\\]/).includes('..');
    return isInside
      ? input
      : refuse('a file lies in the folder of the scenario, or below it', 'such as data/users.csv');
  },
  { type: 'string', minLength: 1 },
);

const delimiter = notation(
  (input, refuse) =>
    typeof input === 'string' && /^[^\p{L}\p{N}"\r\n]$/u.test(input)
      ? input
      : refuse(`expected one character that separates values, got ${named(input)}`, 'such as ";" or "\\t"'),
  { type: 'string', minLength: 1, maxLength: 1 },
);

/** `3`, or `2..5`: how many. */
const amount = notation(
  (input, refuse) => {
    const read = typeof input === 'number' ? { from: input, to: input } : range.safeParse(input).data;
    if (read === undefined || !Number.isInteger(read.from) || read.from < 1 || read.to > longest)
      return refuse(`expected how many, 1 to ${longest}, got ${named(input)}`, 'such as 3, or 2..5');
    return read;
  },
  {
    anyOf: [
      { type: 'integer', minimum: 1, maximum: longest },
      { type: 'string', pattern: String.raw`^\d+\.\.\d+$` },
    ],
  },
);

const moments = notation(
  (input, refuse) => {
    const read = parseMoments(input);
    if (read === undefined)
      return refuse(`expected two moments, got ${named(input)}`, 'such as 2026-01-01..2026-12-31');
    return read[0] > read[1] ? refuse('the range ends before it begins') : read;
  },
  { type: 'string', pattern: String.raw`^\d{4}-\d{2}-\d{2}.*\.\.\d{4}-\d{2}-\d{2}` },
);

const shapes = {
  range: { range: range.describe('whole numbers, both ends included: 1..20'), pick },
  list: { list: list.describe('the items, anything JSON can express: [red, green]'), pick },
  file: {
    file: file.describe("path of a CSV, JSON or NDJSON file, from the scenario's folder; a row is a map: ${user.name}"),
    format: z
      .enum(['csv', 'json', 'ndjson'])
      .describe('format of the file; default: by the ending of its name')
      .optional(),
    delimiter: delimiter.describe('what separates values in a CSV file; default ",", or a tab in .tsv').optional(),
    header: z
      .array(z.string().min(1))
      .min(1)
      .describe('names of the columns of a CSV file without a header line: [url, id]')
      .optional(),
    columns: z
      .record(z.string(), z.enum(['text', 'number', 'boolean']))
      .describe('types of CSV columns, if they are not what they look like: { zip: text }')
      .optional(),
    pick,
  },
  uuid: { uuid: z.strictObject({}).describe('a random UUID') },
  words: { words: amount.describe('a number of plain words, separated by blanks: 3, or 2..5') },
  text: { text: amount.describe('a number of letters and digits: 16, or 8..16') },
  timestamp: {
    timestamp: moments.describe('a random moment between two, UTC: 2026-01-01..2026-12-31'),
    as: z
      .enum(['iso', 'seconds', 'milliseconds'])
      .describe('as text, 2026-01-31T12:00:00.000Z, or as a number since 1970')
      .prefault('iso'),
  },
} as const satisfies { readonly [word in SourceName]: { readonly [key in word]: z.ZodType } & z.ZodRawShape };

const items = <Name extends ItemsName>(name: Name) =>
  z
    .strictObject(shapes[name])
    .transform((given): Variable => {
      const { pick, ...more } = given as { readonly pick: Variable['pick']; readonly [key: string]: unknown };
      return { name, options: (name === 'file' ? more : more[name]) as Json, pick: pick! };
    })
    .describe(itemsSyntax[name].summary);

const generated = (name: 'uuid' | 'words' | 'text') =>
  z
    .strictObject(shapes[name])
    .transform((given): Variable => ({ name, options: (given as { readonly [key: string]: unknown })[name] as Json }))
    .describe(generatorSyntax[name].summary);

const sources: { readonly [word in SourceName]: z.ZodType<Variable> } = {
  range: items('range'),
  list: items('list'),
  file: items('file'),
  uuid: generated('uuid'),
  words: generated('words'),
  text: generated('text'),
  timestamp: z
    .strictObject(shapes.timestamp)
    .transform(({ timestamp: [fromMs, toMs], as }): Variable => ({ name: 'timestamp', options: { fromMs, toMs, as } }))
    .describe(generatorSyntax.timestamp.summary),
};

const shortRange = range.transform((range): Variable => ({
  name: 'range',
  options: range,
  pick: { name: 'uniform', options: {} },
}));

const uuidWord = z.literal('uuid').transform((): Variable => ({ name: 'uuid', options: {} }));

const allKeys = Object.assign({}, ...Object.values(shapes)) as z.ZodRawShape;

/** Allows every key and requires none: what it refuses belongs to no source. */
const anySource = z.strictObject(
  Object.fromEntries(Object.keys(allKeys).map((key) => [key, z.unknown().optional()])),
) as unknown as z.ZodType<Variable>;

/** A variable of `data:`: `1..20`, a word, or a map with the word of its source. */
export const variable = branch<z.ZodType<Variable>>(
  [shortRange, uuidWord, ...Object.values(sources)],
  (input, refuse) => {
    if (typeof input === 'string' && !input.includes('..')) return wordOf(input, refuse);
    if (!isMap(input)) return shortRange;
    const [first, second] = Object.keys(input).filter(isSource);
    if (second !== undefined) return refuse(`expected one source, got ${quoted(first!)} and ${quoted(second)}`);
    if (first !== undefined) return sources[first];
    return Object.keys(input).every((key) => key === 'pick') ? sources.range : anySource;
  },
);

const wordOf = (word: string, refuse: (message: string, hint?: string) => never): z.ZodType<Variable> => {
  if (word === 'uuid') return uuidWord;
  if (isSource(word)) return refuse(`"${word}" needs a value`, `write { ${word}: … }`);
  const meant = didYouMean(word, sourceWords);
  return meant === undefined ? shortRange : refuse(`unknown source ${quoted(word)}`, meant);
};

const mapChange = z.strictObject(changes(allKeys));

/** What a mode may change in a variable. */
export const variableChange = branch<typeof variable | typeof mapChange>([variable, mapChange], (input) =>
  isMap(input) ? mapChange : variable,
);
