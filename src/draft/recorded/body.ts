import type { Json } from '../../core/json.ts';
import { sendsNoBody, type DraftBody } from '../draft.ts';
import type { Room } from '../room.ts';
import { isSecret, secretWord } from '../secrets.ts';
import { isKey, plain } from '../text.ts';
import type { Carrier } from './carry.ts';
import type { Exchange, RecordedBody, RecordedPart } from './exchange.ts';

const deepest = 40;
const mostFields = 200;

/** How many values a JSON value has. `undefined` if a scenario cannot hold it unchanged. */
const sizeOfJson = (value: unknown, depth = 0): number | undefined => {
  if (depth > deepest) return undefined;
  if (typeof value === 'number')
    return Number.isInteger(value) === Number.isSafeInteger(value) && Number.isFinite(value) ? 1 : undefined;
  if (typeof value !== 'object' || value === null) return 1;
  if (!Array.isArray(value) && Object.keys(value).some((key) => !isKey(key))) return undefined;
  let size = 1;
  for (const inner of Object.values(value)) {
    const more = sizeOfJson(inner, depth + 1);
    if (more === undefined) return undefined;
    size += more;
  }
  return size;
};

/** A body under the scenario's key for it. `left`: why there is none, or why it was changed; `guessed`: what to do about it. */
interface CarriedBody {
  readonly body?: DraftBody;
  readonly left?: string;
  readonly guessed?: string;
}

/** @param type the request's media type, for a file */
export const carryBody = (
  body: RecordedBody | undefined,
  method: Exchange['method'],
  carrier: Carrier,
  room: Room,
  type: string | undefined,
): CarriedBody => {
  if (body === undefined) return {};
  if (sendsNoBody(method)) return { left: `its body: a ${method.toUpperCase()} sends none` };
  const length = lengthOf(body);
  if (length > room.characters) return { left: `its body: ${length} characters are too many for a scenario` };
  room.characters -= length;
  if (body.kind === 'json') {
    const size = sizeOfJson(body.value);
    if (size === undefined || size > room.values)
      return hasSecret(body.value)
        ? { left: 'its body: it has secrets, and is too large, or has keys or numbers that no scenario holds' }
        : {
            body: { text: plain(body.text) },
            left: 'captures in its body: it is sent as it was, being too large, or having keys or numbers that no scenario holds',
          };
    room.values -= size;
    return { body: { json: carrier.json(body.value, '') } };
  }
  if (body.kind === 'form') {
    const form = grouped(body.fields, carrier);
    return form === undefined ? { left: 'its form: it has fields that no scenario holds' } : { body: { form } };
  }
  if (body.kind === 'multipart') return multipartOf(body.parts, carrier);
  if (body.kind === 'text')
    return secretWord.test(body.text)
      ? { left: 'its body: it is no JSON and no form, and may have a secret in it' }
      : { body: { text: carrier.text(body.text, { name: '' }) } };
  const { file, why } = fileOf(body.file);
  // Without the file, nothing is sent: an empty body would be another test, which might pass.
  return {
    body: { body: { file, ...(type !== undefined && mediaType.test(type) ? { type } : {}) } },
    guessed: `its body: → put ${file} beside the scenario${why}`,
  };
};

const mediaType = /^[\w!#$&^.+-]+\/[\w!#$&^.+-]+$/;

/** The name that a file must have next to the scenario: its own, without its folders. */
export const fileOf = (path: string): { readonly file: string; readonly why: string } => {
  if (path === '-' || path === '/dev/stdin') return { file: 'stdin.txt', why: ', with what was read from stdin' };
  const name = (path.split(/[/\\]/).at(-1) ?? '')
    .replaceAll(/\ue000(\w+)\ue001|\{[^{}]*\}/g, '$1')
    .replaceAll(/[^\w.-]+/g, '-')
    .replace(/^[-.]+/, '')
    .slice(-80);
  return name === '' ? { file: 'body.bin', why: ', with what is to be sent' } : { file: name, why: '' };
};

const lengthOf = (body: RecordedBody): number => {
  if (body.kind === 'json' || body.kind === 'text') return body.text.length;
  return JSON.stringify(body).length;
};

const hasSecret = (value: unknown, depth = 0): boolean => {
  if (typeof value !== 'object' || value === null) return false;
  if (depth > 100) return true;
  return Object.entries(value).some(([key, inner]: [string, unknown]) =>
    typeof inner === 'string' || typeof inner === 'number' ? isSecret(key, String(inner)) : hasSecret(inner, depth + 1),
  );
};

/** Fields with their values as templates, a list for a repeated name. `undefined` if there are too many. */
export const grouped = (
  fields: readonly (readonly [name: string, value: string])[],
  carrier: Carrier,
): { readonly [name: string]: Json } | undefined => {
  if (fields.length > mostFields || fields.some(([name]) => !isKey(name))) return undefined;
  const values = new Map<string, string[]>();
  for (const [name, value] of fields) values.set(name, [...(values.get(name) ?? []), carrier.text(value, { name })]);
  return Object.fromEntries(
    [...values].map(([name, [first, ...more]]) => [name, more.length === 0 ? first! : [first!, ...more]]),
  );
};

const multipartOf = (parts: readonly RecordedPart[], carrier: Carrier): CarriedBody => {
  const fields = new Map<string, Json[]>();
  const left: string[] = [];
  const files: string[] = [];
  for (const part of parts.slice(0, mostFields)) {
    const { name } = part;
    const isName = name.trim() !== '' && name.length <= 200 && !/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/u.test(name);
    if (!isName || !isKey(name)) {
      left.push('a part whose name is no name');
      continue;
    }
    const type = part.type !== undefined && mediaType.test(part.type) ? { type: part.type } : {};
    const before = fields.get(name) ?? [];
    if (part.value !== undefined) {
      const value = carrier.text(part.value, { name });
      fields.set(name, [...before, 'type' in type ? { value, ...type } : value]);
      continue;
    }
    const { file } = fileOf(part.file ?? '');
    files.push(file);
    const called = part.fileName === file || part.fileName === '' ? undefined : part.fileName;
    fields.set(name, [...before, { file, ...type, ...(called === undefined ? {} : { name: plain(called) }) }]);
  }
  const multipart = Object.fromEntries(
    [...fields].map(([name, [first, ...more]]) => [name, more.length === 0 ? first! : [first!, ...more]]),
  );
  return {
    ...(fields.size === 0 ? {} : { body: { multipart } }),
    ...(left.length === 0 ? {} : { left: `of its form: ${left.slice(0, 5).join('; ')}` }),
    ...(files.length === 0
      ? {}
      : { guessed: `of its form: → put ${[...new Set(files)].join(', ')} beside the scenario` }),
  };
};
