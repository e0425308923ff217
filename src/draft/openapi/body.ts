import type { Json } from '../../core/json.ts';
import { sendsNoBody, type DraftBody } from '../draft.ts';
import { oneLine, plain } from '../text.ts';
import { listOf, nodeOf, textOf, type Node } from './document.ts';
import type { Operation } from './operations.ts';
import { exampleOf, sampleOf, type Sampling } from './sample.ts';
import { flat, typeOf } from './schema.ts';
import { secretWord } from '../secrets.ts';
import { fieldOf, spread } from './values.ts';

/** The body of a request, and its media type if that differs from the default of the scenario's key. */
export interface MadeBody {
  readonly body?: DraftBody;
  readonly type?: string;
}

const kinds: readonly (readonly [kind: 'json' | 'form' | 'multipart' | 'text', type: RegExp])[] = [
  ['json', /^application\/json(?:;|$)/i],
  // A merge patch is an ordinary value; a list of operations is not.
  ['json', /^application\/merge-patch\+json(?:;|$)/i],
  ['json', /^(?:text\/json|application\/[\w.+-]*\+json|\*\/\*|application\/\*)(?:;|$)/i],
  ['form', /^application\/x-www-form-urlencoded(?:;|$)/i],
  ['multipart', /^multipart\/form-data(?:;|$)/i],
  ['text', /^text\/plain(?:;|$)/i],
  ['text', /./],
];

/** A body that the document allows, in the first media type that a scenario has a key for. */
export const makeBody = ({ body, method, isBodyRequired, title }: Operation, sampling: Sampling): MadeBody => {
  const contents = Object.entries(nodeOf(body?.['content']));
  if (contents.length === 0) return {};
  if (sendsNoBody(method)) {
    // Some documents give every GET an empty body.
    const isEmpty = contents.every(([, media]) => isEmptySchema(flat(sampling.document, nodeOf(media)['schema']).node));
    if (!isEmpty) sampling.notes.left(`the body of ${title}: a ${method.toUpperCase()} sends none`);
    return {};
  }
  for (const [kind, pattern] of kinds) {
    const found = contents.find(([type]) => pattern.test(type));
    if (found === undefined) continue;
    const [type, media] = [found[0], nodeOf(found[1])];
    const value = valueOf(media, sampling, kind);
    if (kind === 'json')
      return {
        body: { json: patchOf(type, value) },
        ...(isUsualJson.test(type) || !isHeaderText(type) ? {} : { type }),
      };
    if (kind === 'form') return { body: { form: formOf(value, media, title, sampling) } };
    if (kind === 'multipart') return multipartOf(media, value, title, sampling);
    return textBody(type, media, isBodyRequired, title, sampling);
  }
  return {};
};

/** JSON that needs no explicit header. */
const isUsualJson = /^application\/json(?:; *charset=utf-8)?$|\*/i;

