import { describe, expect, test } from 'vitest';
import { filesBeside } from '../../src/draft/openapi/files.ts';
import { textOfPattern } from '../../src/draft/openapi/pattern.ts';
import { drafted, openapiOf } from './drafted.ts';

const ref = (name: string) => ({ $ref: `#/components/schemas/${name}` });
const object = (properties: object, more: object = {}) => ({ type: 'object', properties, ...more });
const text = { type: 'string' };

const bodyOf = (schema: object, schemas: object = {}): unknown =>
  drafted(openapiOf({ schema }, { schemas })).draft.steps[0]!.body;

describe('what a discriminator says of a schema that is built on its base', () => {
  const kinds = (discriminator: object = {}) => ({
    Pet: object(
      { kind: text, name: text },
      { required: ['kind'], discriminator: { propertyName: 'kind', ...discriminator } },
    ),
    Cat: { allOf: [ref('Pet'), object({ indoor: { type: 'boolean' } })] },
    Dog: { allOf: [ref('Pet'), object({ bark: { type: 'boolean' } })] },
    Kitten: { allOf: [ref('Cat'), object({ weeks: { type: 'integer' } })] },
  });

  test('its own name, also where it is one of several, or lies in something', () => {
    const cat = { json: { kind: 'Cat', name: 'sample', indoor: true } };
    expect(bodyOf(ref('Cat'), kinds())).toEqual(cat);
    expect(bodyOf({ oneOf: [ref('Cat'), ref('Dog')] }, kinds())).toEqual(cat);
    expect(bodyOf({ anyOf: [ref('Dog')] }, kinds())).toMatchObject({ json: { kind: 'Dog', bark: true } });
    expect(bodyOf(object({ pet: { allOf: [ref('Cat')], description: 'x' } }), kinds())).toMatchObject({
      json: { pet: { kind: 'Cat' } },
    });
    expect(bodyOf({ type: 'array', items: ref('Dog') }, kinds())).toMatchObject({ json: [{ kind: 'Dog' }] });
  });

  test('the name of the last one that is built on it, and the one of its mapping', () => {
    expect(bodyOf(ref('Kitten'), kinds())).toMatchObject({ json: { kind: 'Kitten', indoor: true, weeks: 1 } });
    const mapping = { cat: '#/components/schemas/Cat', dog: 'Dog' };
    expect(bodyOf(ref('Cat'), kinds({ mapping }))).toMatchObject({ json: { kind: 'cat' } });
    expect(bodyOf(ref('Dog'), kinds({ mapping }))).toMatchObject({ json: { kind: 'dog' } });
  });

  test('of the base itself, the first that is built on it', () => {
    expect(bodyOf(ref('Pet'), kinds())).toMatchObject({ json: { kind: 'Cat', indoor: true } });
    expect(bodyOf(ref('Pet'), kinds({ mapping: { hound: ref('Dog').$ref } }))).toMatchObject({
      json: { kind: 'hound', bark: true },
    });
  });

  test('a base that names its variants is none of them to those that are built on it', () => {
    const both = { ...kinds(), Pet: { ...kinds().Pet, oneOf: [ref('Cat'), ref('Dog')] } };
    expect(bodyOf(ref('Dog'), both)).toEqual({ json: { kind: 'Dog', name: 'sample', bark: true } });
    expect(bodyOf(ref('Pet'), both)).toMatchObject({ json: { kind: 'Cat', indoor: true } });
  });

  test('what the property allows wins', () => {
    const small = { ...kinds(), Cat: { allOf: [ref('Pet'), object({ kind: { type: 'string', enum: ['cat'] } })] } };
    expect(bodyOf(ref('Cat'), small)).toMatchObject({ json: { kind: 'cat' } });
  });
});

describe('an enumeration narrows what stands beside it', () => {
  const One = { type: 'integer', oneOf: [{ const: 1 }, { const: 2 }] };
  test.each([
    [{ enum: [2], allOf: [ref('One')] }, 2],
    [{ enum: [2], oneOf: [{ const: 1 }, { const: 2 }] }, 2],
    [{ const: 3, allOf: [{ enum: [1, 2, 3] }] }, 3],
    [{ allOf: [{ enum: [1, 2, 3], default: 1 }, { enum: [3, 4] }] }, 3],
    [{ enum: ['b'], allOf: [{ type: 'string', example: 'a', default: 'a' }] }, 'b'],
    [{ enum: ['a', 'b'], default: 'b' }, 'b'],
  ])('%j is %j', (schema, value) => {
    expect(bodyOf(object({ kind: schema }), { One })).toEqual({ json: { kind: value } });
  });
});

