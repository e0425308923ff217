import { describe, expect, test } from 'vitest';
import { drafted, harOf, notesOf } from './drafted.ts';

interface Seen {
  readonly method?: string;
  readonly url: string;
  readonly headers?: { readonly [name: string]: string };
  readonly body?: string;
  readonly status?: number;
  readonly location?: string;
  readonly type?: string;
  readonly answer?: string;
}

/** A recording of several hosts. */
const recording = (entries: readonly Seen[], pages: readonly object[] = []): string =>
  JSON.stringify({
    log: {
      pages,
      entries: entries.map(({ method = 'GET', url, headers = {}, body, status = 200, location, type, answer }) => ({
        request: {
          method,
          url,
          headers: Object.entries(headers).map(([name, value]) => ({ name, value })),
          ...(body === undefined ? {} : { postData: { mimeType: 'application/json', text: body } }),
        },
        response: {
          status,
          headers: location === undefined ? [] : [{ name: 'Location', value: location }],
          content: { mimeType: type ?? 'application/json', text: answer ?? '' },
        },
      })),
    },
  });

const html = 'text/html; charset=utf-8';
const beacon = (host: string): Seen => ({ method: 'POST', url: `https://${host}/collect`, body: '{}', status: 204 });

describe('the target is the origin of the page that was recorded', () => {
  const shop = { url: 'https://shop.test/', type: html };
  const others = [
    beacon('stats.test'),
    beacon('stats.test'),
    { url: 'https://cdn.test/a.js', type: 'text/javascript' },
  ];

  test.each([
    ['whatever analytics it sends its numbers to', [shop, ...others], []],
    ['also where a certificate was asked for first', [beacon('ocsp.test'), shop, ...others], []],
    [
      'also where a frame of another origin came first',
      [
        { url: 'https://ads.test/f', type: html, headers: { 'sec-fetch-dest': 'iframe' } },
        { ...shop, headers: { 'sec-fetch-dest': 'document' } },
        ...others,
      ],
      [],
    ],
    [
      'by its title where its document was not recorded',
      [{ url: 'https://shop.test/api/cart' }, ...others],
      [{ id: 'p', title: 'https://shop.test/cart' }],
    ],
    [
      'by who asks where there is no title either',
      [
        { url: 'https://shop.test/api/cart', headers: { referer: 'https://shop.test/' } },
        ...others.map((one) => ({ ...one, headers: { origin: 'https://shop.test' } })),
      ],
      [{ title: 'My shop' }],
    ],
  ] as const)('%s', (_, entries, pages) => {
    expect(drafted(recording(entries, pages)).draft.target).toBe('https://shop.test');
  });

  test('the one that it sends on to, where it does nothing else', () => {
    const entries = [
      { url: 'https://shop.test/', status: 301, location: 'https://www.shop.test/' },
      { url: 'https://www.shop.test/', type: html },
      ...others,
    ];
    const { draft } = drafted(recording(entries));
    expect([draft.target, draft.steps.map(({ path, status }) => [path, status])]).toEqual([
      'https://www.shop.test',
      [['/', [200]]],
    ]);
  });

  test('--origin chooses another one, and says which there are', () => {
    const entries = [shop, { url: 'https://api.test/things', method: 'POST', body: '{}' }, ...others];
    for (const origin of ['https://api.test', 'https://api.test/', 'api.test'])
      expect(drafted(recording(entries), { origin }).draft.target).toBe('https://api.test');
    expect(() => drafted(recording(entries), { origin: 'https://api.example' })).toThrow(
      'No request goes to "https://api.example".',
    );
    expect(notesOf(drafted(recording(entries)).draft).join('\n')).toContain(
      'a request to https://api.test: a scenario has one target, --origin chooses',
    );
  });
});

describe('the version of an API is no id and no value', () => {
  test.each([
    '/api/v1',
    '/v2.1',
    '/api/2024',
    '/2010-04-01',
    '/2',
    '/v1beta1',
    '/rest/v3',
    '/api/1.1',
    '/v20240115',
    '/api/2024-01-15-preview',
  ])('%s', (version) => {
    const { draft, text } = drafted(
      harOf(
        {
          method: 'POST',
          url: `${version}/orders`,
          body: '{"n":1}',
          status: 201,
          answerHeaders: { location: `https://api.test${version}/orders/1002` },
        },
        { url: `${version}/orders/1002`, answer: '{"n":1}' },
        { method: 'PUT', url: `${version}/orders/1002`, body: '{"n":2}' },
        { url: `${version}/me`, answer: '{"id":7}' },
      ),
    );
    expect(draft.steps.map(({ path }) => path)).toEqual([
      `${version}/orders`,
      `${version}/orders/\${orderId}`,
      `${version}/orders/\${orderId}`,
      `${version}/me`,
    ]);
    expect(draft.data).toEqual([]);
    expect(text).toContain('keyed: { lock: { keyed: "${orderId}" } }');
  });

  test('whatever an answer says of it; a number at the end is an id', () => {
    const { draft } = drafted(
      harOf(
        { url: '/config', answer: '{"id":"v2","apiVersion":"v2","number":2}' },
        { url: '/v2/things/2', answer: '{"id":2}' },
        { url: '/reports/2024/summary' },
      ),
    );
    expect(draft.steps.map(({ path }) => path)).toEqual([
      '/config',
      '/v2/things/${configNumber}',
      '/reports/2024/summary',
    ]);
  });
});

