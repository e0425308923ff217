import { describe, expect, test } from 'vitest';
import { drafted } from './drafted.ts';

const object = (properties: object, more: object = {}) => ({ type: 'object', properties, ...more });
const text = { type: 'string' };
const whole = { type: 'integer' };

describe('Swagger 2.0 is read as OpenAPI 3 is', () => {
  const pet = { $ref: '#/definitions/Pet' };
  const document = {
    swagger: '2.0',
    info: { title: 'Pets', version: '1' },
    host: 'pets.test',
    basePath: '/v1',
    schemes: ['http', 'https'],
    consumes: ['application/json'],
    securityDefinitions: { key: { type: 'apiKey', in: 'header', name: 'X-Key' }, basic: { type: 'basic' } },
    security: [{ key: [] }],
    definitions: {
      Pet: object({ kind: text, id: { ...whole, readOnly: true } }, { discriminator: 'kind', required: ['kind'] }),
      Cat: { allOf: [pet, object({ indoor: { type: 'boolean' } })] },
    },
    parameters: { limit: { name: 'limit', in: 'query', required: true, ...whole, minimum: 1, maximum: 5 } },
    responses: { pet: { description: 'x', schema: pet } },
    paths: {
      '/pets': {
        parameters: [{ $ref: '#/parameters/limit' }],
        post: {
          parameters: [{ in: 'body', name: 'any', required: true, schema: { $ref: '#/definitions/Cat' } }],
          responses: { 201: { $ref: '#/responses/pet' } },
        },
        get: {
          security: [{ basic: [] }],
          parameters: [
            // Takes the place of the one of the path.
            { name: 'limit', in: 'query', required: true, ...whole, minimum: 7, maximum: 9 },
            ...['multi', 'csv', 'pipes', undefined].map((collectionFormat, at) => ({
              name: `l${at}`,
              in: 'query',
              required: true,
              type: 'array',
              items: { type: 'string', enum: ['a', 'b'] },
              minItems: 2,
              uniqueItems: true,
              collectionFormat,
            })),
          ],
          responses: { 200: { description: 'x', schema: { type: 'array', items: pet } } },
        },
      },
      '/pets/{id}': {
        parameters: [{ name: 'id', in: 'path', required: true, ...whole }],
        get: { responses: { 200: { $ref: '#/responses/pet' } } },
        put: {
          consumes: ['application/x-www-form-urlencoded'],
          parameters: [
            { name: 'name', in: 'formData', required: true, ...text },
            { name: 'tags', in: 'formData', type: 'array', items: text, collectionFormat: 'multi' },
          ],
          responses: { 204: { description: 'x' } },
        },
        post: {
          consumes: ['multipart/form-data'],
          parameters: [
            { name: 'photo', in: 'formData', required: true, type: 'file' },
            { name: 'note', in: 'formData', ...text },
          ],
          responses: { 204: { description: 'x' } },
        },
      },
    },
  };

  test('its servers, parameters, bodies, forms, answers and ways in', () => {
    const { draft } = drafted(JSON.stringify(document));
    expect(draft.target).toBe('https://pets.test/v1');
    expect(draft.steps).toMatchObject([
      {
        method: 'post',
        path: '/pets',
        query: { limit: '${limit}' },
        headers: { 'x-key': '${env.KEY}' },
        body: { json: { kind: 'Cat', indoor: true } },
        capture: { petId: 'body.id' },
        status: [201],
      },
      {
        method: 'get',
        auth: { basic: { user: '${env.BASIC_USER}', password: '${env.BASIC_PASSWORD}' } },
        query: { limit: '${limit2}', l0: ['a', 'b'], l1: 'a,b', l2: 'a|b', l3: 'a,b' },
      },
      { method: 'get', path: '/pets/${petId}' },
      { method: 'put', body: { form: { name: 'sample', tags: ['sample'] } } },
      { method: 'post', body: { multipart: { photo: { file: 'photo.bin' }, note: 'sample' } } },
    ]);
    expect(draft.data.map(({ source }) => source)).toEqual(['1..5', '7..9']);
  });

  test('without a host it is where it is tested, and in YAML its version may be a number', () => {
    const made = drafted('swagger: 2.0\nbasePath: /v2\npaths: { /a: { get: { responses: {} } } }\n').draft;
    expect([made.target, made.steps.map(({ path }) => path)]).toEqual(['http://localhost:8080/v2', ['/a']]);
  });
});

