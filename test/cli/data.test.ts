import { once } from 'node:events';
import { mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { assertNoLeftovers, contendHere } from './contend.ts';
import { documentOf } from './document.ts';

interface Seen {
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

let folder: string;
let server: Server;
let seen: Seen[];
/** What the server answers; `{}` with status 200 unless a test says otherwise. */
let answer: (one: Seen) => {
  readonly status?: number;
  readonly body: string;
  readonly headers?: { [name: string]: string };
};

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'contend-data-'));
  await writeFile(
    join(folder, 'users.csv'),
    'id,name,zip,age\n1,"Ann, A.",01234,30\n2,Zoë,12345,\n3,"O""Neil",00001,50\n',
  );
  server = createServer((request, response) => {
    let body = '';
    request.setEncoding('utf8').on('data', (piece: string) => {
      body += piece;
    });
    request.on('end', () => {
      const one = { path: request.url!, headers: request.headers, body };
      seen.push(one);
      const { status = 200, body: text, headers = {} } = answer(one);
      response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(text);
    });
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
});
beforeEach(() => {
  seen = [];
  answer = () => ({ body: '{}' });
});
afterEach(assertNoLeftovers);
afterAll(async () => {
  server.close();
  server.closeAllConnections();
  await rm(folder, { recursive: true });
});

/** Runs a scenario that lies beside the file of users. */
const run = async (lines: readonly string[], argv: readonly string[] = ['--json']) => {
  const { port } = server.address() as AddressInfo;
  const text = [`target: http://127.0.0.1:${port}`, 'seed: 5', 'rounds: 1', ...lines, ''].join('\n');
  await writeFile(join(folder, 'shop.yaml'), text);
  return contendHere(['run', 'shop.yaml', ...argv], { cwd: folder });
};

describe('a run with a CSV file', () => {
  const lines = [
    'load: { users: 3, iterations: 3 }',
    'workers: 3',
    'data: { user: { file: users.csv, pick: unique } }',
    'steps:',
    '  - name: order',
    '    post: /users/${user.id}/${user.name}?zip=${user.zip}',
    '    headers: { x-who: "${base64(lower(user.name))}" }',
    '    json: { id: "${user.id}", age: "${user.age ?? null}", next: "${user.id + 1}", user: "${user}" }',
  ];

  test('sends what its rows say, each row once, over three threads', async () => {
    const { code, stdout } = await run(lines);
    expect(code).toBe(0);
    const sent = seen.map(({ path, headers, body }) => ({
      path,
      who: Buffer.from(String(headers['x-who']), 'base64').toString(),
      body: JSON.parse(body) as unknown,
    }));
    expect(sent.sort((a, b) => (a.path < b.path ? -1 : 1))).toEqual([
      {
        path: '/users/1/Ann%2C%20A.?zip=01234',
        who: 'ann, a.',
        body: { id: 1, age: 30, next: 2, user: { id: 1, name: 'Ann, A.', zip: '01234', age: 30 } },
      },
      {
        path: '/users/2/Zo%C3%AB?zip=12345',
        who: 'zoë',
        body: { id: 2, age: null, next: 3, user: { id: 2, name: 'Zoë', zip: '12345' } },
      },
      {
        path: '/users/3/O%22Neil?zip=00001',
        who: 'o"neil',
        body: { id: 3, age: 50, next: 4, user: { id: 3, name: 'O"Neil', zip: '00001', age: 50 } },
      },
    ]);
    expect(documentOf(stdout).modes[0]!.iterations.completed).toBe(3);
  });

  test('is refused before anything is sent where there are too few rows', async () => {
    const { code, stderr } = await run(lines.map((line) => line.replace('iterations: 3', 'iterations: 4')));
    expect(code).toBe(2);
    expect(stderr).toContain('shop.yaml:6:40  "unique" needs 4 items, "user" has 3');
    expect(seen).toEqual([]);
  });

  test('never reads a file outside its folder, by whatever link', async () => {
    await writeFile(`${folder}-secret.csv`, 'id\n1\n');
    await symlink(`${folder}-secret.csv`, join(folder, 'link.csv'));
    const { code, stderr } = await run(lines.map((line) => line.replace('users.csv', 'link.csv')));
    await rm(`${folder}-secret.csv`);
    expect(code).toBe(2);
    expect(stderr).toContain('"link.csv" cannot be read: it is outside');
    expect(seen).toEqual([]);
  });

  test('fails an iteration, and sends nothing, where a row brings a line break into a header', async () => {
    await writeFile(join(folder, 'evil.csv'), 'id,name\n1,"a\r\nx-evil: 1"\n');
    const { stdout } = await run([
      'load: { users: 1, iterations: 1 }',
      'data: { user: { file: evil.csv } }',
      'steps: [{ get: /, headers: { x-name: "${user.name}" } }]',
    ]);
    expect(seen).toEqual([]);
    expect(documentOf(stdout).modes[0]!.failuresByClass.capture).toMatchObject({
      count: 1,
      example: 'GET /: a value with control characters is not allowed in x-name',
    });
  });
});

