import { describe, expect, test } from 'vitest';
import { drafted } from './drafted.ts';

const stepsOf = (text: string) => drafted(text).draft.steps;
const documentOf = (paths: object, components: object = {}, more: object = {}): string =>
  JSON.stringify({ openapi: '3.0.3', paths, components, ...more });
const json = (schema: object): object => ({ content: { 'application/json': { schema } } });
const object = (properties: object): object => ({ type: 'object', properties });
const text = { type: 'string' };
const inPath = (name: string): object => ({ name, in: 'path', required: true, schema: text });

describe('a parameter of an address that has no value', () => {
  test.each([
    ['http://h.test/_search?pretty', '/_search?pretty', {}],
    ['http://h.test/_search?pretty&q=a&v', '/_search?pretty&v', { q: 'a' }],
    ['http://h.test/_search?q=', '/_search', { q: '' }],
    ['http://h.test/a?12345', '/a', { 12345: '' }],
    ['http://h.test/a?x%20y', '/a', { 'x y': '' }],
  ])('%s', (url, path, query) => {
    expect(stepsOf(`curl '${url}'`)).toMatchObject([{ path, query }]);
  });

  test('reads and writes of one address are still a critical section', () => {
    const { text: scenario } = drafted(
      `curl http://h.test/docs/7?pretty\ncurl -X PUT http://h.test/docs/7?pretty --json '{"a":1}'`,
    );
    expect(scenario).toContain('critical:');
  });
});

test('JSON that curl would send as a form is sent as JSON, which is said', () => {
  const { draft } = drafted(`curl http://h.test/a -d '{"a":1}'`);
  expect(draft.steps[0]!.body).toEqual({ json: { a: 1 } });
  expect(draft.guessed).toEqual([
    'command of line 1: its content type, application/json: curl would say application/x-www-form-urlencoded'.replace(
      'command of line 1',
      'given:1',
    ),
  ]);
  for (const quiet of [`--json '{"a":1}'`, `-d '{"a":1}' -H 'content-type: application/json'`, `-d 'a=1'`])
    expect(drafted(`curl http://h.test/a ${quiet}`).draft.guessed).toEqual([]);
});

test.each(['marker', 'cursor', 'page_token', 'pageToken', 'next_marker', 'starting_after', 'since_id'])(
  'an example of %s is a place in the list of somebody else',
  (name) => {
    const query = (parameter: string, required = false): object => ({
      name: parameter,
      in: 'query',
      required,
      schema: { type: 'string', example: 'JV9IRGZmieiBasejOG9yDCRNgd2ymoZIbjsxbJMjIs3kioVii' },
    });
    const [step] = stepsOf(documentOf({ '/files': { get: { parameters: [query(name), query('fields')] } } }));
    expect(Object.keys(step!.query)).toEqual(['fields']);
    expect(step!.comment).toContain(`without ${name}`);
    // One that has to be there is asked for.
    expect(
      Object.keys(stepsOf(documentOf({ '/files': { get: { parameters: [query(name, true)] } } }))[0]!.query),
    ).toEqual([name]);
  },
);

test('an ETag that an answer has in its body is what a write gives back', () => {
  const write = {
    parameters: [inPath('id'), { name: 'if-match', in: 'header', schema: text }],
    requestBody: json(object({ name: text })),
    responses: { 200: json(object({ id: text })), 412: {} },
  };
  const item = (answer: object): object => ({
    '/files/{id}': { get: { parameters: [inPath('id')], responses: { 200: answer } }, put: write },
  });
  const { draft, text: scenario } = drafted(documentOf(item(json(object({ id: text, etag: text })))));
  expect(draft.steps[0]!.capture).toEqual({ etag: 'body.etag' });
  expect(draft.steps[1]!.headers).toMatchObject({ 'if-match': '${etag}' });
  expect(scenario).toContain('optimistic:');
  // A header wins, and where there is neither there is nothing to give back.
  const header = { ...json(object({ etag: text })), headers: { ETag: { schema: text } } };
  expect(stepsOf(documentOf(item(header)))[0]!.capture).toEqual({ etag: 'header.etag' });
  expect(drafted(documentOf(item(json(object({ id: text }))))).text).not.toContain('optimistic:');
});

describe('what a Location alone names', () => {
  const things = (headers: object, answer: object = {}): object => ({
    '/v1/things': { post: { requestBody: json(object({ name: text })), responses: { 201: { headers, ...answer } } } },
    '/v1/things/{thingId}': { get: { parameters: [inPath('thingId')], responses: { 200: {} } } },
  });

  test('is captured from it', () => {
    const [post, get] = stepsOf(documentOf(things({ Location: { schema: text } })));
    expect(post!.capture).toEqual({ thingId: 'split(header.location, "/things/")[1]' });
    expect(get!.path).toBe('/v1/things/${thingId}');
  });

  test('is in the body where it is there, too, and nowhere where it is in neither', () => {
    const both = things({ location: { schema: text } }, json(object({ id: text })));
    expect(stepsOf(documentOf(both))[0]!.capture).toEqual({ thingId: 'body.id' });
    expect(stepsOf(documentOf(things({})))[0]!.capture).toEqual({});
  });
});

test('who has to be there before anything else is made first: a login comes after what makes users', () => {
  const body = { requestBody: json(object({ email: text })), responses: { 200: {} } };
  const titles = stepsOf(
    documentOf({
      '/users/login': { post: body },
      '/users': { post: body },
      '/articles/feed': { get: { responses: { 200: {} } } },
      '/articles': { get: { responses: { 200: {} } }, post: body },
      '/user': { get: { responses: { 200: {} } } },
    }),
  ).map(({ method, path }) => `${method} ${path}`);
  expect(titles).toEqual([
    'post /users',
    'post /users/login',
    'post /articles',
    'get /articles',
    'get /articles/feed',
    'get /user',
  ]);
});

test('a password that may be empty says how', () => {
  const { draft } = drafted(
    documentOf(
      { '/a': { get: { responses: {} } } },
      { securitySchemes: { key: { type: 'http', scheme: 'basic' } } },
      { security: [{ key: [] }] },
    ),
  );
  expect(draft.secrets.map(({ comment }) => comment)).toEqual([
    'key',
    'key (→ where it is empty, write password: "" into auth and take this out)',
  ]);
});
