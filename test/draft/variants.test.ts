import { describe, expect, test } from 'vitest';
import { drafted, notesOf } from './drafted.ts';

const html = 'text/html; charset=utf-8';

/** An entry of a recording: a request, with its answer unless there is none. */
const entry = (
  url: string,
  {
    method = 'GET',
    headers = {},
    post,
    status = 200,
    answered = {},
    type = 'application/json',
    ...more
  }: {
    readonly method?: string;
    readonly headers?: { readonly [name: string]: string };
    readonly post?: object;
    readonly status?: number;
    readonly answered?: { readonly [name: string]: string };
    readonly type?: string;
    readonly redirectURL?: string;
    readonly _resourceType?: string;
  } = {},
): object => {
  const pairs = (given: { readonly [name: string]: string }) =>
    Object.entries(given).map(([name, value]) => ({ name, value }));
  const { redirectURL = '', ...beside } = more;
  return {
    ...beside,
    request: { method, url, headers: pairs(headers), ...(post === undefined ? {} : { postData: post }) },
    response: { status, headers: pairs(answered), content: { mimeType: type }, redirectURL },
  };
};
const sent = (url: string, text = '{}', more: object = {}): object =>
  entry(url, { method: 'POST', post: { mimeType: 'application/json', text }, ...more });
const har = (entries: readonly object[], pages: readonly object[] = []): string =>
  JSON.stringify({ log: { pages, entries } });

describe('the target of a recording', () => {
  const page = { headers: { origin: 'https://www.shop.test', referer: 'https://www.shop.test/' } };
  test.each([
    [
      'is of the site of the page where nothing of the page itself is left',
      har(
        [
          entry('https://api.shop.test/cart', page),
          sent('https://stats.other.test/x', '{}', page),
          sent('https://stats.other.test/x', '{}', page),
        ],
        [{ title: 'https://www.shop.test/' }],
      ),
      'https://api.shop.test',
    ],
    [
      'without a page is no place for errors and statistics, however much goes there',
      har([
        entry('https://api.shop.test/v1/items'),
        sent('https://o1.ingest.sentry.io/api/1/envelope/'),
        sent('https://app-measurement.com/a'),
        sent('https://telemetry.other.test/a'),
      ]),
      'https://api.shop.test',
    ],
    ['unless there is nothing else', har([sent('https://telemetry.shop.test/a')]), 'https://telemetry.shop.test'],
    [
      'is no extension, and nothing that a script has asked for',
      har([
        entry('chrome-extension://abc/page.html', { type: html }),
        entry('https://ads.test/f', { type: html, _resourceType: 'xhr' }),
        entry('https://shop.test/', { type: html, _resourceType: 'document' }),
        sent('https://ads.test/x'),
      ]),
      'https://shop.test',
    ],
    [
      'is where a redirect leads that only says so beside its headers',
      har([
        entry('http://shop.test/', { status: 307, redirectURL: 'https://shop.test/' }),
        entry('https://shop.test/', { type: html }),
        sent('https://other.test/x'),
      ]),
      'https://shop.test',
    ],
  ])('%s', (_, text, target) => {
    expect(drafted(text).draft.target).toBe(target);
  });
});

test.each([
  ['/jira/rest/api/3', '10001'],
  ['/api/v1p1beta1', '10001'],
  ['/api-v2', '10001'],
  ['/v2024.1', '10001'],
  ['/version2', '10001'],
])('%s is a version, and %s an id, also with a slash or a query behind it', (version, id) => {
  for (const end of ['', '/', '?full=1']) {
    const { draft } = drafted(
      har([
        sent(`https://h.test${version}/orders`, '{"n":1}', {
          status: 201,
          answered: { location: `${version}/orders/${id}${end}` },
        }),
        entry(`https://h.test${version}/orders/${id}${end}`),
        entry(`https://h.test${version}/me`),
      ]),
    );
    const path = `${version}/orders/\${orderId}${end === '/' ? end : ''}`;
    expect(draft.steps.map((step) => step.path)).toEqual([`${version}/orders`, path, `${version}/me`]);
    expect(draft.data).toEqual([]);
  }
});

test('what a 201 names in a collection is captured, whatever it is called', () => {
  const made = (status: number) =>
    drafted(
      har([
        sent('https://h.test/articles/', '{}', { status, answered: { location: '/articles/my-first-one' } }),
        entry('https://h.test/articles/my-first-one'),
      ]),
    ).draft.steps.at(-1)!.path;
  expect([made(201), made(202)]).toEqual(['/articles/${articleId}', '/articles/my-first-one']);
});