describe('a run with checks and captures', () => {
  const flow = [
    'load: { users: 2, iterations: 4 }',
    'data: { user: { file: users.csv, pick: sequential } }',
    'steps:',
    '  - name: form',
    '    get: /form',
    '    capture: { csrf: { text: \'name="csrf" value="([^"]+)"\' }, place: header.location }',
    '  - name: list',
    '    get: /items',
    '    capture: { item: { jsonpath: "$.items[?(@.price > 10)].id" }, total: length(body.items) }',
    '  - name: buy',
    '    post: "${place}"',
    '    json: { csrf: "${csrf}", item: "${item}", total: "${total}", by: "${user.id}" }',
    '    expect:',
    '      status: 201',
    '      within: 10s',
    '      size: 2..500',
    '      headers: { content-type: { contains: json }, x-shard: { matches: "^s[0-9]$" }, set-cookie: { present: true } }',
    '      body: { "order.item": "${item}", "order.lines[0]": { n: 1 } }',
    '      that: [body.left >= 0, body.order.by == user.id]',
  ];
  const shop = ({ path, body }: Seen): ReturnType<typeof answer> => {
    if (path === '/form') return { body: '<input name="csrf" value="a&b">', headers: { location: '/orders?x=1' } };
    if (path === '/items') return { body: '{"items":[{"id":"a","price":5},{"id":"b","price":50}]}' };
    if (path !== '/orders?x=1') return { status: 404, body: '' };
    const { item, by } = JSON.parse(body) as { item: string; by: number };
    const headers = { 'x-shard': 's1', 'set-cookie': 'session=hush' };
    // One of the users has bought more than there is.
    const left = by === 2 ? -1 : 4;
    return {
      status: 201,
      headers,
      body: JSON.stringify({ order: { item, by, lines: [{ n: 1 }] }, left, access_token: 'hush' }),
    };
  };

  test('goes on with what was captured, and fails where an answer is not what it should be', async () => {
    answer = shop;
    const { stdout } = await run(flow);
    const orders = seen.filter(({ path }) => path === '/orders?x=1').map(({ body }) => JSON.parse(body) as unknown);
    expect(orders).toHaveLength(4);
    expect(orders).toContainEqual({ csrf: 'a&b', item: 'b', total: 2, by: 1 });
    const [mode] = documentOf(stdout).modes;
    expect(mode!.iterations).toMatchObject({ completed: 3, failed: 1 });
    expect(mode!.failuresByClass).toEqual({
      check: {
        count: 1,
        example: 'buy: body.left >= 0 does not hold',
        samples: [
          {
            step: 'buy',
            status: 201,
            headers: expect.objectContaining({ 'x-shard': 's1', 'set-cookie': '***' }) as object,
            body: '{"order":{"item":"b","by":2,"lines":[{"n":1}]},"left":-1,"access_token":"***"}',
          },
        ],
      },
    });
    expect(stdout).not.toContain('hush');
  });

  test('shows the answer in the report, and none of its secrets', async () => {
    answer = shop;
    const { stdout, stderr } = await run(flow, ['--details']);
    expect(stdout).toContain('buy: body.left >= 0 does not hold');
    expect(stdout.replaceAll(/\s+/g, ' ')).toMatch(/buy answered 201, content-type: application\/json, .*"left":-1/);
    expect(stdout + stderr).not.toContain('hush');
  });
});