describe('forms and patches', () => {
  const formOf = (properties: object, encoding: object = {}, type = 'application/x-www-form-urlencoded'): unknown => {
    const media = { schema: object(properties), encoding };
    const document = {
      openapi: '3.0.3',
      paths: {
        '/a': { post: { requestBody: { content: { [type]: media } }, responses: {} } },
      },
    };
    return drafted(JSON.stringify(document)).draft.steps[0]!.body;
  };
  const deep = { style: 'deepObject', explode: true };
  const card = object({
    number: { type: 'string', example: '4000' },
    address: object({ city: { type: 'string', example: 'Rome' } }),
  });

  test('a list within a list is one part, as JSON', () => {
    const list = (items: object): object => ({ type: 'array', items });
    const properties = { tags: list(text), rows: list(list(text)), cubes: list(list(list(text))) };
    const json = (value: string): object => ({ value, type: 'application/json' });
    expect(formOf(properties, {}, 'multipart/form-data')).toEqual({
      multipart: { tags: ['sample'], rows: [json('["sample"]')], cubes: [json('[["sample"]]')] },
    });
    expect(formOf(properties)).toEqual({
      form: { tags: ['sample'], rows: ['["sample"]'], cubes: ['[["sample"]]'] },
    });
  });

  test('fields as their encoding says', () => {
    expect(
      formOf(
        { card, expand: { type: 'array', items: { type: 'string', example: 'x' } }, metadata: { type: 'object' } },
        { card: deep, expand: deep, metadata: deep },
      ),
    ).toEqual({
      form: { 'card[number]': '4000', 'card[address][city]': 'Rome', 'expand[]': ['x'] },
    });
    const items = { type: 'array', items: object({ price: { type: 'string', example: 'p1' } }) };
    expect(formOf({ items }, { items: deep })).toEqual({ form: { 'items[0][price]': 'p1' } });
    const ids = { type: 'array', items: { type: 'integer', example: 7 }, minItems: 2 };
    expect(formOf({ ids }, { ids: { style: 'form', explode: false } })).toEqual({ form: { ids: '7,7' } });
    expect(formOf({ ids }, { ids: { style: 'pipeDelimited', explode: false } })).toEqual({ form: { ids: '7|7' } });
    expect(formOf({ point: object({ x: { type: 'integer' } }) }, { point: { style: 'form', explode: true } })).toEqual({
      form: { x: '1' },
    });
    expect(formOf({ meta: object({ a: { type: 'integer' } }) }, { meta: { contentType: 'application/json' } })).toEqual(
      { form: { meta: '{"a":1}' } },
    );
  });

  test('a field that nobody says anything of is JSON, and told', () => {
    const media = { schema: object({ meta: object({ a: { type: 'integer' } }) }) };
    const document = {
      openapi: '3.0.3',
      paths: {
        '/a': { post: { requestBody: { content: { 'application/x-www-form-urlencoded': media } }, responses: {} } },
      },
    };
    expect(drafted(JSON.stringify(document)).draft.guessed).toEqual(['the field meta of POST /a: it is sent as JSON']);
  });

  test.each([
    ['application/json-patch+json', 'application/json-patch+json'],
    ['application/merge-patch+json', 'application/merge-patch+json'],
    ['application/strategic-merge-patch+json', 'application/strategic-merge-patch+json'],
    ['application/vnd.api+json', 'application/vnd.api+json'],
    ['application/json; charset=utf-8', undefined],
    ['application/json', undefined],
    ['text/json', 'text/json'],
  ])('%s is sent as what it is', (type, sent) => {
    const document = {
      openapi: '3.0.3',
      paths: {
        '/a': { patch: { requestBody: { content: { [type]: { schema: object({ op: text }) } } }, responses: {} } },
      },
    };
    const [step] = drafted(JSON.stringify(document)).draft.steps;
    expect([step!.headers['content-type'], step!.body]).toEqual([sent, { json: { op: 'sample' } }]);
  });

  test('a patch that is merged is taken before a list of operations', () => {
    const content = Object.fromEntries(
      ['application/json-patch+json', 'application/merge-patch+json'].map((type) => [
        type,
        { schema: object({ a: text }) },
      ]),
    );
    const document = { openapi: '3.0.3', paths: { '/a': { patch: { requestBody: { content }, responses: {} } } } };
    expect(drafted(JSON.stringify(document)).draft.steps[0]!.headers['content-type']).toBe(
      'application/merge-patch+json',
    );
  });
});