const isHeaderText = (type: string): boolean => /^[\w!#$&^.+-]+\/[\w!#$&^.+-]+(?: *;[\x20-\x7e]*)?$/.test(type);

const isEmptySchema = (node: Node): boolean =>
  Object.keys(nodeOf(node['properties'])).length === 0 && ['object', undefined].includes(typeOf(node));

/** A JSON patch is a list of operations, even if the document only says that it is an object. */
const patchOf = (type: string, value: Json): Json =>
  /^application\/json-patch\+json/i.test(type) && JSON.stringify(value) === '{}' ? [] : value;

const valueOf = (media: Node, sampling: Sampling, kind: string): Json => {
  if (kind === 'text') return null;
  const [first] = Object.values(nodeOf(media['examples']));
  const example = media['example'] ?? sampling.document.resolve(first)['value'];
  return example === undefined ? sampleOf(media['schema'], '', sampling) : exampleOf(example, sampling);
};

/** The fields of a form, each in its encoding: `card[number]`, `expand[]`, one text, or JSON. */
const formOf = (value: Json, media: Node, title: string, sampling: Sampling): { readonly [name: string]: Json } => {
  const encodings = nodeOf(media['encoding']);
  return Object.fromEntries(
    entriesOf(value).flatMap(([name, one]): readonly (readonly [string, Json])[] => {
      const encoding = sampling.document.resolve(Object.hasOwn(encodings, name) ? encodings[name] : undefined);
      if (typeof one !== 'object' || one === null) return [[name, fieldOf(one)]];
      const isJson = /json/i.test(textOf(encoding['contentType']) ?? '');
      const hasStyle = encoding['style'] !== undefined || encoding['explode'] !== undefined;
      if (!isJson && hasStyle) return encoded(name, one, encoding);
      if (Array.isArray(one) && !isJson) return [[name, (one as readonly Json[]).map(fieldOf)]];
      if (!isJson) sampling.notes.guessed(`the field ${oneLine(name, 40)} of ${title}: it is sent as JSON`);
      return [[name, fieldOf(one)]];
    }),
  );
};

const encoded = (name: string, value: object, encoding: Node): readonly (readonly [string, Json])[] => {
  const style = textOf(encoding['style']) ?? 'form';
  if (style === 'deepObject') return deepFields(name, value as Json);
  return Object.entries(spread({ name, style, explode: encoding['explode'] !== false }, value as Json));
};

/** `card[address][city]`, as PHP and Rails servers read it. A list of texts is `expand[]`, one of maps `items[0][price]`. */
const deepFields = (name: string, value: Json): readonly (readonly [string, Json])[] => {
  if (typeof value !== 'object' || value === null) return [[name, fieldOf(value)]];
  if (!Array.isArray(value)) return entriesOf(value).flatMap(([key, one]) => deepFields(`${name}[${key}]`, one));
  const items = value as readonly Json[];
  if (items.length === 0) return [];
  return items.every((one) => typeof one !== 'object' || one === null)
    ? [[`${name}[]`, items.map(fieldOf)]]
    : items.flatMap((one, at) => deepFields(`${name}[${at}]`, one));
};

const entriesOf = (value: Json): readonly (readonly [string, Json])[] =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
    ? Object.entries(value as { readonly [key: string]: Json })
    : [];

/** A value as a part of a form, or a list as one part per item. */
const partsOf = (value: Json, said: string | undefined): Json =>
  Array.isArray(value) && value.length > 0 && said === undefined
    ? (value as readonly Json[]).map((one) => partOf(one, undefined))
    : partOf(value, said);

/** Anything but a single value becomes JSON, including a list within a list. */
const partOf = (value: Json, said: string | undefined): Json => {
  const type = said ?? (typeof value === 'object' && value !== null ? 'application/json' : undefined);
  return type !== undefined && isMediaType.test(type) ? { value: fieldOf(value), type } : fieldOf(value);
};

const isMediaType = /^[\w!#$&^.+-]+\/[\w!#$&^.+-]+$/;

/** Types that people write by hand, so that no file is needed. */
const isTextType = /^(?:text\/|application\/(?:[\w.+-]*\+)?(?:json|xml)(?:;|$)|application\/x-www-form-urlencoded)/i;

/** A document contains no files. A required one is named, and the user has to provide it. Others are left out, with a note. */
const multipartOf = (media: Node, value: Json, title: string, sampling: Sampling): MadeBody => {
  const schema = flat(sampling.document, media['schema']).node;
  const properties = nodeOf(schema['properties']);
  const required = new Set(listOf(schema['required']));
  const encodings = nodeOf(media['encoding']);
  const typeFor = (name: string): string | undefined => {
    const [first] = (textOf(nodeOf(encodings[name])['contentType']) ?? '').split(',');
    return first === undefined || first.trim() === '' ? undefined : first.trim();
  };
  const isFile = (name: string): boolean => {
    const { node } = flat(sampling.document, properties[name]);
    const item = typeOf(node) === 'array' ? flat(sampling.document, node['items']).node : node;
    const type = textOf(item['contentMediaType']) ?? typeFor(name);
    const isSingle = ['string', undefined].includes(typeOf(item));
    return (
      item['format'] === 'binary' ||
      (isSingle && type !== undefined && item['contentEncoding'] === undefined && !isTextType.test(type))
    );
  };
  const fields = entriesOf(value).filter(
    ([name]) => name.trim() !== '' && name.length <= 200 && !/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/u.test(name),
  );
  const multipart = Object.fromEntries(
    fields.flatMap(([name, one]): readonly (readonly [string, Json])[] => {
      if (!isFile(name)) return [[name, partsOf(one, typeFor(name))]];
      const short = oneLine(name, 40);
      if (!required.has(name)) {
        sampling.notes.left(`the file ${short} of ${title}: write ${short}: { file: … }`);
        return [];
      }
      const file = `${name.replaceAll(/[^\w-]+/g, '-')}.bin`;
      sampling.notes.guessed(`the file ${short} of ${title}: → put ${file} beside the scenario, or name another`);
      const type = textOf(flat(sampling.document, properties[name]).node['contentMediaType']) ?? typeFor(name);
      return [[name, type !== undefined && isMediaType.test(type) ? { file, type } : { file }]];
    }),
  );
  return Object.keys(multipart).length === 0 ? {} : { body: { multipart } };
};

const textBody = (type: string, media: Node, isRequired: boolean, title: string, sampling: Sampling): MadeBody => {
  const example = textOf(media['example']) ?? textOf(flat(sampling.document, media['schema']).node['example']);
  const isHidden = example !== undefined && secretWord.test(example);
  if (isHidden) sampling.notes.left(`the example of ${title}, which may have a secret in it`);
  const isText = /^text\/plain/i.test(type);
  if (!isText && example === undefined && !isRequired) {
    sampling.notes.left(`the body of ${title}, which is ${oneLine(type, 60)}`);
    return {};
  }
  if (!isText) sampling.notes.guessed(`the body of ${title}, which is ${oneLine(type, 60)}`);
  const isType = /^[\w!#$&^.+-]+\/[\w!#$&^.+-]+$/.test(type);
  return {
    body: { text: plain(isHidden ? 'sample' : (example ?? 'sample')) },
    type: isText || !isType ? 'text/plain' : type,
  };
};
