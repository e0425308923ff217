import { z } from 'zod';
import { named } from '../text/words.ts';
import { branch, isMap } from './notation.ts';
import { headerValue } from './values.ts';

const text = headerValue.transform((value) => value ?? '');

const basic = z.strictObject({
  basic: z
    .strictObject({
      user: text.describe('name of the user, a template without a colon'),
      password: text.describe('password, a template'),
    })
    .describe('name and password, base64-encoded'),
});

const bearer = z.strictObject({ bearer: text.describe('a token, a template: "${token}"') });

const none = z.literal('none');

/** The Authorization header of a request. */
export const auth = branch<typeof basic | typeof bearer | typeof none>([basic, bearer, none], (input, refuse) => {
  if (input === 'none') return none;
  const hint = 'such as { bearer: "${token}" }, { basic: { user: …, password: … } }, or none';
  if (!isMap(input)) return refuse(`expected credentials, got ${named(input)}`, hint);
  const keys = Object.keys(input);
  if (keys.length !== 1) return refuse('expected one kind of credentials', hint);
  return keys[0] === 'basic' ? basic : bearer;
});