describe('which operations, and in which order', () => {
  const made = { 201: { description: 'x', content: { 'application/json': { schema: object({ sid: text }) } } } };
  const path = (words: readonly string[], parameters: readonly string[] = []) => ({
    ...Object.fromEntries(
      words.map((word) => [word, { responses: word === 'post' ? made : { 200: { description: 'x' } } }]),
    ),
    parameters: parameters.map((name) => ({ name, in: 'path', required: true, schema: text })),
  });
  const titles = (paths: object): readonly string[] =>
    drafted(JSON.stringify({ openapi: '3.0.3', paths })).draft.steps.map(({ method, path: one }) => `${method} ${one}`);

  test('what makes the parent comes first, whatever the order of the document', () => {
    const nested = Object.fromEntries(
      Array.from('abcdefgh').flatMap((name) => [
        [`/v2/Svc/{SvcSid}/${name}`, path(['get', 'post'], ['SvcSid'])],
        [`/v2/Svc/{SvcSid}/${name}/{Sid}`, path(['get', 'delete'], ['SvcSid', 'Sid'])],
      ]),
    );
    const steps = titles({
      ...nested,
      '/v2/Svc/{Sid}': path(['delete', 'get', 'post'], ['Sid']),
      '/v2/Svc': path(['get', 'post']),
    });
    expect(steps.slice(0, 6)).toEqual([
      'post /v2/Svc',
      'get /v2/Svc',
      'get /v2/Svc/${sid}',
      'post /v2/Svc/${sid}',
      'post /v2/Svc/${sid}/a',
      'get /v2/Svc/${sid}/a',
    ]);
    expect([steps.length, steps.at(-1)]).toEqual([20, 'delete /v2/Svc/${sid}']);
  });

  test('also of few operations, and of those that were asked for', () => {
    const paths = {
      '/shops/{shopSid}/items/{sid}': path(['put', 'get'], ['shopSid', 'sid']),
      '/shops/{shopSid}/items': path(['get', 'post'], ['shopSid']),
      '/shops': path(['post']),
    };
    const wanted = [
      'post /shops',
      'post /shops/${shopSid}/items',
      'get /shops/${shopSid}/items',
      'get /shops/${shopSid}/items/${sid}',
      'put /shops/${shopSid}/items/${sid}',
    ];
    expect(titles(paths)).toEqual(wanted);
    const { draft } = drafted(JSON.stringify({ openapi: '3.0.3', paths }), { operations: ['/shops*'] });
    expect(draft.steps.map(({ method, path: one }) => `${method} ${one}`)).toEqual(wanted);
  });

  test.each(['.json', '.xml', '/', '.{format}'])('paths that end in %s are those of a resource', (end) => {
    const parameters = end === '.{format}' ? ['format'] : [];
    const rest = Object.fromEntries(
      Array.from({ length: 12 }, (_, at) => [
        `/2010/Accounts/{AccountSid}/R${at}${end}`,
        path(['get', 'post'], ['AccountSid', ...parameters]),
      ]),
    );
    const steps = titles({
      ...rest,
      [`/2010/Accounts/{Sid}${end}`]: path(['get', 'post'], ['Sid', ...parameters]),
      [`/2010/Accounts${end}`]: path(['post', 'get'], parameters),
    });
    expect(steps.length).toBe(20);
    // Answers are read as JSON.
    const sent = end === '.{format}' ? '.json' : end;
    expect(steps.slice(0, 4)).toEqual([
      `post /2010/Accounts${sent}`,
      `get /2010/Accounts${sent}`,
      `get /2010/Accounts/\${sid}${sent}`,
      `post /2010/Accounts/\${sid}${sent}`,
    ]);
  });

  test('the resource is the one that a person would take', () => {
    const all = ['get', 'post'];
    const item = ['get', 'put', 'delete'];
    const collections = [
      '/admin/things',
      '/audit_logs',
      '/v1/webhooks',
      '/v1/very/long/way/to/records',
      '/v1/orders',
      '/v1/permissions',
      '/v1/zones',
    ];
    const paths = Object.fromEntries(
      collections.flatMap((one) => [
        [`${one}/{id}`, path(item, ['id'])],
        [one, path(all)],
      ]),
    );
    expect(titles(paths)[0]).toBe('post /v1/orders');
  });

  test('what writes to the whole collection names the thing that was read', () => {
    const Pet = object({ id: { type: 'integer', example: 10 }, tag: object({ id: { type: 'integer', example: 3 } }) });
    const json = { content: { 'application/json': { schema: Pet } } };
    const paths = {
      '/pet': {
        put: { requestBody: json, responses: {} },
        post: { requestBody: json, responses: { 200: { description: 'x', ...json } } },
      },
      '/pet/{petId}': {
        get: {
          parameters: [{ name: 'petId', in: 'path', required: true, schema: { type: 'integer' } }],
          responses: {},
        },
      },
    };
    const { draft } = drafted(JSON.stringify({ openapi: '3.0.3', paths }));
    expect(draft.steps.map(({ method, body }) => [method, body])).toEqual([
      ['post', { json: { id: 10, tag: { id: 3 } } }],
      ['get', undefined],
      ['put', { json: { id: '${petId}', tag: { id: 3 } } }],
    ]);
  });
});