test('an id that a Location asks for is captured', () => {
  const { draft } = drafted(
    har([
      sent('https://h.test/orders', '{}', { status: 201, answered: { location: '/view?lang=en&orderId=1002' } }),
      entry('https://h.test/view?lang=en&orderId=1002'),
    ]),
  );
  expect(draft.steps[0]!.capture).toEqual({
    orderId: 'split(split(header.location, "&orderId=")[1], "&")[0]',
  });
  expect(draft.steps[1]!.query).toEqual({ lang: 'en', orderId: '${orderId}' });
});

test('credentials that Chrome has taken out of a recording are told', () => {
  const log = (entries: readonly object[], name = 'WebInspector'): string =>
    JSON.stringify({ log: { creator: { name }, entries } });
  const told = (text: string): string => notesOf(drafted(text).draft).join('\n');
  const write = sent('https://h.test/a');
  expect(told(log([write]))).toContain('that nobody has to log in');
  const cookie = entry('https://h.test/b', { headers: { cookie: 'a=1' } });
  for (const other of [log([write], 'Firefox'), log([write, cookie]), log([entry('https://h.test/a')])])
    expect(told(other)).not.toContain('log in');
});

describe('a body that was not recorded as it was sent is told', () => {
  const posted = (post: object, headers: object = {}) =>
    drafted(har([entry('https://h.test/a', { method: 'POST', post, headers: { ...headers } })])).draft;
  const gone = 'the body of entry 1, which was not recorded: → its step sends none, write it in';
  const type = 'application/json';
  test.each([
    [{ mimeType: 'multipart/form-data; boundary=x' }, {}, gone],
    [{ mimeType: type, text: '', comment: 'Post data discarded' }, {}, gone],
    [{ mimeType: 'image/png', text: 'iVBORw0KGgo=', encoding: 'base64' }, {}, gone],
    [
      { mimeType: type, text: '{"a":"xxx' },
      { 'content-length': '5000' },
      'the end of the body of entry 1: 9 of 5000 bytes were recorded: → write it in',
    ],
    [{ mimeType: type, _file: 'abc.json' }, {}, 'entry 1: its body: → put abc.json beside the scenario'],
  ])('%j', (post, headers, note) => {
    expect(notesOf(posted(post, headers))).toContain(note);
  });

  test('and one that is only written differently is not', () => {
    const text = Buffer.from('{"a":1}').toString('base64');
    expect(posted({ mimeType: type, text, encoding: 'base64' }).steps[0]!.body).toEqual({ json: { a: 1 } });
    const parts = '--x\nContent-Disposition: form-data; name="a"\n\n1\n--x--\n';
    expect(posted({ mimeType: 'multipart/form-data; boundary=x', text: parts }).steps[0]!.body).toEqual({
      multipart: { a: '1' },
    });
    const zipped = { 'content-length': '5', 'content-encoding': 'gzip' };
    expect(notesOf(posted({ mimeType: type, text: '{"a":1}' }, zipped)).join()).not.toContain('recorded');
  });
});

describe('what a path has of a thing', () => {
  test.each([
    '65a1b2c3d4e5f6a7b8c9d0e1',
    'cus_NffrFeUfNV2Hib',
    'pi_3MtwBwLkdIwHu7ix28a3tqPa',
    'AC0123456789abcdef0123456789abcdef',
    '1srOrx2ZWZBpBUvZwXKQmoEYga2',
    'cjld2cjxh0000qzrmn831i7rn',
    '1141758312345678912',
    'recA1b2C3d4E5f6G7',
  ])('%s is a value of the data, the same wherever it stands', (id) => {
    const { draft } = drafted(
      har([
        sent(`https://h.test/services/${id}/x`, JSON.stringify({ serviceId: id, note: 'x' })),
        entry(`https://h.test/x?service_id=${id}`),
      ]),
    );
    expect(draft.data).toMatchObject([{ name: 'serviceId', source: { list: [id] } }]);
    expect([draft.steps[0]!.path, draft.steps[0]!.body, draft.steps[1]!.query]).toEqual([
      '/services/${serviceId}/x',
      { json: { serviceId: '${serviceId}', note: 'x' } },
      { service_id: '${serviceId}' },
    ]);
  });

  test.each([
    ['/spreadsheets/d/', '1BxiMVs0XRA5nFMdKvBdBZjgmUUqptlbs74OgvE2upms'],
    ['/users/', 'XbC1dEf2GhI3jKl4MnO5pQr6StU7'],
    ['/playlists/', 'PLrAXtmErZgOeiKm4sgNOknGvNjby9efdf'],
  ])('what comes after %s is one of them, %s', (before, id) => {
    const { draft } = drafted(`curl http://h.test${before}${id}`);
    expect([draft.secrets, draft.data.map(({ source }) => source)]).toEqual([[], [{ list: [id] }]]);
  });

  test.each(['sk_live_4eC39HqLyjWDarjtT1zdp7dc', 'tok_1N3T00LkdIwHu7ixt44h1F8k', 'aBcD1234eFgH5678iJkL9012'])(
    '%s is a secret',
    (token) => {
      const { draft, text } = drafted(har([sent(`https://h.test/services/${token}`)]));
      expect([draft.data, draft.secrets.length, text.includes(token)]).toEqual([[], 1, false]);
    },
  );

  test('the security code of a card is in no file, whatever it is called', () => {
    const card = { cardCvc: '737', security_code: '123', cvv2: '999', cvc_code: '111' };
    const { draft, text } = drafted(har([sent('https://h.test/pay', JSON.stringify(card))]));
    expect(draft.env.map(({ name }) => name)).toEqual(['CARD_CVC', 'SECURITY_CODE', 'CVV2', 'CVC_CODE']);
    expect(text).not.toMatch(/737|123|999|111/);
  });
});

