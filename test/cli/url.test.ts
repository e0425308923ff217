import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, type IncomingHttpHeaders, type RequestListener } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { socketFolder } from '../temporary/socket.ts';
import { assertNoLeftovers, contendHere } from './contend.ts';
import { documentOf, wasTooBusy, expectIdentities } from './document.ts';

interface Asked {
  readonly request: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

let asked: Asked[] = [];
const server = createServer((request, response) => {
  let body = '';
  request.on('data', (chunk: Buffer) => (body += chunk.toString()));
  request.on('end', () => {
    asked.push({ request: `${request.method} ${request.url}`, headers: request.headers, body });
    response.end('{}');
  });
});
let origin: string;

beforeAll(async () => {
  await once(server.listen(0, '127.0.0.1'), 'listening');
  origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
beforeEach(() => {
  asked = [];
});
afterAll(() => {
  server.closeAllConnections();
  server.close();
});
afterEach(assertNoLeftovers);

const run = async (...args: readonly string[]) => contendHere(['run', ...args, '-q', '--warmup', '0']);

describe('contend run <url>', () => {
  test('sends so many requests as other tools would, in one round, without a lock', async () => {
    const { code, stdout, stderr } = await run(`${origin}/a/\${b}?c=d%20e`, '-c', '4', '-n', '40', '--json');
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    const { modes, scenario } = documentOf(stdout);
    for (const mode of modes) expectIdentities(mode);
    expect(scenario).toMatchObject({ rounds: 1, file: expect.stringContaining('/a/') as string });
    expect(modes.map(({ name, users, lock, requests }) => [name, users, lock, requests.total])).toEqual([
      ['lock-free', 4, 'none', 40],
    ]);
    expect(asked.map(({ request }) => request)).toEqual(Array(40).fill('GET /a/$%7Bb%7D?c=d%20e'));
  });

  test('goes to a unix socket, the path behind its second colon', async () => {
    const folder = socketFolder();
    const socket = join(folder, 's');
    const behind = createServer(server.listeners('request')[0] as RequestListener);
    try {
      await once(behind.listen(socket), 'listening');
      const { code } = await run(`http://unix:${socket}:/products?a=1`, '-n', '2', '-c', '1');
      expect(code).toBe(0);
      expect(asked.map(({ request }) => request)).toEqual(['GET /products?a=1', 'GET /products?a=1']);
    } finally {
      behind.closeAllConnections();
      behind.close();
      await rm(folder, { recursive: true });
    }
  });

  test('with a method, headers and a body, whose ${…} stays as it is', async () => {
    const body = '{"text":"${a}","n":[1,null]}';
    const { code } = await run(
      `${origin}/x`,
      '-n',
      '1',
      '-c',
      '1',
      '-m',
      'put',
      '-b',
      body,
      '-H',
      'X-One: 1: 2',
      '-H',
      'x-two=3',
    );
    expect(code).toBe(0);
    expect(asked).toMatchObject([{ request: 'PUT /x', body, headers: { 'x-one': '1: 2', 'x-two': '3' } }]);
  });

  test('posts where there is a body and no method, and sends user and password of the address', async () => {
    const { stdout } = await run(
      origin.replace('//', '//me:open%20sesame@'),
      '-n',
      '1',
      '-c',
      '1',
      '-b',
      '5',
      '--json',
    );
    const authorization = `Basic ${Buffer.from('me:open sesame').toString('base64')}`;
    expect(asked).toMatchObject([{ request: 'POST /', body: '5', headers: { authorization } }]);
    expect(stdout).not.toMatch(/sesame/u);
  });

  test.each([
    ['text as it is', 'hello ${you}\n', 'text/plain; charset=utf-8'],
    ['a form as one', 'user=ann&pass=a%20b', 'application/x-www-form-urlencoded'],
  ])('sends %s', async (_, body, type) => {
    expect((await run(origin, '-n', '1', '-c', '1', '-b', body)).code).toBe(0);
    expect(asked).toMatchObject([{ request: 'POST /', body, headers: { 'content-type': type } }]);
  });

  test('sends a body under the type of -H, JSON or none', async () => {
    for (const body of ['{ soup', 'a=1', '5']) {
      const { code } = await run(origin, '-n', '1', '-c', '1', '-b', body, '-H', 'Content-Type: text/soup');
      expect(code).toBe(0);
      expect(asked.at(-1)).toMatchObject({ body, headers: { 'content-type': 'text/soup' } });
    }
  });

  test('sends the bytes of a file, as what they look like', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'body-'));
    try {
      const file = join(folder, 'body.dat');
      for (const [bytes, type] of [
        ['{ "a" : 9007199254740993 }\n', 'application/json'],
        ['a=1&b=2\n', 'application/x-www-form-urlencoded'],
        ['${a} soup', 'text/plain; charset=utf-8'],
        [Buffer.from([0xff, 0x00, 0x31]), 'application/octet-stream'],
      ] as const) {
        await writeFile(file, bytes);
        expect((await run(origin, '-n', '1', '-c', '1', '-m', 'PUT', '-b', `@${file}`)).code).toBe(0);
        const body = typeof bytes === 'string' ? bytes : bytes.toString();
        expect(asked.at(-1)).toMatchObject({ request: 'PUT /', body, headers: { 'content-type': type } });
      }
      const { code, stderr } = await run(origin, '-b', `@${file}x`);
      expect(code).toBe(2);
      expect(stderr).toContain(`-b @${file}x cannot be read: there is no such file.`);
    } finally {
      await rm(folder, { recursive: true });
    }
  });

  test('asks with HEAD and OPTIONS, where that is said', async () => {
    const { code, stdout } = await run(`${origin}/x`, '-n', '3', '-c', '1', '-m', 'head', '--json');
    expect(code).toBe(0);
    expect(documentOf(stdout).modes[0]!.requests.total).toBe(3);
    expect((await run(`${origin}/x`, '-n', '2', '-c', '1', '-m', 'OPTIONS')).code).toBe(0);
    expect(asked.map(({ request }) => request)).toEqual(['HEAD /x', 'HEAD /x', 'HEAD /x', 'OPTIONS /x', 'OPTIONS /x']);
  });

  test.each(['wire', 'undici'])(
    'takes a connection for each request with --no-keepalive, over %s',
    async (transport) => {
      let connections = 0;
      const count = (): number => connections++;
      server.on('connection', count);
      try {
        const { code, stdout } = await run(
          origin,
          '-n',
          '20',
          '-c',
          '2',
          '--no-keepalive',
          '--transport',
          transport,
          '--json',
        );
        expect(code).toBe(0);
        // One more has found out beforehand that the target is there.
        expect(connections).toBe(20 + 1);
        expect(asked.map(({ headers }) => headers.connection)).toEqual(Array(20).fill('close'));
        const [mode] = documentOf(stdout).modes;
        expect(mode!.connectUs.count).toBe(20);
        expect(mode!.keepAlive).toBe(false);
      } finally {
        server.off('connection', count);
      }
    },
  );

  test('at a rate, for bare seconds', async () => {
    const { code, stdout } = await run(origin, '-R', '50', '-d', '1', '-t', '5', '--json');
    const document = documentOf(stdout);
    expect(code === 96 && wasTooBusy(document) ? 0 : code).toBe(0);
    const [mode] = document.modes;
    expect(mode!.offered?.askedPerSecond).toBe(50);
    expect(mode!.iterations.scheduled).toBe(50);
  });

  test('under the locks of --modes, side by side in six rounds', async () => {
    const { code, stdout } = await run(origin, '--modes', 'mutex,none', '-n', '48', '-c', '4', '--json');
    expect(code).toBe(0);
    const { modes, scenario } = documentOf(stdout);
    expect(scenario).toMatchObject({ rounds: 6, control: 'mutex' });
    expect(modes.map(({ name, lock }) => [name, lock])).toEqual([
      ['mutex', 'mutex'],
      ['none', 'none'],
    ]);
    expect(asked).toHaveLength(96);
  });

  test('has a report that fits into 80 columns', async () => {
    const { stdout } = await run(`${origin}/products`, '-n', '100');
    expect(stdout).toMatch(/^http:.*\/products   10 users   1 s$/mu);
    expect(stdout).toMatch(/^DONE  [\d,.]+ requests\/s, 100 in all, [\d.]+ [kM]?B\/s\.$/mu);
    for (const line of stdout.split('\n')) expect(line.length).toBeLessThanOrEqual(80);
  });
});