describe('a document of calls, which are named by what they do', () => {
  const answer = (schema: object) => ({ 200: { description: 'x', content: { 'application/json': { schema } } } });
  const call = (properties: object, answered: object = object({})) => ({
    post: {
      requestBody: { content: { 'application/json': { schema: object(properties) } } },
      responses: answer(answered),
    },
  });
  const item = object({ item: object({ id: text, name: text }), request_id: text });
  const others = Object.fromEntries(
    Array.from({ length: 24 }, (_, at) => [`/report/part${at}/${['get', 'refresh', 'export'][at % 3]}`, call({})]),
  );

  test('the thing that is made, read and written is taken, and what one call gives goes into the next', () => {
    const { draft } = drafted(
      JSON.stringify({
        openapi: '3.0.3',
        paths: {
          ...others,
          '/item/remove': call({ item_id: text }),
          '/item/update': call({ item_id: text, name: text }),
          '/item/get': call({ item_id: text }, item),
          '/item/create': call({ name: text }, item),
          '/item/list': call({ count: whole }),
        },
      }),
    );
    expect(draft.guessed[0]).toContain('the steps are of /item');
    expect(draft.steps.map(({ path, body }) => [path, body])).toEqual([
      ['/item/create', { json: { name: 'sample' } }],
      ['/item/list', { json: { count: 1 } }],
      ['/item/get', { json: { item_id: '${string(itemId)}' } }],
      ['/item/update', { json: { item_id: '${string(itemId)}', name: 'sample' } }],
      ['/item/remove', { json: { item_id: '${string(itemId)}' } }],
    ]);
    expect(draft.steps[0]!.capture).toEqual({ itemId: 'body.item.id' });
  });

  test('with a dot, with a query, and at the top as one word', () => {
    const query = (...names: string[]) => ({ parameters: names.map((name) => ({ name, in: 'query', schema: text })) });
    const channel = object({ ok: { type: 'boolean' }, channel: object({ id: text }) });
    const made = (paths: object) =>
      drafted(JSON.stringify({ openapi: '3.0.3', paths: { ...others, ...paths } })).draft.steps.map(
        ({ method, path, query: asked, body }) => [`${method} ${path}`, body === undefined ? asked : body],
      );
    expect(
      made({
        '/rooms.info': { get: { ...query('channel'), responses: {} } },
        '/rooms.create': call({ name: text }, channel),
        '/rooms.rename': call({ channel: text, name: text }),
        '/rooms.archive': call({ channel: text }),
      }),
    ).toEqual([
      ['post /rooms.create', { json: { name: 'sample' } }],
      ['get /rooms.info', { channel: '${channel}' }],
      ['post /rooms.rename', { json: { channel: '${string(channel)}', name: 'sample' } }],
      ['post /rooms.archive', { json: { channel: '${string(channel)}' } }],
    ]);
    const id = { messageId: text };
    expect(
      made({
        '/deleteMessage': call(id),
        '/getMessage': call(id),
        '/editMessage': call(id),
        '/sendMessage': call({ text }, object(id)),
      }).map(([title]) => title),
    ).toEqual(['post /sendMessage', 'post /getMessage', 'post /editMessage', 'post /deleteMessage']);
  });

  test('one in a document of things makes what has a path of its own', () => {
    const inPath = { parameters: [{ name: 'name', in: 'path', required: true, schema: text }] };
    const { draft } = drafted(
      JSON.stringify({
        openapi: '3.0.3',
        paths: {
          '/volumes/{name}': { ...inPath, get: { responses: {} }, put: { responses: {} }, delete: { responses: {} } },
          '/volumes/create': call({}, object({ Name: text })),
        },
      }),
    );
    expect(draft.steps.map(({ method, path }) => `${method} ${path}`)).toEqual([
      'post /volumes/create',
      'get /volumes/${volumeName}',
      'put /volumes/${volumeName}',
      'delete /volumes/${volumeName}',
    ]);
    expect(draft.steps[0]!.capture).toEqual({ volumeName: 'body.Name' });
  });
});

