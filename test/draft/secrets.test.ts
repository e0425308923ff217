import { describe, expect, test } from 'vitest';
import { isSecret } from '../../src/draft/secrets.ts';
import { drafted, harOf, openapiOf, notesOf } from './drafted.ts';

const namesOf = (list: readonly { readonly name: string }[]): readonly string[] => list.map(({ name }) => name);

describe('credentials stand in no file, in no comment and in no note', () => {
  test('a key in place of a user, with an empty password', () => {
    const { draft, text } = drafted('curl https://h.test/charges -u sk_test_4eC39HqLyjWDarjtT1zdp7dc: -d amount=5');
    expect(text).not.toContain('4eC39');
    expect(draft.steps[0]!.auth).toEqual({ basic: { user: '${env.API_KEY}', password: '' } });
    expect([namesOf(draft.secrets), namesOf(draft.env)]).toEqual([['API_KEY'], []]);
  });

  test('a user with a password, whose comment names nobody, and a password that curl asks for', () => {
    const { draft, text } = drafted('curl https://h.test/ -u ann:pw-12345');
    expect(text).not.toMatch(/pw-12345|password of ann/);
    expect(draft.steps[0]!.auth).toEqual({ basic: { user: 'ann', password: '${env.PASSWORD}' } });
    const asked = drafted('curl https://h.test/ -u ann').draft;
    expect(asked.steps[0]!.auth).toEqual({ basic: { user: 'ann', password: '${env.PASSWORD}' } });
  });

  test('no variable is called like one that a shell has set', () => {
    const { draft } = drafted(
      `curl http://h.test/login --json '{"pwd":"hunter2hunter2","path":"x"}' -H 'CI-Token: t-123456'`,
    );
    expect(namesOf(draft.secrets)).toEqual(['CI_TOKEN', 'API_PWD']);
  });

  test('lines that are no curl command are told without their values', () => {
    const { draft, text } = drafted(
      `TOKEN=s3cr3tvalue99\nexport API_PASS=anothersecret1\n'p4ss word!'\ncurl http://h.test/ -d @- <<'EOF'\npassword=hunter2hunter2&note=don't\nEOF\ncurl http://h.test/2`,
    );
    expect(text).not.toMatch(/s3cr3t|anothers|p4ss|hunter2/);
    expect(notesOf(draft)).toEqual([
      'line 1: the variable TOKEN, which is no curl command',
      'line 2: export, which is no curl command',
      'line 3: a line, which is no curl command',
    ]);
    expect([...draft.login, ...draft.steps].map(({ body }) => body)).toEqual([
      { form: { password: '${env.PASSWORD}', note: "don't" } },
      undefined,
    ]);
  });

  test('numbers whose names are those of secrets, in requests and in documents', () => {
    const { draft, text } = drafted(
      harOf(
        { url: '/a?sessionId=48151623&tokenId=777777' },
        { method: 'POST', url: '/pay', body: '{"cvv":123,"max_tokens":4711}' },
      ),
    );
    expect(text).not.toMatch(/48151623|777777|\b123\b/);
    expect(text).toContain('4711');
    expect([namesOf(draft.secrets), namesOf(draft.env)]).toEqual([['SESSION_ID', 'TOKEN_ID'], ['CVV']]);
    const document = drafted(
      openapiOf({
        schema: { type: 'object', properties: { pin: { type: 'integer', example: 9753 }, cvv: { type: 'integer' } } },
      }),
    );
    expect(document.text).not.toContain('9753');
    expect(document.draft.steps[0]!.body).toEqual({ json: { pin: '${number(env.PIN)}', cvv: '${number(env.CVV)}' } });
  });

  test('a session in a path, and one that is a parameter of it', () => {
    const { draft, text } = drafted(`curl 'http://h.test/cart;jsessionid=0A1B2C3D4E5F?x=1'`);
    expect(text).not.toContain('0A1B2C');
    expect(draft.steps[0]!.path).toBe('/cart;jsessionid=${env.JSESSIONID}');
  });

  test('a known secret inside of a longer text', () => {
    const { text } = drafted(
      `curl 'http://h.test/a?next=%2Fb%3Ftoken%3Ds3cr3t-xyz1' -H 'X-Api-Key: s3cr3t-xyz1' --json '{"note":"it is s3cr3t-xyz1."}'`,
    );
    expect(text).not.toContain('s3cr3t');
    expect(text).toContain('it is ${env.X_API_KEY}.');
  });
});

test.each([
  'user[password]',
  'password_confirmation',
  'passwordConfirm',
  'password2',
  'passwd_repeat',
  'X-Auth-Key',
  'Ocp-Apim-Subscription-Key',
  'DD-APPLICATION-KEY',
  'X-Parse-Master-Key',
  'Authentication',
  'X-Auth',
  'app_key',
  'auth',
  'appid',
  'SAMLResponse',
  'card.cvv',
])('what is called %s is a secret', (name) => {
  expect(isSecret(name, 'x')).toBe(true);
});

test.each(['Idempotency-Key', 'sort_key', 'max_tokens', 'token_type', 'author', 'keyboard', 'X-Auth-Email', 'code'])(
  'what is called %s is none',
  (name) => {
    expect(isSecret(name, 'EUR')).toBe(false);
  },
);

test.each([
  `github_pat_${'11ABCDEFG0'.repeat(3)}`,
  `AIza${'SyA-1234567890'.repeat(3)}`,
  `hf_${'abcdEFGH1234'.repeat(2)}`,
  `npm_${'abcdEFGH1234'.repeat(2)}`,
  'SG.abcdefghij12.klmnopqrst34',
  'Bearer abcdef123456',
  'postgres://ann:pw@db.test/shop',
  'https://x.test/?access_token=hunter2hunter2',
  'mutation { login(user: "ann", password: "hunter2") { id } }',
  '{"token":"hunter2"}',
  'it says Bearer abcdef123456 there',
])('%s is a secret whatever it is called', (value) => {
  expect(isSecret('note', value)).toBe(true);
});

test.each([
  'query ($password: String!) { login(password: $password) { token } }',
  'the token is told',
  'passwords: none',
])('%s is none', (value) => {
  expect(isSecret('note', value)).toBe(false);
});

test('parts of a path that let in whoever knows them are read from the environment', () => {
  for (const [path, secret] of [
    ['services/T00000000/B00000000/XXXXXXXXXXXXXXXXXXXXabcd', 'XXXXabcd'],
    ['bot110201543:AAHdqTcvCH1vGWJxfSeofSAs0K5PALDsaw/sendMessage', 'AAHdq'],
  ] as const)
    expect(drafted(`curl http://h.test/${path} -d text=hi`).text).not.toContain(secret);
});

test('the code of a grant is a secret, the code of a currency is none', () => {
  expect([isSecret('code', 'SplxlOBeZQQYbYS6WxSbIA'), isSecret('code', 'EUR'), isSecret('code', '12345')]).toEqual([
    true,
    false,
    false,
  ]);
});
