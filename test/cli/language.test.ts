import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import type { ServerResponse } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { runAsking, type Answer, type Asked } from './asked.ts';

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'contend-language-'));
  await mkdir(join(folder, 'files'));
  await writeFile(join(folder, 'files', 'a.txt'), 'A');
  await writeFile(join(folder, 'files', 'b.txt'), 'B');
  await writeFile(join(folder, 'urls.csv'), '/one,1\n/two,2\n');
});
afterAll(async () => rm(folder, { recursive: true }));

const run = async (answer: Answer, scenario: (origin: string) => string) => runAsking(folder, answer, scenario);

test('a page is looked at as text, and a value that is not there is null', async () => {
  const steps = (text: string, that: string): string =>
    `steps:\n  - { name: page, get: /page, expect: { text: ${text} } }\n  - { name: data, get: /data, expect: { that: '${that}' } }\n`;
  const of = async (text: string, that: string): Promise<number> => {
    const { mode } = await run(
      ({ path }, response) => response.end(path === '/page' ? '<title>Shop</title><p>Welcome, Ann' : '{"data":1}'),
      (origin) =>
        `target: ${origin}\nload: { users: 1, iterations: 1 }\ndata: { who: { list: [Ann] } }\n${steps(text, that)}`,
    );
    return mode.iterations.completed;
  };
  expect(await of("[{ contains: 'Welcome, ${who}' }, { matches: '<title>\\w+</title>' }]", 'body.errors == null')).toBe(
    1,
  );
  expect(await of('{ contains: Goodbye }', 'body.errors == null')).toBe(0);
  expect(await of('{ contains: Shop }', 'body.data == null || body.errors != null')).toBe(0);
});

test('a header that only a login gives is sent by everybody who knows it', async () => {
  const { asked, code } = await run(
    ({ path }, response) => response.end(path === '/login' ? '{"token":"t-1"}' : '{}'),
    (origin) =>
      `target: ${origin}\nload: { users: 1, iterations: 2 }\nheaders: { x-token: '\${token}', x-all: yes }\nlogin: [{ post: /login, capture: { token: body.token } }]\nsteps: [{ get: /a }]\n`,
  );
  expect(code).toBe(0);
  expect(asked.map(({ path, headers }) => [path, headers['x-token'], headers['x-all']])).toEqual([
    ['/login', undefined, 'yes'],
    ['/a', 't-1', 'yes'],
    ['/a', 't-1', 'yes'],
  ]);
});

test('files that templates name, and rows of a file without a header', async () => {
  const { asked, code } = await run(
    (_, response) => response.end('{}'),
    (origin) => `
target: ${origin}
load: { users: 1, iterations: 2 }
data:
  row: { file: urls.csv, header: [url, n], pick: sequential }
  name: { list: [a, b], pick: sequential }
steps:
  - post: '\${row.url}'
    query: { n: '\${row.n + 1}' }
    multipart: { doc: { file: 'files/\${name}.txt', name: 'doc-\${name}.txt', type: text/plain }, tag: [x, y] }
`,
  );
  expect(code).toBe(0);
  expect(asked.map(({ path }) => path)).toEqual(['/one?n=2', '/two?n=3']);
  expect(asked[0]!.body).toMatch(/name="doc"; filename="doc-a\.txt"\r\ncontent-type: text\/plain\r\n\r\nA\r\n/);
  expect(asked[1]!.body).toMatch(
    /filename="doc-b\.txt"[^]*\r\nB\r\n[^]*name="tag"\r\n\r\nx\r\n[^]*name="tag"\r\n\r\ny\r\n/,
  );
});

test('a cookie of its own stands beside those of the jar, and an iteration may begin with a fresh one', async () => {
  let given = 0;
  const { asked, code } = await run(
    ({ path }, response) =>
      response
        .setHeader(
          'set-cookie',
          path === '/login' ? 'session=s; Path=/' : [`seen=${++given}; Path=/`, 'mine=jar; Path=/'],
        )
        .end('{}'),
    (origin) =>
      `target: ${origin}\nload: { users: 1, iterations: 2 }\ncookies: fresh\nlogin: [{ post: /login }]\nsteps:\n  - { name: a, get: /a, headers: { cookie: mine=own } }\n  - { name: b, get: /b, headers: { cookie: mine=own } }\n`,
  );
  expect(code).toBe(0);
  expect(asked.slice(1).map(({ headers }) => headers.cookie)).toEqual([
    'mine=own; session=s',
    'mine=own; session=s; seen=1',
    'mine=own; session=s',
    'mine=own; session=s; seen=3',
  ]);
});

test('who is turned away still waits, and a target that fails is not asked the faster for it', async () => {
  const scenario = (more: string) => (origin: string) =>
    `target: ${origin}\nload: { users: 1, duration: 400ms, warmup: 0 }\nrounds: 1\nsteps:\n  - { name: a, get: /a }\n  - think: 100ms\n  - { name: b, get: /b }\n${more}`;
  const failing = (_: Asked, response: ServerResponse): void => void response.writeHead(500).end();
  const { asked, mode } = await run(failing, scenario(''));
  expect(asked.length).toBeLessThanOrEqual(6);
  expect(asked.every(({ path }) => path === '/a')).toBe(true);
  expect(mode.iterations.completed).toBe(0);
});