describe('a command as other shells have it', () => {
  const bodyOf = (command: string): unknown => drafted(command).draft.steps[0]!.body;
  const json = '-H "Content-Type: application/json"';
  test.each([
    [
      'cmd, quotes doubled',
      `curl "http://h/a" -X POST ${json} --data-raw "{""a"":""b c"",""p"":""50"%""",""n"":1}"`,
      { a: 'b c', p: '50%', n: 1 },
    ],
    ['cmd, carets in quotes', `curl "http://h/a?x=1^&y=2" ^\r\n  ${json} ^\r\n  -d "{\\"a\\":1}"`, { a: 1 }],
    ['PowerShell, backslashes', `curl.exe http://h/a ${json.replaceAll('"', "'")} -d '{\\"a\\":\\"b\\"}'`, { a: 'b' }],
    ['PowerShell, backticks', `curl.exe http://h/a ${json} -d "{\`"a\`":1}"`, { a: 1 }],
    ['PowerShell, quotes doubled', `curl.exe http://h/a \`\n ${json} \`\n -d '{"a":"it''s"}'`, { a: "it's" }],
    ['bash, a code point of six digits', `curl http://h/a --json $'{"a":"\\U0001F600\\u00e9"}'`, { a: '😀é' }],
    ['bash, a here-string', `curl http://h/a --json @- <<< '{"a":1}'`, { a: 1 }],
    ['bash, an echo before it', `echo '{"a":1}' | curl http://h/a --json @-`, { a: 1 }],
    ['bash, a document before it', `cat <<EOF | curl http://h/a --json @-\n{"a":1}\nEOF`, { a: 1 }],
  ])('%s', (_, command, body) => {
    expect(bodyOf(command)).toEqual({ json: body });
  });

  test.each([
    ['TOKEN=$(curl -s http://h/a)', ['/a']],
    ['CURL=$(which curl)\n$CURL http://h/a\n"$CURL" http://h/b', ['/a', '/b']],
    ['until curl -sf http://h/health; do sleep 1; done', ['/health']],
    ['docker exec -it web curl -s http://h/a\ntime curl http://h/b', ['/a', '/b']],
    [
      'command -v curl >/dev/null || exit 1\nwhich curl\nsudo apt-get install -y curl\ncurl --version\ncurl http://h/a',
      ['/a'],
    ],
    ['H=(-H "A: 1")\nH+=(-H "B: 2")\ncurl "${H[@]}" http://h/a', ['/a']],
    ['curl "$BASE$1"\ncurl "$SCHEME://$HOST/b"', ['/${env.ARG1}', '/b']],
    ['curl --insec --data-url "a=b c" --no-location http://h/a', ['/a']],
  ])('%j has %j', (script, paths) => {
    expect(drafted(script).draft.steps.map(({ path }) => path)).toEqual(paths);
  });

  test('what cannot be said is told', () => {
    const told = (command: string): string => notesOf(drafted(command).draft).join('\n');
    expect(told("curl http://h/a -d 'a=1' -d @f.txt")).toContain(
      'data beside a file: of its body there is the file alone',
    );
    expect(told("curl http://h/a -F 'm=<m.json'")).toContain('that a field of its form has its text from a file');
    expect(told('curl http://h/a -A me -e http://x/')).toContain('the header user-agent');
    expect(drafted('curl --aws-sigv4 aws:amz -u k:secret12 http://h/a').draft.steps[0]!.auth).toBeUndefined();
    const { headers } = drafted('H=(-H "A: 1")\nH+=(-H "B: 2")\ncurl "${H[@]}" http://h/a').draft.steps[0]!;
    expect(headers).toEqual({ a: '1', b: '2' });
  });
});

