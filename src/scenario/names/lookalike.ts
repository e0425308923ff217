import { parseTemplate, TemplateSyntaxError } from '../../template/parse.ts';
import type { Complaint } from '../text/locate.ts';
import { entriesOf, itemsOf, textOf, type Branch, type Tree } from '../text/tree.ts';
import { quoted } from '../text/words.ts';
import { markOf, type Scope } from './templates.ts';

/** What other tools write for `${name}`; `$top=` is the name of a field in a query, as OData has it. */
const inPath = /\{\{\s*(?<double>\w+)\s*\}\}|(?<!\$)\{(?<single>\w+)\}|\$(?<bare>\w+)(?![\w=])/g;

/**
 * `{id}`, `{{id}}` and `$id` in a path where `id` is a name that is known there: sent as it stands, no target would know it.
 *
 * Of any other name nothing is said, as it may be meant as it stands.
 */
export const checkPathLooks = (path: Tree | undefined, { known, members = {} }: Scope): Complaint[] => {
  const text = textOf(path);
  if (path?.kind !== 'leaf' || text === undefined) return [];
  return literalsOf(text)
    .flatMap((literal) => [...literal.matchAll(inPath)])
    .flatMap(([looks, ...names]) => {
      const name = names.slice(0, 3).find((one) => one !== undefined)!;
      if (!known.has(name) || Object.hasOwn(members, name)) return [];
      const encoded = encodeURIComponent(looks);
      const hint = `did you mean "\${${name}}"? to send it literally, write ${encoded}`;
      const message = `${quoted(looks)} is not a template`;
      return [{ mark: markOf(path, text.indexOf(looks)), path: path.path, message, hint }];
    });
};

/** The whole of a value. */
const wholeValue = /^(?:\{\{\s*(\w+)\s*\}\}|\{(\w+)\}|\$(\w+))$/;

/** The whole of a header, behind its scheme if it has one: `Bearer $token`. */
const wholeHeader = /^(?:[A-Za-z]+ )?(?:\{\{\s*(\w+)\s*\}\}|\{(\w+)\}|\$(\w+))$/;

/**
 * A note on `{id}`, `{{id}}` and `$id` where that is the whole of a value that a request sends, and `id` a name that is known
 * there: it is sent as it stands.
 *
 * Of anything longer nothing is said, nor of a `query`, as GraphQL's texts have both; nor of `$id` beside keys such as `$match`,
 * as MongoDB's expressions name fields so.
 */
export const lookalikesSent = (step: Branch, scope: Scope): Complaint[] => [
  ...['json', 'form', 'query', 'multipart', 'text'].flatMap((word) => {
    const entry = step.entries.get(word);
    if (entry === undefined) return [];
    return valuesIn(entry.value).flatMap((value) => noteOn(value, wholeValue, scope, hasOperators(entry.value)));
  }),
  ...entriesOf(step.entries.get('headers')?.value).flatMap(([, { value }]) => noteOn(value, wholeHeader, scope, false)),
];

const noteOn = (value: Tree, looks: RegExp, { known, members = {} }: Scope, areFields: boolean): Complaint[] => {
  const [text = '', ...names] = looks.exec(textOf(value) ?? '') ?? [];
  const name = names.find((one) => one !== undefined);
  if (name === undefined || !known.has(name) || Object.hasOwn(members, name)) return [];
  if (areFields && names[2] !== undefined) return [];
  const message = `${quoted(text)} is sent literally`;
  return [{ mark: value.mark, path: value.path, message, hint: `did you mean "\${${name}}"?`, isNote: true }];
};

/** Every single value of a body, except GraphQL's `query`. */
const valuesIn = (body: Tree): readonly Tree[] =>
  body.kind === 'leaf'
    ? [body]
    : [
        ...itemsOf(body),
        ...entriesOf(body).flatMap(([key, { value }]) => (key === 'query' && value.kind === 'leaf' ? [] : [value])),
      ].flatMap(valuesIn);

const hasOperators = (body: Tree): boolean =>
  [...itemsOf(body), ...entriesOf(body).map(([, { value }]) => value)].some(hasOperators) ||
  entriesOf(body).some(([key]) => key.startsWith('$'));

/** The text around `${…}`; none where the template does not parse, which is told elsewhere. */
const literalsOf = (text: string): readonly string[] => {
  try {
    return parseTemplate(text).parts.filter((part) => typeof part === 'string');
  } catch (error) {
    if (error instanceof TemplateSyntaxError) return [];
    throw error;
  }
};
