import type { Json } from '../../core/json.ts';
import { sendsNoBody, type DraftBody } from '../draft.ts';
import { oneLine, plain } from '../text.ts';
import { nodeOf, textOf, type Node } from './document.ts';
import type { Operation } from './operations.ts';
import { exampleOf, sampleOf, type Sampling } from './sample.ts';
import { flat, typeOf } from './schema.ts';
import { secretWord } from '../secrets.ts';
import { fieldOf } from './values.ts';

/** The body of a request, and its media type where the scenario's key for it has another one. */
export interface MadeBody {
  readonly body?: DraftBody;
  readonly type?: string;
}

const kinds: readonly (readonly [kind: 'json' | 'form' | 'multipart' | 'text', type: RegExp])[] = [
  ['json', /^application\/json(?:;|$)/i],
  ['json', /^(?:application\/[\w.+-]*\+json|\*\/\*|application\/\*)(?:;|$)/i],
  ['form', /^application\/x-www-form-urlencoded(?:;|$)/i],
  ['multipart', /^multipart\/form-data(?:;|$)/i],
  ['text', /^text\/plain(?:;|$)/i],
  ['text', /./],
];

/** A body that the document allows, in the first kind that a scenario has a key for. */
export const makeBody = ({ body, method, isBodyRequired, title }: Operation, sampling: Sampling): MadeBody => {
  const contents = Object.entries(nodeOf(body?.['content']));
  if (contents.length === 0) return {};
  if (sendsNoBody(method)) {
    sampling.note(`the body of ${title}: a ${method.toUpperCase()} sends none`);
    return {};
  }
  for (const [kind, pattern] of kinds) {
    const found = contents.find(([type]) => pattern.test(type));
    if (found === undefined) continue;
    const [type, media] = [found[0], nodeOf(found[1])];
    const value = valueOf(media, sampling, kind);
    if (kind === 'json')
      return { body: { json: value }, ...(/^application\/json/i.test(type) || type.includes('*') ? {} : { type }) };
    if (kind === 'form') return { body: { form: formOf(value) } };
    if (kind === 'multipart') return multipartOf(media, value, title, sampling);
    return textBody(type, media, isBodyRequired, title, sampling);
  }
  return {};
};

const valueOf = (media: Node, sampling: Sampling, kind: string): Json => {
  if (kind === 'text') return null;
  const [first] = Object.values(nodeOf(media['examples']));
  const example = media['example'] ?? sampling.document.resolve(first)['value'];
  return example === undefined ? sampleOf(media['schema'], '', sampling) : exampleOf(example, sampling);
};

const formOf = (value: Json): { readonly [name: string]: Json } =>
  Object.fromEntries(
    entriesOf(value).map(([name, one]) => [
      name,
      Array.isArray(one) ? (one as readonly Json[]).map(fieldOf) : fieldOf(one),
    ]),
  );

const entriesOf = (value: Json): readonly (readonly [string, Json])[] =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
    ? Object.entries(value as { readonly [key: string]: Json })
    : [];

/** Files are not in a document: their parts are left out, and told. */
const multipartOf = (media: Node, value: Json, title: string, sampling: Sampling): MadeBody => {
  const properties = nodeOf(flat(sampling.document, media['schema']).node['properties']);
  const isFile = (name: string): boolean => {
    const { node } = flat(sampling.document, properties[name]);
    const { format, contentMediaType } = typeOf(node) === 'array' ? flat(sampling.document, node['items']).node : node;
    return format === 'binary' || contentMediaType !== undefined;
  };
  const fields = entriesOf(value).filter(
    ([name]) => name.trim() !== '' && name.length <= 200 && !/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/u.test(name),
  );
  for (const [name] of fields)
    if (isFile(name))
      sampling.note(`the file ${oneLine(name, 40)} of ${title}: write ${oneLine(name, 40)}: { file: … }`);
  const multipart = Object.fromEntries(fields.flatMap(([name, one]) => (isFile(name) ? [] : [[name, fieldOf(one)]])));
  return Object.keys(multipart).length === 0 ? {} : { body: { multipart } };
};

const textBody = (type: string, media: Node, isRequired: boolean, title: string, sampling: Sampling): MadeBody => {
  const example = textOf(media['example']) ?? textOf(flat(sampling.document, media['schema']).node['example']);
  const isHidden = example !== undefined && secretWord.test(example);
  if (isHidden) sampling.note(`the example of ${title}, which may have a secret in it`);
  const isText = /^text\/plain/i.test(type);
  if (!isText) sampling.note(`the body of ${title}, which is ${oneLine(type, 60)}`);
  if (!isText && example === undefined && !isRequired) return {};
  const isType = /^[\w!#$&^.+-]+\/[\w!#$&^.+-]+$/.test(type);
  return {
    body: { text: plain(isHidden ? 'sample' : (example ?? 'sample')) },
    type: isText || !isType ? 'text/plain' : type,
  };
};