describe('paths of one thing', () => {
  const item = (words: readonly string[], ...names: string[]) => ({
    ...Object.fromEntries(words.map((word) => [word, { responses: {} }])),
    parameters: names.map((name) => ({ name, in: 'path', required: true, schema: text })),
  });
  const pathsOf = (paths: object): readonly string[] =>
    drafted(JSON.stringify({ openapi: '3.0.3', paths })).draft.steps.map(({ method, path }) => `${method} ${path}`);

  test('name it differently, and mean the same; its id and its slug are two things', () => {
    expect(
      pathsOf({
        '/spaces/{name}': item(['get'], 'name'),
        '/spaces/{space}/pods': item(['get'], 'space'),
        '/posts/{id}': item(['get'], 'id'),
        '/posts/{post_id}/likes': item(['get'], 'post_id'),
        '/posts/{slug}': item(['put'], 'slug'),
      }),
    ).toEqual([
      'get /spaces/${spaceName}',
      'get /spaces/${spaceName}/pods',
      'get /posts/${postId}',
      'put /posts/${postSlug}',
      'get /posts/${postId}/likes',
    ]);
  });

  test("may have ids in brackets, as OData has, and any word for the format's", () => {
    expect(
      pathsOf({
        '/Orders': item(['post', 'get']),
        '/Orders({OrderID})': item(['get', 'patch'], 'OrderID'),
        "/People('{UserName}')": item(['get'], 'UserName'),
        '/things/{id}.{_format}': item(['get'], 'id', '_format'),
      }),
    ).toEqual([
      'post /Orders',
      'get /Orders',
      'get /Orders(${orderID})',
      'patch /Orders(${orderID})',
      "get /People('${userName}')",
      'get /things/${thingId}.json',
    ]);
  });

  test('that delete all there is are no steps of a large document', () => {
    const many = Object.fromEntries(Array.from({ length: 20 }, (_, at) => [`/logs/${at}`, item(['get'])]));
    const steps = pathsOf({
      ...many,
      '/things': item(['get', 'post', 'delete']),
      '/things/{id}': item(['get', 'put', 'delete'], 'id'),
      '/things/{id}/{part}': item(['get'], 'id', 'part'),
    });
    expect(steps.filter((one) => one.startsWith('delete'))).toEqual(['delete /things/${thingId}']);
  });
});

