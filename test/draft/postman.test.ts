import { describe, expect, test } from 'vitest';
import { drafted, notesOf } from './drafted.ts';

const collectionOf = (items: readonly object[], more: object = {}): string =>
  JSON.stringify({
    info: { name: 'Shop', schema: 'https://schema.getpostman.com/json/collection/v2.1.0/collection.json' },
    item: items,
    ...more,
  });

const request = (name: string, more: object, beside: object = {}) => ({
  name,
  request: { method: 'GET', ...more },
  ...beside,
});

describe('a Postman collection', () => {
  test('has variables of its own, which are filled in, and others, which are read from the environment', () => {
    const { draft } = drafted(
      collectionOf(
        [
          request('list', {
            url: {
              raw: '{{base}}/things?page=1&off=2',
              host: ['{{base}}'],
              path: ['things'],
              query: [
                { key: 'page', value: '{{page}}' },
                { key: 'off', value: '2', disabled: true },
              ],
            },
            header: [
              { key: 'X-Region', value: '{{region}}' },
              { key: 'X-Off', value: '1', disabled: true },
            ],
          }),
        ],
        {
          variable: [
            { key: 'base', value: '{{scheme}}://shop.test:8443/v1' },
            { key: 'scheme', value: 'https' },
            { key: 'page', value: '3' },
          ],
        },
      ),
    );
    expect(draft).toMatchObject({
      target: 'https://shop.test:8443',
      steps: [{ method: 'get', path: '/v1/things', query: { page: '3' }, headers: { 'x-region': '${env.region}' } }],
    });
    expect(draft.env.map(({ name }) => name)).toEqual(['region']);
  });

  test('goes where its own address leads, or where it is to be written', () => {
    const { draft } = drafted(
      collectionOf([
        request('a', { url: '{{baseUrl}}/a' }),
        request('b', {
          url: {
            raw: '{{baseUrl}}/books/:id',
            host: ['{{baseUrl}}'],
            path: ['books', ':id'],
            variable: [{ key: 'id', value: '7' }],
          },
        }),
      ]),
    );
    expect(draft.target).toBe('http://localhost:8080');
    expect(draft.steps.map(({ path }) => path)).toEqual(['/a', '/books/${bookId}']);
    expect(draft.guessed).toContain(
      'what baseUrl stands for, → write it into target in place of http://localhost:8080 (2 times)',
    );
  });

  test('has credentials that a folder, or a request, may replace', () => {
    const bearer = { type: 'bearer', bearer: [{ key: 'token', value: '{{token}}' }] };
    const { draft } = drafted(
      collectionOf(
        [
          request('own', {
            url: 'https://h.test/own',
            auth: {
              type: 'basic',
              basic: [
                { key: 'username', value: 'ann' },
                { key: 'password', value: 'pw-123456' },
              ],
            },
          }),
          { name: 'open', auth: { type: 'noauth' }, item: [request('none', { url: 'https://h.test/none' })] },
          {
            name: 'key',
            auth: {
              type: 'apikey',
              apikey: [
                { key: 'key', value: 'X-Key' },
                { key: 'value', value: 'k-123456' },
                { key: 'in', value: 'header' },
              ],
            },
            item: [request('key', { url: 'https://h.test/key' })],
          },
          request('inherited', { url: 'https://h.test/inherited' }),
          request('signed', { url: 'https://h.test/signed', auth: { type: 'awsv4', awsv4: [] } }),
        ],
        { auth: bearer },
      ),
    );
    expect(draft.steps.map(({ auth }) => auth)).toEqual([
      { basic: { user: 'ann', password: '${env.PASSWORD}' } },
      undefined,
      undefined,
      { bearer: '${env.token}' },
      undefined,
    ]);
    expect(draft.steps[2]!.headers).toEqual({ 'x-key': '${env.X_KEY}' });
    expect(notesOf(draft)).toContain('signed: its credentials, which are awsv4');
  });

  test('has bodies of every kind', () => {
    const body = (mode: string, value: unknown, more: object = {}) => ({
      method: 'POST',
      url: 'https://h.test/a',
      body: { mode, [mode]: value, ...more },
    });
    const { draft } = drafted(
      collectionOf(
        [
          request('json', body('raw', '{"n": {{n}}, "id": "{{$guid}}"}', { options: { raw: { language: 'json' } } })),
          request('xml', body('raw', '<a/>', { options: { raw: { language: 'xml' } } })),
          request(
            'form',
            body('urlencoded', [
              { key: 'a', value: '1' },
              { key: 'a', value: '2' },
              { key: 'b', value: '3', disabled: true },
            ]),
          ),
          request(
            'parts',
            body('formdata', [
              { key: 'note', value: 'hi', type: 'text' },
              { key: 'doc', type: 'file', src: '/C:/x/doc.pdf', contentType: 'application/pdf' },
            ]),
          ),
          request('graphql', body('graphql', { query: '{ me { id } }', variables: '{"a": 1}' })),
          request('file', body('file', { src: 'data.bin' })),
          request('nothing', { ...body('raw', 'x'), body: { mode: 'raw', raw: 'x', disabled: true } }),
        ],
        { variable: [{ key: 'n', value: '5' }] },
      ),
    );
    expect(draft.steps.map((step) => step.body)).toEqual([
      { json: { n: 5, id: '${guid}' } },
      { text: '<a/>' },
      { form: { a: ['1', '2'] } },
      { multipart: { note: 'hi', doc: { file: 'doc.pdf', type: 'application/pdf' } } },
      { json: { query: '{ me { id } }', variables: { a: 1 } } },
      { body: { file: 'data.bin' } },
      undefined,
    ]);
    expect(draft.steps[1]!.headers).toEqual({ 'content-type': 'application/xml' });
    expect(draft.data).toMatchObject([{ name: 'guid', source: 'uuid' }]);
  });

  test('keeps what its scripts keep of an answer, and tells what else they do', () => {
    const test = {
      listen: 'test',
      script: {
        exec: [
          'const data = pm.response.json();',
          "pm.environment.set('thing-id', data.items[0].id);",
          'pm.test("ok", () => {});',
        ],
      },
    };
    const { draft } = drafted(
      collectionOf([
        {
          name: 'shop',
          item: [
            request(
              'make',
              { method: 'POST', url: 'https://h.test/things' },
              { event: [test, { listen: 'prerequest', script: { exec: '// nothing' } }] },
            ),
          ],
        },
        request('read', { url: 'https://h.test/things/{{thing-id}}' }),
      ]),
    );
    expect(draft.steps[0]!.capture).toEqual({ thingId: 'body.items[0].id' });
    expect(draft.steps[1]!.path).toBe('/things/${thingId}');
    expect(draft.left).toEqual(['shop / make: what its tests check']);
  });

  test('is read in format 2.0, and as the API of Postman wraps it', () => {
    const old = {
      info: { name: 'old' },
      item: [
        request('a', {
          url: 'http://h.test/a',
          header: 'X-A: 1\nX-B: 2',
          auth: { type: 'bearer', bearer: { token: '{{t}}' } },
        }),
        { name: 'b', request: 'http://h.test/b' },
      ],
    };
    for (const given of [old, { collection: old }]) {
      const { draft } = drafted(JSON.stringify(given));
      expect(draft.steps).toMatchObject([
        { path: '/a', headers: { 'x-a': '1', 'x-b': '2' }, auth: { bearer: '${env.t}' } },
        { path: '/b' },
      ]);
    }
  });

  test.each([
    [{ requests: [], order: [] }, 'given is a Postman collection in format 1.'],
    [
      { _postman_variable_scope: 'environment', values: [] },
      'given is an environment of Postman: it has values, and no requests.',
    ],
    [
      { item: [request('a', { method: 'PROPFIND', url: 'http://h.test' })] },
      'given has no request that contend can send.',
    ],
  ])('%j is refused', (given, message) => {
    expect(() => drafted(JSON.stringify(given))).toThrow(message);
  });
});
