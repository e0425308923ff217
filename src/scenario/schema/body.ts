import { z } from 'zod';
import { named } from '../text/words.ts';
import { branch, isMap, notation } from './notation.ts';
import { headerValue, label } from './values.ts';

/** The keys of a request's body: it has one of them at most. */
export const bodyWords = ['json', 'form', 'multipart', 'text', 'body'] as const;

const severalValues = z.array(headerValue);
const oneValue = headerValue.transform((value) => [value]);

/** Names to values, or to lists of them; `null` is left out. */
const fields = z.record(
  z.string(),
  branch<typeof oneValue | typeof severalValues>([oneValue, severalValues], (input) =>
    Array.isArray(input) ? severalValues : oneValue,
  ),
);

/** A path that cannot lead out of the folder of the scenario, as far as its text tells; links are followed when it is read. */
const file = notation(
  (input, refuse) => {
    const hint = 'such as payload.bin, or bodies/order.json';
    if (typeof input !== 'string' || input === '' || /\p{Cc}/u.test(input))
      return refuse(`expected the path of a file, got ${named(input)}`, hint);
    if (/^([/\\]|[A-Za-z]:)/.test(input)) return refuse('a file is named from the folder of the scenario', hint);
    return input.split(/[/\\]/).includes('..') ? refuse('a file lies in the folder of the scenario', hint) : input;
  },
  { type: 'string', minLength: 1 },
);

const mediaType = notation(
  (input, refuse) =>
    typeof input === 'string' && /^[\w!#$&^.+-]+\/[\w!#$&^.+-]+(\s*;[\x20-\x7e]+)?$/.test(input)
      ? input
      : refuse(`expected a media type, got ${named(input)}`, 'such as application/pdf'),
  { type: 'string', minLength: 3 },
);

const filePart = z.strictObject({
  file: file.describe('path from the folder of the scenario, in which it lies'),
  type: mediaType.describe('media type: application/pdf').prefault('application/octet-stream'),
});

const part = branch<typeof headerValue | typeof filePart>([headerValue, filePart], (input) =>
  isMap(input) ? filePart : headerValue,
);

const text = notation(
  (input, refuse) => (typeof input === 'string' ? input : refuse(`expected text, got ${named(input)}`)),
  { type: 'string' },
);

/** What a request says beside its path: the query, and a body that is no JSON. */
export const bodyShape = {
  query: fields
    .describe('put behind the path, percent-encoded: { page: 1, tags: [a, b] }; values are templates, null is left out')
    .optional(),
  form: fields.describe('the body, as a form: { name: value }; values are templates, null is left out').optional(),
  multipart: z
    .record(label, part)
    .describe('the body, as a form with files: { note: hello, photo: { file: photo.jpg, type: image/jpeg } }')
    .optional(),
  text: text.describe('the body, as plain text; a template').optional(),
  body: filePart.describe('the body, a file as it is: { file: payload.bin, type: application/pdf }').optional(),
};