describe('a document in several files', () => {
  const main =
    'openapi: 3.0.3\npaths:\n  /users: { $ref: paths/users.yaml }\n  /users/{id}: { $ref: "./paths/user.json" }\n';
  const files: { readonly [path: string]: string } = {
    'paths/users.yaml':
      "get: { responses: {} }\npost:\n  requestBody: { content: { application/json: { schema: { $ref: '../schemas/all.yaml#/User' } } } }\n  responses: { 201: { description: x } }\n",
    'paths/user.json':
      '{"get": {"parameters": [{"$ref": "#/id"}], "responses": {}}, "id": {"name": "id", "in": "path", "required": true, "schema": {"type": "integer"}}}',
    'schemas/all.yaml':
      "User: { type: object, properties: { name: { $ref: '#/Name' } } }\nName: { type: string, example: Ann }\n",
  };

  test('is read where the files are there', async () => {
    const asked: string[] = [];
    const beside = await filesBeside(main, async (path) => {
      asked.push(path);
      return files[path];
    });
    expect(asked.toSorted()).toEqual(Object.keys(files).toSorted());
    const { draft } = drafted(main, { files: beside });
    expect(draft.steps.map(({ method, path }) => `${method} ${path}`)).toEqual([
      'post /users',
      'get /users',
      'get /users/${userId}',
    ]);
    expect(draft.steps[0]!.body).toEqual({ json: { name: 'Ann' } });
    expect([draft.left, draft.guessed]).toEqual([[], []]);
  });

  test('is to be bundled first where they are not, which is said once', () => {
    expect(() => drafted(main)).toThrow('given is in several files, of which 2 are not here (paths/users.yaml …).');
    const { 'schemas/all.yaml': _, ...some } = files;
    const { draft } = drafted(main, { files: new Map(Object.entries(some)) });
    expect(draft.left).toEqual([
      'the document is in several files, of which one is not here (schemas/all.yaml): bundle it first, with npx @redocly/cli bundle given -o bundled.yaml',
    ]);
  });

  test('reads no address, and nothing that is no YAML and no JSON', async () => {
    const asked: string[] = [];
    const text =
      'openapi: 3.0.3\na: { $ref: "https://x.test/a.yaml" }\nb: { $ref: /etc/passwd }\nc: { $ref: secret.txt }\nd: { $ref: a/../b.yml#/x }\n';
    await filesBeside(text, async (path) => {
      asked.push(path);
      return undefined;
    });
    expect(asked).toEqual(['b.yml']);
  });
});

