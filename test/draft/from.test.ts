import { describe, expect, test } from 'vitest';
import { ContendError } from '../../src/core/errors.ts';
import { draftFrom } from '../../src/draft/from.ts';
import type { Draft } from '../../src/draft/draft.ts';
import { writeDraft } from '../../src/draft/write.ts';

const drafted = (text: string, more: { readonly tags?: string[]; readonly operations?: string[] } = {}) => {
  const { draft, names } = draftFrom({ text, file: 'given', tags: [], operations: [], ...more });
  return { draft, text: writeDraft(draft, names.variable, 'schema.json') };
};
const draftOf = (text: string): Draft => drafted(text).draft;

const pets = {
  openapi: '3.0.0',
  paths: {
    '/pets': {
      get: { tags: ['pet'], operationId: 'list', responses: {} },
      post: { operationId: 'make', responses: {} },
    },
  },
};

describe('what is no source is refused, with where and how to mend it', () => {
  const refused: readonly (readonly [text: string, message: string])[] = [
    ['', 'given is empty.'],
    ['hello', 'given is neither a curl command nor a HAR file nor a Postman collection nor an OpenAPI document.'],
    ['{"log":{"entries":[', 'given is no JSON: '],
    ['a: [1\nb: 2', 'given:2:1: '],
    ['swagger: "2.0"', 'given has no operation that contend can send.'],
    ['swagger: "2.1"\npaths: {}', 'given is Swagger 2.1.'],
    ['\ufffd\ufffdo\0p\0e\0n\0', 'given is no text in UTF-8.'],
    ['PK\u0003\u0004\u0014\0', 'given is packed.'],
    ['{"version":1,"collections":[{"item":[]}]}', 'given has all data of a Postman account.'],
    ['{"swaggerVersion": "1.2", "apis": []}', 'given is a Swagger 1 document, which is not read.'],
    ['{"info":{},"item":[]}', 'given has no request that contend can send.'],
    ['openapi: 2.9.0\npaths: {}', 'given is OpenAPI 2.9.0.'],
    ['openapi: 3.0.0\npaths: {}', 'given has no operation that contend can send.'],
    ["curl\n  http://x.test -d '", "given:2: the quote ' is never closed."],
    ['curl -X POST', 'given:1: the curl command has no address.'],
    ['curl ftp://x.test/', 'given:1: "ftp://x.test/" is no http address.'],
    ['curl -X PROPFIND http://x.test', 'Nothing is left that contend could send.'],
    ['curl http://169.254.169.254/latest', 'No load is ever sent to 169.254.169.254.'],
    ['{"log":{"entries":[]}}', 'given: no request was recorded.'],
  ];
  test.each(refused)('%j', (text, message) => {
    expect(() => drafted(text)).toThrow(ContendError);
    expect(() => drafted(text)).toThrow(message);
  });

  test('a tag or an operation that the document has not, or that no document is there to have', () => {
    const text = JSON.stringify(pets);
    expect(() => drafted(text, { tags: ['cat'] })).toThrow('given has no tag "cat".');
    expect(() => drafted(text, { operations: ['GET /cats'] })).toThrow('given has no operation "GET /cats".');
    expect(() => drafted('curl http://x.test', { tags: ['cat'] })).toThrow('given is no OpenAPI document');
  });
});