test('requests of a parallel group are sent at the same moment, and what they capture is known behind them', async () => {
  let waiting: ServerResponse[] = [];
  const { asked, mode, code } = await run(
    ({ path }, response) => {
      if (path.startsWith('/part')) waiting.push(response);
      else response.end('{}');
      // Nobody is answered before all have asked.
      if (waiting.length === 3) {
        for (const one of waiting) one.end(JSON.stringify({ id: one.req.url!.slice(-1) }));
        waiting = [];
      }
    },
    (origin) =>
      `
target: ${origin}
load: { users: 2, iterations: 6 }
timeouts: { request: 20s }
steps:
  - group:
      name: page
      parallel: true
      steps:
        - { name: a, get: /part/a, capture: { a: body.id } }
        - { name: b, get: /part/b, capture: { b: body.id } }
        - { name: c, get: /part/c, expect: { body: { id: c } } }
  - { name: after, get: '/after/\${a}\${b}' }
gates: ['service.p50 < 20s']
`.replace('users: 2', 'users: 1'),
  );
  expect([code === 0 || code === 97, mode.iterations.completed]).toEqual([true, 6]);
  expect(asked.filter(({ path }) => path === '/after/ab')).toHaveLength(6);
  expect(mode.steps.map(({ name, requests }) => [name, requests])).toEqual([
    ['a', 6],
    ['b', 6],
    ['c', 6],
    ['after', 6],
  ]);
  expect(mode.requests.total).toBe(24);
  expect(mode.groups!.map(({ name, timeUs }) => [name, timeUs.count])).toEqual([['page', 6]]);
});

test('one of them that fails ends the iteration once all are answered', async () => {
  const { asked, mode } = await run(
    ({ path }, response) => response.writeHead(path === '/b' ? 500 : 200).end('{}'),
    (origin) =>
      `target: ${origin}\nload: { users: 1, iterations: 3 }\nsteps:\n  - group: { name: page, parallel: true, steps: [{ name: a, get: /a }, { name: b, get: /b }, { name: c, get: /c }] }\n  - { name: d, get: /d }\n`,
  );
  expect(asked.map(({ path }) => path).sort()).toEqual(['/a', '/a', '/a', '/b', '/b', '/b', '/c', '/c', '/c']);
  expect([mode.iterations.failed, mode.failuresByClass.check?.count]).toEqual([3, 3]);
});

test('requests of a parallel group inside an observed section are each counted, also when one of them is a conflict', async () => {
  const scenario = (origin: string): string => `
target: ${origin}
load: { users: 8, iterations: 60 }
conflict: { status: 409, retries: 50, backoff: 0..1ms }
data: { account: 1..2 }
modes: { locked: mutex }
steps:
  - critical:
      - group:
          name: both
          parallel: true
          steps:
            - { name: add, post: '/add/\${account}', capture: { sum: body.n } }
            - { name: look, get: '/look/\${account}' }
      - { name: seen, get: '/seen/\${account}/\${sum}' }
consistency:
  counter: { key: '\${account}', add: { step: add, by: 1 }, read: { get: '/value/\${key}', value: body.n } }
`;
  const bank = (loses: boolean): Answer => {
    const sums = new Map<string, number>();
    let [adds, looks] = [0, 0];
    return ({ path }, response) => {
      const [, what, account] = path.split('/');
      const sum = sums.get(account!) ?? 0;
      if (what === 'add' && !(loses && ++adds % 7 === 0)) sums.set(account!, sum + 1);
      response.statusCode = what === 'look' && ++looks % 5 === 0 ? 409 : 200;
      response.end(JSON.stringify({ n: sums.get(account!) ?? 0 }));
    };
  };
  const right = await run(bank(false), scenario);
  const { iterations, conflicts, steps, requests, consistency } = right.mode;
  expect([
    iterations.completed,
    conflicts > 0,
    consistency?.checks.every(({ verdict }) => verdict !== 'violated'),
  ]).toEqual([60, true, true]);
  expect(steps.map(({ requests: sent }) => sent)).toEqual([60 + conflicts, 60 + conflicts, 60]);
  const unmeasured = (Object.values(requests.unmeasured) as readonly number[]).reduce((all, some) => all + some, 0);
  expect(right.asked).toHaveLength(requests.total + unmeasured);
  const wrong = await run(bank(true), scenario);
  expect([wrong.code, wrong.mode.consistency?.verdict]).toEqual([98, 'violated']);
});

test('a gate may be over all requests that share a tag', async () => {
  const { mode, result } = await run(
    (_, response) => response.end('{}'),
    (origin) => `
target: ${origin}
load: { users: 4, iterations: 100 }
steps:
  - { name: cart, get: /cart, tags: [checkout, page] }
  - { name: look, get: /look, tags: page }
  - { name: pay, post: /pay, tags: [checkout, checkout] }
gates:
  - p50(tag: checkout) < 30s
  - service.p50(lock-free/tag:page) < 1us
  - p90(tag:checkout) < 30s
`,
  );
  expect(mode.tags?.map(({ name, steps, requests }) => [name, steps, requests])).toEqual([
    ['checkout', ['cart', 'pay'], 200],
    ['page', ['cart', 'look'], 200],
  ]);
  expect(mode.slots.map(({ tags }) => Object.entries(tags!).map(([name, { count }]) => [name, count]))).toEqual([
    [
      ['checkout', 200],
      ['page', 200],
    ],
  ]);
  const [cart, , pay] = mode.steps.map(({ serviceTimeUs }) => serviceTimeUs.max);
  expect(mode.tags![0]!.serviceTimeUs.max).toBe(Math.max(cart!, pay!));
  expect(result.gates.map(({ text, verdict, samples }) => [text, verdict, samples])).toEqual([
    ['p50(tag: checkout) < 30s', 'pass', 200],
    ['service.p50(lock-free/tag:page) < 1us', 'fail', 200],
    ['p90(tag:checkout) < 30s', 'pass', 200],
  ]);
});