describe('a Postman collection', () => {
  const request = (name: string, method: string, url: unknown, more: object = {}, beside: object = {}) => ({
    name,
    request: { method, url, ...more },
    ...beside,
  });
  const script = (listen: string, ...exec: string[]) => ({ event: [{ listen, script: { exec } }] });
  const made = (item: readonly object[], more: object = {}) =>
    drafted(JSON.stringify({ info: { name: 'C' }, item, ...more })).draft;
  const base = 'https://h.test';

  test('keeps what its scripts keep, by whatever way, and then it counts in place of what was saved', () => {
    const { login, steps, left } = made(
      [
        request(
          'Login',
          'POST',
          `${base}/login`,
          {},
          script(
            'test',
            'var data = pm.response.json().data;',
            'pm.collectionVariables.set("token", data.token);',
            'const { id, name: called } = data.user;',
            'pm.environment.set("userId", String(id));',
            'pm.environment.set("name", `${called}`);',
            'pm.globals.set("session", pm.response.headers.get("X-Session"));',
            'pm.environment.set("auth", "Bearer " + data["token"]);',
            'pm.environment.set("all", pm.response.json());',
          ),
        ),
        request('Get', 'GET', `${base}/users/{{userId}}`, {
          header: ['session', 'auth', 'name'].map((name) => ({ key: `X-${name}`, value: `{{${name}}}` })),
          auth: { type: 'bearer', bearer: [{ key: 'token', value: '{{token}}' }] },
        }),
      ],
      { variable: [{ key: 'token', value: 'saved-token-123' }], ...script('prerequest', 'pm.sendRequest("x")') },
    );
    expect([...login, ...steps].map(({ capture }) => capture)[0]).toEqual({
      userId: 'body.data.user.id',
      token: 'body.data.token',
      session: 'header["x-session"]',
      auth: '"Bearer " + body.data["token"]',
      loginName: 'body.data.user.name',
    });
    expect(steps.at(-1)).toMatchObject({
      path: '/users/${userId}',
      auth: { bearer: '${token}' },
      headers: { 'x-session': '${session}', 'x-auth': '${auth}', 'x-name': '${loginName}' },
    });
    expect(left[0]).toBe('the collection: what its pre-request script does before each request');
  });

  test('has values that are made anew, of their own types', () => {
    const raw = '{"n":"{{$randomInt}}","m":"{{$randomEmail}}","t":"{{$timestamp}}","w":"{{$randomFirstName}}"}';
    const { steps, data } = made([request('a', 'POST', `${base}/a`, { body: { mode: 'raw', raw } })]);
    expect(steps[0]!.body).toEqual({
      json: {
        n: '${string(randomInt)}',
        m: '${randomText}@example.com',
        t: '${string(randomTimestamp)}',
        w: '${randomWord}',
      },
    });
    expect(data.map(({ name }) => name)).toEqual(['randomInt', 'randomText', 'randomTimestamp', 'randomWord']);
  });

  test('has variables of a folder, a scheme that is one, and parameters without a value', () => {
    const url = {
      protocol: '{{scheme}}',
      host: ['{{host}}'],
      path: ['{{v}}', 'a'],
      query: [
        { key: 'flag', value: null },
        { key: 'empty', value: '' },
        { key: 'off', value: null, disabled: true },
      ],
    };
    const { target, steps } = made(
      [
        {
          name: 'F',
          variable: [{ key: 'v', value: 'v2' }],
          item: [request('a', 'GET', url, { body: { mode: 'raw', raw: '{}' } })],
        },
      ],
      {
        variable: [
          { key: 'host', value: 'h.test' },
          { key: 'v', value: 'v1' },
        ],
      },
    );
    expect([target, steps[0]!.path, steps[0]!.query]).toEqual(['http://h.test', '/v2/a?flag', { empty: '' }]);
    // Addresses that are one text have parts that stand for something, too, and need no scheme.
    expect(made([request('a', 'GET', 'h.test/a/:id.json?b=1')])).toMatchObject({
      target: 'http://h.test',
      steps: [{ path: '/a/${env.id}.json', query: { b: '1' } }],
    });
    expect(
      made([request('a', 'GET', `${base}/a`)], {
        auth: { type: 'oauth2', oauth2: { addTokenTo: 'queryParams', accessToken: '{{tok}}' } },
      }).steps[0]!.query,
    ).toEqual({ access_token: '${env.tok}' });
  });
});