describe('curl', () => {
  test('words are read as a shell reads them, and nothing of it is run', () => {
    const [step] = draftOf(String.raw`$ curl 'http://h.test/a b'"/$(id)" -H $'x-a: it\'s\u0021' \
      --data-raw '{"a": "x'\''y"}' | jq . # and so on`).steps;
    expect(step).toMatchObject({
      method: 'post',
      path: '/a%20b/$(id)',
      headers: { 'x-a': "it's!" },
      body: { json: { a: "x'y" } },
    });
  });

  test('credentials are read from the environment, wherever they stand', () => {
    const { draft, text } = drafted(
      `curl https://ann:pw-12345@h.test/x?api_key=k-12345 -H 'X-Auth-Token: t-12345' -b 'sid=c-12345' -d 'password=p-12345&user=ann'`,
    );
    expect(text).not.toMatch(/[pktc]w?-12345/);
    expect(draft.secrets.map(({ name }) => name).sort()).toEqual([
      'API_KEY',
      'COOKIE',
      'PASSWORD',
      'PASSWORD_2',
      'X_AUTH_TOKEN',
    ]);
  });

  test('what is a secret somewhere is one everywhere, whatever it is called there', () => {
    const { draft, text } = drafted(
      `curl http://h.test/a/s3cr3t-xyz?note=s3cr3t-xyz --json '{"note":"s3cr3t-xyz"}'\ncurl http://h.test/b -H 'X-Api-Key: s3cr3t-xyz'`,
    );
    expect(text).not.toContain('s3cr3t');
    expect(draft.secrets.map(({ name }) => name)).toEqual(['X_API_KEY']);
    expect(draft.steps[0]).toMatchObject({ path: '/a/${env.X_API_KEY}', query: { note: '${env.X_API_KEY}' } });
  });

  test('a variable of the shell becomes one of the scenario', () => {
    const { steps, secrets, env } = draftOf('curl "http://h.test/$REGION/x" -H "authorization: Bearer ${API_TOKEN}"');
    expect(steps[0]).toMatchObject({ path: '/${env.REGION}/x', auth: { bearer: '${env.API_TOKEN}' } });
    expect([secrets.map(({ name }) => name), env.map(({ name }) => name)]).toEqual([['API_TOKEN'], ['REGION']]);
  });

  test('forms, parts, queries and flags are carried over, or told', () => {
    const { steps, left, guessed } = draftOf(
      'curl h.test -G -d a=1 -d b=2 --next h.test -F x=1 -F f=@p.png --next h.test -d @body.json --what',
    );
    expect(steps[0]).toMatchObject({ method: 'get', query: { a: '1', b: '2' } });
    expect(steps[1]).toMatchObject({ method: 'post', body: { multipart: { x: '1' } } });
    expect(guessed.join('\n')).toMatch(/put p\.png beside[^]*put body\.json beside/);
    expect(left.join('\n')).toContain('the flag --what');
  });

  test('another origin than that of most is left out, and told', () => {
    const { steps, left } = draftOf('curl http://a.test/1\ncurl http://a.test/2\ncurl http://b.test/3');
    expect(steps.length).toBe(2);
    expect(left).toContain('a request to http://b.test: a scenario has one target, --origin chooses');
  });
});

describe('OpenAPI', () => {
  test('tags and operations choose, and the others are listed', () => {
    const text = JSON.stringify(pets);
    expect(drafted(text, { tags: ['pet'] }).draft).toMatchObject({
      steps: [{ method: 'get' }],
      rest: ['POST /pets  make'],
    });
    for (const which of ['make', 'POST /pets', 'post /p*'])
      expect(drafted(text, { operations: [which] }).draft.steps.map(({ method }) => method)).toEqual(['post']);
  });

  test('the steps of a large document are bounded, and so is what they hold', () => {
    const wide = Object.fromEntries(
      Array.from({ length: 2000 }, (_, at) => [`p${at}`, { type: 'string', example: 'x'.repeat(5000) }]),
    );
    const paths = Object.fromEntries(
      Array.from({ length: 600 }, (_, at) => [
        `/t${at}`,
        {
          post: { requestBody: { content: { 'application/json': { schema: { $ref: '#/components/schemas/Wide' } } } } },
        },
      ]),
    );
    const schemas = { Wide: { type: 'object', properties: { ...wide, self: { $ref: '#/components/schemas/Wide' } } } };
    const { draft, text } = drafted(JSON.stringify({ openapi: '3.1.0', paths, components: { schemas } }));
    expect([draft.steps.length <= 20, draft.rest.length > 500, text.length < 1 << 20]).toEqual([true, true, true]);
  });
});