describe('a redirect that leaves the origin, or that was not recorded to its end, is where its chain ends', () => {
  test('each request of it is one by itself, that expects its redirect', () => {
    const entries = [
      { url: 'https://app.test/', status: 302, location: '/login' },
      { url: 'https://app.test/login', status: 302, location: 'https://id.test/authorize' },
      { url: 'https://id.test/authorize', type: html },
      { url: 'https://app.test/callback', status: 302, location: '/home' },
      { url: 'https://app.test/home', type: html },
    ];
    const { draft } = drafted(recording(entries));
    expect(draft.target).toBe('https://app.test');
    expect(draft.steps.map(({ path, redirects, status }) => [path, redirects, status])).toEqual([
      ['/', 0, [302]],
      ['/login', 0, [302]],
      ['/callback', 1, [200]],
    ]);
    expect(draft.guessed.join('\n')).toContain('entry 2 is sent on to https://id.test');
  });

  test('one that goes round in a circle, and one whose end is missing', () => {
    const loop = Array.from({ length: 11 }, () => ({ url: 'https://a.test/loop', status: 302, location: '/loop' }));
    expect(drafted(recording(loop)).draft.steps).toMatchObject([{ path: '/loop', redirects: 0, status: [302] }]);
    const cut = [
      { url: 'https://a.test/1', status: 302, location: '/2' },
      { url: 'https://a.test/2', status: 307, location: '/3' },
    ];
    expect(drafted(recording(cut)).draft.steps.map(({ redirects, status }) => [redirects, status])).toEqual([
      [0, [302]],
      [0, [307]],
    ]);
  });
});

test('a body that was not recorded is told', () => {
  for (const told of [
    { bodySize: 27 },
    { headers: [{ name: 'Content-Length', value: '27' }] },
    { bodySize: 27, postData: { mimeType: 'application/json', text: '' } },
  ]) {
    const entry = {
      request: { method: 'POST', url: 'https://a.test/events', headers: [], ...told },
      response: { status: 204, headers: [], content: {} },
    };
    expect(drafted(JSON.stringify({ log: { entries: [entry] } })).draft.left.join('\n')).toContain(
      'the body of entry 1, which was not recorded',
    );
  }
  expect(drafted(harOf({ method: 'POST', url: '/a' })).draft.left).toEqual([]);
});

test.each([
  ['an ObjectId', '64c10bc25a36604b5a414077'],
  ['a UUID', '0b7a3d5e-6c1f-4f0a-9a55-3f1f2f6d7c11'],
  ['a UUID without dashes', '0b7a3d5e6c1f4f0a9a553f1f2f6d7c11'],
  ['a hash', '958a05393efef0ac7c0fb80a7eac45e24fd40c27'],
  ['a ULID', '01ARZ3NDEKTSV4RRFFQ69G5FAV'],
])('%s in a path is a value, and no secret', (_, id) => {
  const { draft, text } = drafted(harOf({ url: `/api/services/${id}` }));
  expect(draft.steps[0]!.path).toBe('/api/services/${serviceId}');
  expect(draft.secrets).toEqual([]);
  expect(text).not.toContain('such as 1..20');
});

test('what lets in whoever knows it is a secret all the same', () => {
  const { text } = drafted(
    harOf({ method: 'POST', url: '/services/T00000000/B00000000/XXXXXXXXXXXXXXXXXXXXXXXX', body: '{}' }),
  );
  expect(text).not.toContain('XXXXXXXX');
});

test('a recording without answers is taken as it is, and that is told', () => {
  const entries = ['/a', '/b'].map((path) => ({
    request: {
      method: 'POST',
      url: `https://a.test${path}`,
      headers: [],
      postData: { mimeType: 'application/json', text: '{"n":1}' },
    },
  }));
  const { draft } = drafted(JSON.stringify({ log: { entries } }));
  expect(draft.steps.map(({ path, status }) => [path, status])).toEqual([
    ['/a', []],
    ['/b', []],
  ]);
  expect(draft.guessed.join('\n')).toContain('none of the answers was recorded');
});

test('where nothing is left, what there was is told', () => {
  const entries = [
    { url: 'https://a.test/a.js', type: 'text/javascript' },
    { url: 'wss://a.test/s', status: 101 },
  ];
  expect(() => drafted(recording(entries))).toThrow('Nothing is left that contend could send.');
});

test('a key that says which requests are one is another one in each iteration', () => {
  const { draft } = drafted(
    harOf({
      method: 'POST',
      url: '/payments',
      headers: { 'Idempotency-Key': '7a1e0c9e-1111-4222-8333-944455556666' },
      body: '{"amount":5}',
      status: 201,
      answer: '{"id":9}',
    }),
  );
  expect(draft.steps[0]!.headers['idempotency-key']).toBe('${idempotencyKey}');
  expect(draft.data).toMatchObject([{ name: 'idempotencyKey', source: 'uuid' }]);
});

test('the number of a card is in no file', () => {
  const { text } = drafted(
    harOf({
      method: 'POST',
      url: '/pay',
      body: '{"card":{"number":"4242 4242 4242 4242","cvv":"123"},"orderNumber":"1234567890123"}',
    }),
  );
  expect(text).not.toMatch(/4242|"123"/);
  expect(text).toContain('1234567890123');
});
