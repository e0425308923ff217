import { describe, expect, test } from 'vitest';
import type { FinalRead } from '../../../src/core/plan/plan.ts';
import { linesOf, modeOf, textOf } from '../reading.ts';

interface Said {
  readonly top?: string;
  readonly mode?: string;
  readonly read?: string;
  readonly get?: string;
  readonly value?: string;
}

const scenario = ({
  top = '',
  mode = '',
  read = '',
  get = '/${key}',
  value = 'body.n',
}: Said): string => `target: http://x
data: { id: 1..3 }
before: [{ post: /reset, capture: { tenant: body.tenant } }]
login: [{ post: /login, capture: { token: body.token } }]
steps: [{ name: act, post: "/\${id}", capture: { seen: body.n } }]
modes: { m: { lock: none${mode} } }
consistency: { counter: { key: "\${id}", add: { step: act, by: 1 }, read: { get: "${get}", value: "${value}"${read} } } }
${top}`;

const readOf = (said: Said): FinalRead => modeOf(scenario(said), 'm').reads[0]!;

describe('a read has the credentials', () => {
  const bearer = (token: string) => ({ kind: 'bearer', token });
  test.each<[string, Said, unknown]>([
    ['of the scenario, where it knows the names in them', { top: 'auth: { bearer: "${token}" }' }, bearer('${token}')],
    ['with what "before" captures', { read: ', auth: { bearer: "${tenant}" }' }, bearer('${tenant}')],
    ['with its key', { read: ', auth: { bearer: "${key}-${token}" }' }, bearer('${key}-${token}')],
    [
      'with the number of its user',
      { top: 'auth: { basic: { user: "u${user.number}", password: x } }' },
      { kind: 'basic', user: 'u${user.number}', password: 'x' },
    ],
    [
      'of its own, which win',
      { top: 'auth: { bearer: "${token}" }', read: ', auth: { bearer: fixed } ' },
      bearer('fixed'),
    ],
    [
      'of the mode',
      { top: 'auth: { bearer: "${token}" }', mode: ', auth: { bearer: "m-${token}" }' },
      bearer('m-${token}'),
    ],
    ['none, where it says so', { top: 'auth: { bearer: "${token}" }', read: ', auth: none' }, undefined],
    ['none, where they need what data gives', { top: 'auth: { bearer: "${id}" }' }, undefined],
  ])('%s', (_, said, auth) => expect(readOf(said).request.auth).toEqual(auth));
});

test('headers of a read, from the weakest to the strongest: the scenario, the read, the mode', () => {
  const said = {
    top: 'headers: { x-a: all, x-b: all, x-c: all, x-d: "${key}" }',
    read: ', headers: { x-a: null, X-B: "${token}", x-c: own }',
    mode: ', headers: { x-c: mode }',
  };
  // The scenario's headers are those of the login, too, which knows no key.
  expect(linesOf(scenario(said)).every((line) => line.includes('unknown name "key"'))).toBe(true);
  expect(readOf({ ...said, top: said.top.replace('"${key}"', 'all') }).request.headers).toEqual({
    'x-b': '${token}',
    'x-c': 'mode',
    'x-d': 'all',
  });
});

test('the path and the expression know the key and what was captured', () => {
  const { request, value } = readOf({ get: '/${tenant}/${key}', value: 'body[token][key]' });
  expect([request.path, value]).toEqual(['/${tenant}/${key}', 'body[token][key]']);
});

const knows = '(the read of a value can only use "key", and what "before" and "login" capture)';

test.each<[Said, readonly string[]]>([
  [{ get: '/${id}' }, [`shop.yaml:7:85 unknown name "id" ${knows}`]],
  [{ get: '/${seen}/${key}' }, [`shop.yaml:7:85 unknown name "seen" ${knows}`]],
  [{ get: '/${user.number}' }, ['shop.yaml:7:85 unknown name "user" (known here: key, tenant, token)']],
  [{ read: ', auth: { bearer: "${seen}" }' }, [`shop.yaml:7:128 unknown name "seen" ${knows}`]],
  [{ read: ', headers: { x-a: "${id}" }' }, [`shop.yaml:7:128 unknown name "id" ${knows}`]],
  [
    { value: 'body.n + seen' },
    ['shop.yaml:7:109 unknown name "seen" (known here: body, header, status, key, tenant, token)'],
  ],
  [
    { top: 'auth: { bearer: "${token}" }', read: ', headers: { Authorization: x }' },
    ['shop.yaml:7:120 "auth" already sets the header "authorization" (leave one of them out)'],
  ],
  [
    { read: ', auth: { basic: { user: "a:b", password: x } }' },
    ['shop.yaml:7:132 a user name in "basic" credentials cannot contain a colon'],
  ],
  [{ read: ', auth: { beerer: x }' }, ['shop.yaml:7:117 unknown key "beerer" (did you mean "bearer"?)']],
  [{ read: ', header: { x-a: b }' }, ['shop.yaml:7:109 unknown key "header" (did you mean "headers"?)']],
])('%j is refused with its place', (said, lines) => expect(linesOf(scenario(said))).toEqual(lines));

test('a token in the read is masked like any other', () => {
  expect(textOf(scenario({ read: ', auth: { bearer: "hush-hush-token" }', get: 'hush-hush-token' }))).not.toContain(
    'hush-hush-token',
  );
});