test('all of a document may lie in files of their own', () => {
  const files = new Map([
    ['paths/_index.yaml', '/users:\n  $ref: users.yaml\n/users/{id}:\n  $ref: "user.yaml#/one"\n'],
    [
      'paths/users.yaml',
      'post:\n  requestBody: { content: { application/json: { schema: { $ref: "../schemas/_index.yaml#/Pet" } } } }\n  responses: { 201: { description: x, content: { application/json: { schema: { $ref: "../schemas/User.yaml" } } } } }\n',
    ],
    ['paths/user.yaml', 'one:\n  parameters: [{ $ref: "../all.yaml#/parameters/Id" }]\n  get: { responses: {} }\n'],
    [
      'schemas/_index.yaml',
      'User: { $ref: ./User.yaml }\nPet: { oneOf: [{ $ref: "#/Cat" }], discriminator: { propertyName: kind, mapping: { cat: "#/Cat" } } }\nCat: { type: object, properties: { kind: { type: string } } }\n',
    ],
    ['schemas/User.yaml', 'type: object\nproperties: { id: { type: integer } }\n'],
    ['all.yaml', 'parameters: { Id: { name: id, in: path, required: true, schema: { type: integer } } }\n'],
  ]);
  const main =
    'openapi: 3.1.0\npaths: { $ref: paths/_index.yaml }\ncomponents: { schemas: { $ref: schemas/_index.yaml } }\n';
  const { draft } = drafted(main, { files });
  expect(draft.steps.map(({ method, path, body }) => [method, path, body])).toEqual([
    ['post', '/users', { json: { kind: 'cat' } }],
    ['get', '/users/${userId}', undefined],
  ]);
  expect(draft.left).toEqual([]);
  // In one document, schemas that are a reference to others are followed as well.
  const inside = `openapi: 3.1.0
components: { schemas: { $ref: '#/x-all' } }
x-all: { User: { type: object, properties: { n: { const: 7 } } }, Loop: { $ref: '#/x-all/Loop/a' } }
paths: { /a: { post: { requestBody: { content: { application/json: { schema: { type: object, properties: { u: { $ref: '#/components/schemas/User' }, l: { $ref: '#/x-all/Loop/a' } } } } } }, responses: {} } } }
`;
  expect(drafted(inside).draft.steps[0]!.body).toMatchObject({ json: { u: { n: 7 } } });
});

test('two ways in through one header are one', () => {
  const document = {
    openapi: '3.0.3',
    security: [{ key: [], token: [] }],
    components: {
      securitySchemes: {
        key: { type: 'apiKey', in: 'header', name: 'Authorization' },
        token: { type: 'http', scheme: 'bearer' },
      },
    },
    paths: { '/a': { get: { responses: {} } } },
  };
  const [step] = drafted(JSON.stringify(document)).draft.steps;
  expect([step!.auth, step!.headers]).toEqual([{ bearer: '${env.TOKEN_TOKEN}' }, {}]);
});

test('a schema may say itself what its discriminator calls it, and a secret by its pattern that it is short', () => {
  const document = {
    swagger: '2.0',
    definitions: {
      Base: object({ kind: text }, { discriminator: 'kind', required: ['kind'] }),
      Cat: { 'allOf': [{ $ref: '#/definitions/Base' }], 'x-ms-discriminator-value': '#Shop.Cat' },
    },
    paths: {
      '/a': {
        post: {
          parameters: [
            {
              in: 'body',
              name: 'b',
              schema: object({ pet: { $ref: '#/definitions/Cat' }, pin: { ...text, pattern: '^[0-9]{3}$' } }),
            },
          ],
          responses: {},
        },
      },
    },
  };
  const { draft } = drafted(JSON.stringify(document));
  expect(draft.steps[0]!.body).toEqual({ json: { pet: { kind: '#Shop.Cat' }, pin: '${env.PIN}' } });
  expect([draft.env.length, draft.secrets.length]).toEqual([1, 0]);
});

test('what is required and described nowhere has a value, and several in one part of a path have commas', () => {
  const ids = { name: 'ids', in: 'path', required: true, schema: { type: 'array', items: whole, example: [1, 2] } };
  const schema = object({ a: text }, { required: ['a', 'b'], additionalProperties: whole });
  const document = {
    openapi: '3.0.3',
    paths: {
      '/a/{ids}': {
        parameters: [ids],
        post: { requestBody: { content: { 'application/json': { schema } } }, responses: {} },
      },
    },
  };
  const { steps, data } = drafted(JSON.stringify(document)).draft;
  expect([steps[0]!.body, data.map(({ source }) => source)]).toEqual([
    { json: { a: 'sample', b: 1 } },
    [{ list: ['1,2'] }],
  ]);
});