describe('refused before anything is sent:', () => {
  test.each([
    ['a body of a GET', ['-m', 'GET', '-b', '{}'], 'a GET sends no body.'],
    ['a method that is none', ['-m', 'FETCH'], '-m "FETCH" is not a method.'],
    ['a body of a HEAD', ['-m', 'HEAD', '-b', '{}'], 'a HEAD sends no body.'],
    ['a body that was to be JSON', ['-b', '{hunter2: 1}'], '-b begins like JSON but is not valid JSON.'],
    ['a header without a name', ['-H', 'hunter2'], '-H needs a name and a value.'],
    [
      'a blank in the name of a header',
      ['-H', 'X hunter2: 1'],
      '-H needs a header name before the colon, and this one contains a space.',
    ],
    ['an unknown lock', ['--modes', 'mutx'], 'unknown lock "mutx"'],
    ['a value that no scenario declares', ['-e', 'A=hunter2'], 'the scenario declares no "A"'],
    ['a value without a name', ['-e', 'hunter2'], '-e needs a name and a value.'],
    ['a host with a path', ['--allow-host', 'a/b'], '--allow-host "a/b" is not a host.'],
  ])('%s', async (_, args, message) => {
    const { code, stderr } = await run(origin, ...args);
    expect(code).toBe(2);
    expect(stderr).toContain(message);
    expect(stderr).not.toContain('hunter2');
    expect(asked).toEqual([]);
  });

  test('a method for a file, and an address that is none', async () => {
    expect((await run('scenarios/online-store.yaml', '-m', 'GET')).stderr).toContain(
      '-m is for a URL: contend run http://…',
    );
    expect((await run('http://me:hunter2@:x')).stderr).toBe(
      'contend: http://***@:x is not a valid URL.\nWrite http://localhost:3000/products.\n',
    );
  });

  test('a target that the file does not name, unless it is allowed', async () => {
    const elsewhere = ['scenarios/open-load.yaml', '--target', 'http://no-such-host.invalid'];
    expect(await run(...elsewhere)).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('--allow-host no-such-host.invalid') as string,
    });
    const allowed = await run(...elsewhere, '--allow-host', 'no-such-host.invalid');
    expect(allowed.code).toBe(2);
    expect(allowed.stderr).toContain('"destructive: true"');
  });
});
