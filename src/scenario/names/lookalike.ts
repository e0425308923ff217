import { parseTemplate, TemplateSyntaxError } from '../../template/parse.ts';
import type { Complaint } from '../text/locate.ts';
import { entriesOf, itemsOf, textOf, type Branch, type Tree } from '../text/tree.ts';
import { quoted } from '../text/words.ts';
import { markOf, type Scope } from './templates.ts';

/** What other tools write for `${name}`. `$top=` is the name of a query field in OData. */
const inPath = /\{\{\s*(?<double>\w+)\s*\}\}|(?<!\$)\{(?<single>\w+)\}|\$(?<bare>\w+)(?![\w=])/g;

/**
 * Finds `{id}`, `{{id}}` and `$id` in a path where `id` is a known name: no target would understand them if sent literally.
 *
 * With any other name nothing is reported, as it may be meant literally.
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

/** The whole of a header, after its scheme if it has one: `Bearer $token`. */
const wholeHeader = /^(?:[A-Za-z]+ )?(?:\{\{\s*(\w+)\s*\}\}|\{(\w+)\}|\$(\w+))$/;

/**
 * Notes `{id}`, `{{id}}` and `$id` if that is the whole of a value that a request sends, and `id` a known name: it is sent
 * literally.
 *
 * Longer texts are not reported, nor is a `query`, as GraphQL's texts have both. Nor is `$id` next to keys such as `$match`,
 * because MongoDB's expressions name fields like that.
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

/** All single values of a body, except GraphQL's `query`. */
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

/** The text around `${…}`. Empty if the template does not parse, which is reported elsewhere. */
const literalsOf = (text: string): readonly string[] => {
  try {
    return parseTemplate(text).parts.filter((part) => typeof part === 'string');
  } catch (error) {
    if (error instanceof TemplateSyntaxError) return [];
    throw error;
  }
};