describe('values', () => {
  test('what is too short to be masked can be set', () => {
    const schema = object({
      cvc: { type: 'integer', example: 123 },
      security_code: text,
      pin: { type: 'string', example: '1234' },
      otp: { type: 'string', maxLength: 3 },
      card_number: { type: 'string', example: '4242424242424242' },
    });
    const { draft } = drafted(openapiOf({ schema }));
    expect([draft.env.map(({ name }) => name).sort(), draft.secrets.map(({ name }) => name).sort()]).toEqual([
      ['CVC', 'OTP', 'SECURITY_CODE'],
      ['CARD_NUMBER', 'PIN'],
    ]);
  });

  test('a pattern of a parameter is met, or told', () => {
    const path = (schema: object) => ({
      openapi: '3.0.3',
      paths: {
        '/a/{sid}': {
          get: {
            parameters: [{ name: 'sid', in: 'path', required: true, schema: { type: 'string', ...schema } }],
            responses: {},
          },
        },
      },
    });
    const met = drafted(JSON.stringify(path({ pattern: '^VA[0-9a-fA-F]{32}$', minLength: 34, maxLength: 34 }))).draft;
    expect((met.data[0]!.source as { readonly list: readonly string[] }).list[0]).toMatch(/^VA[0-9a-fA-F]{32}$/);
    expect(met.guessed).toEqual([]);
    const unmet = drafted(JSON.stringify(path({ pattern: '^(?=x)y$' }))).draft;
    expect(unmet.guessed).toEqual(['sid: a value that does not fit its pattern: ^(?=x)y$']);
  });

  test.each([
    [{ type: 'string', enum: ['a', 'b', 'c'] }, ['a', 'b']],
    [{ type: 'integer', minimum: 3 }, [3, 4]],
    [{ type: 'string' }, ['sample', 'sampl1']],
  ])('no two items are the same where none may be: %j', (items, made) => {
    expect(bodyOf({ type: 'array', minItems: 2, uniqueItems: true, items })).toEqual({ json: made });
  });

  test('a version in a path stands there as it is', () => {
    const parameters = [{ name: 'version', in: 'path', required: true, schema: { type: 'string', enum: ['v1'] } }];
    const { draft } = drafted(
      JSON.stringify({ openapi: '3.0.3', paths: { '/{version}/a': { get: { parameters, responses: {} } } } }),
    );
    expect([draft.steps[0]!.path, draft.data]).toEqual(['/v1/a', []]);
  });
});

test('methods of OpenAPI 3.2 that are not taken over are told, extensions among the paths are not', () => {
  const paths = {
    '/s': { query: { responses: {} }, additionalOperations: { COPY: { responses: {} } }, get: { responses: {} } },
    'x-paths': { get: {} },
  };
  expect(drafted(JSON.stringify({ openapi: '3.2.0', paths })).draft.left).toEqual([
    'methods that are not taken over: COPY /s, QUERY /s',
  ]);
});

describe('a text that fits a pattern', () => {
  test.each([
    ['^978-[0-9]{10}$', 14],
    ['^[A-Z]{2}\\d{2}[A-Z0-9]{11,30}$', 20],
    ['^(?:\\+|00)[1-9]\\d{6,14}$', 0],
    ['^[^\\s@]+@[^\\s@]+\\.[a-z]{2,}$', 0],
    ['^(foo|bar)-\\w+?-\\p{Lu}{3}$', 0],
    ['^[\\w.\\-/]{5,}$', 12],
    ['^#(?:[\\da-f]{3}){1,2}$', 0],
    ['^\\d{4}-(0[1-9]|1[0-2])$', 0],
    ['^\\x41\\u0042[\\]\\\\-]$', 0],
    ['^[!-/]+$', 3],
    ['^(?<year>\\d{4})$', 4],
    ['abc', 0],
  ])('%s, of %i characters at least', (pattern, least) => {
    const made = textOfPattern(pattern, least, 100);
    expect(made).toMatch(new RegExp(pattern, 'u'));
    expect(made!.length).toBeGreaterThanOrEqual(least);
  });

  test.each(['^(?=a)b$', '(a)\\1', '(?<!x)y', '[', '(', 'a{5000}', '^[^\\s\\S]$', 'x)'])(
    '%s: nobody knows one',
    (pattern) => {
      expect(textOfPattern(pattern, 0, 100)).toBeUndefined();
    },
  );
});
