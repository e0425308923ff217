import { z } from 'zod';
import { named } from '../text/words.ts';
import { branch, isMap, notation } from './notation.ts';
import { headerValue, label } from './values.ts';

/** The keys for a request's body. It has at most one of them. */
export const bodyWords = ['json', 'form', 'multipart', 'text', 'body'] as const;

const severalValues = z.array(headerValue);
const oneValue = headerValue.transform((value) => [value]);

/** Names with values, or with lists of values; `null` is left out. */
const fields = z.record(
  z.string(),
  branch<typeof oneValue | typeof severalValues>([oneValue, severalValues], (input) =>
    Array.isArray(input) ? severalValues : oneValue,
  ),
);

/** A path that does not lead out of the scenario's folder, as far as its text shows. Links are checked when it is read. */
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

const ofFile = {
  file: file.describe('path in the folder of the scenario; may be a template: photos/${name}'),
  type: mediaType.describe('media type: application/pdf').prefault('application/octet-stream'),
};

const wholeFile = z.strictObject(ofFile);

const filePart = z.strictObject({
  ...ofFile,
  name: z.string().min(1).describe('name of the file in the form, a template; default: its own name').optional(),
});

const valuePart = z.strictObject({
  value: headerValue.describe('the value, a template'),
  type: mediaType.describe('its media type: application/json'),
});

const one = branch<typeof headerValue | typeof filePart | typeof valuePart>(
  [headerValue, filePart, valuePart],
  (input) => (!isMap(input) ? headerValue : Object.hasOwn(input, 'value') ? valuePart : filePart),
);

const severalParts = z.array(one).min(1);
const onePart = one.transform((only) => [only]);

/** A part of a form, or several with the same name. */
const part = branch<typeof onePart | typeof severalParts>([onePart, severalParts], (input) =>
  Array.isArray(input) ? severalParts : onePart,
);

const text = notation(
  (input, refuse) => (typeof input === 'string' ? input : refuse(`expected text, got ${named(input)}`)),
  { type: 'string' },
);

/** What a request has besides its path: the query, and a body that is not JSON. */
export const bodyShape = {
  query: fields
    .describe(
      'appended to the path, percent-encoded: { page: 1, tags: [a, b] }; values are templates, null is left out',
    )
    .optional(),
  form: fields.describe('the body, as a form: { name: value }; values are templates, null is left out').optional(),
  multipart: z
    .record(label, part)
    .describe(
      'the body, as a form with files: { note: hello, photo: { file: photo.jpg, type: image/jpeg }, meta: { value: "{}", type: application/json } }; a list for a name that occurs several times',
    )
    .optional(),
  text: text.describe('the body, as plain text; a template').optional(),
  body: wholeFile.describe('the body, an unchanged file: { file: payload.bin, type: application/pdf }').optional(),
};
