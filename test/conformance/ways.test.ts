import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { RequestStep } from '../../src/core/plan/plan.ts';
import type { Endpoint } from '../../src/core/slot.ts';
import { compileAfter } from '../../src/measure/iteration/answer.ts';
import { prepareStep, wayOf } from '../../src/measure/iteration/prepare.ts';
import { newUser, type End, type User } from '../../src/measure/user.ts';
import type { Transport } from '../../src/measure/transport/transport.ts';
import { localEndpoint, requestStep } from '../measure/mode.ts';
import { all, openTo } from './transport-rig.ts';

/** What the server was asked, body and all. */
interface Asked {
  readonly line: string;
  readonly headers: IncomingMessage['headers'];
  readonly body: Buffer;
}

let server: Server;
let origin = '';
const asked: Asked[] = [];
let answer: (line: string, response: ServerResponse) => void = (_, response) => response.end();

beforeAll(async () => {
  server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const line = `${request.method} ${request.url}`;
      asked.push({ line, headers: request.headers, body: Buffer.concat(chunks) });
      answer(line, response);
    });
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(() => {
  server.close();
  server.closeAllConnections();
});
beforeEach(() => void asked.splice(0));

const linesAsked = (): string[] => asked.map(({ line }) => line);

/** Answers these paths with a status and a location, and all others with 200. */
const redirecting = (to: { readonly [line: string]: readonly [status: number, location: string] }): void => {
  answer = (line, response) => {
    const [status, location] = to[line] ?? [200, undefined];
    response.writeHead(status, location === undefined ? {} : { location }).end('{}');
  };
};

/** Whom steps are sent for, and with what. */
interface Sending {
  readonly cookies?: boolean;
  readonly users?: readonly User[];
  readonly files?: NonNullable<Endpoint['files']>;
}

describe.each(all)('above %s', (_, open) => {
  let transport: Transport;
  let base = '';

  beforeEach(() => {
    base = '';
    return async () => transport.close();
  });

  /** Sends steps for one user after the other; how each ended, and how many answers were followed. */
  const send = async (
    steps: readonly RequestStep[],
    { cookies = false, users = [newUser(0, 0)], files = {} }: Sending = {},
  ): Promise<{ readonly ends: End[]; readonly followed: number }> => {
    transport = openTo(open, origin + base);
    const way = await wayOf(cookies ? { cookies: true } : {}, { ...localEndpoint(origin + base), files }, transport);
    let followed = 0;
    const ends: End[] = [];
    const sends = steps.map((step) => ({
      send: prepareStep(step, new Map(), way, () => void followed++),
      after: compileAfter(step, new Map()),
    }));
    for (const one of sends) for (const user of users) ends.push(await one.send(user, one.after));
    return { ends, followed };
  };
  const get = (path: string, step: Partial<RequestStep> = {}) => requestStep({ name: 'step', path, ...step });
  const post = (path: string, step: Partial<RequestStep> = {}) =>
    get(path, { method: 'POST', json: { a: 1 }, headers: { 'x-key': 'secret' }, ...step });

  describe('a redirect', () => {
    test('is an answer like any other where none is to be followed', async () => {
      redirecting({ 'GET /a': [302, '/b'] });
      expect(await send([get('/a', { expect: { status: [302] } })])).toEqual({ ends: ['completed'], followed: 0 });
      expect(linesAsked()).toEqual(['GET /a']);
    });

    test.each([
      [301, 'POST', 'GET'],
      [302, 'POST', 'GET'],
      [303, 'POST', 'GET'],
      [307, 'POST', 'POST'],
      [308, 'POST', 'POST'],
      [301, 'PUT', 'PUT'],
      [302, 'DELETE', 'DELETE'],
      [303, 'PUT', 'GET'],
    ] as const)('of status %i makes a %s a %s', async (status, method, then) => {
      redirecting({ [`${method} /a`]: [status, '/b?c=d'] });
      expect(await send([post('/a', { method, redirects: 1 })])).toEqual({ ends: ['completed'], followed: 1 });
      expect(linesAsked()).toEqual([`${method} /a`, `${then} /b?c=d`]);
      const [, last] = asked;
      expect(last!.headers['x-key']).toBe('secret');
      expect(last!.body.toString()).toBe(then === 'GET' ? '' : '{"a":1}');
      expect(last!.headers['content-type']).toBe(then === 'GET' ? undefined : 'application/json');
    });

    test.each(['HEAD', 'OPTIONS'] as const)('leaves a %s what it is, after 303 a HEAD alone', async (method) => {
      redirecting({ [`${method} /a`]: [302, '/b'], [`${method} /b`]: [303, '/c'] });
      const step = requestStep({ name: 'ask', method, path: '/a', redirects: 2 });
      expect(await send([step])).toEqual({ ends: ['completed'], followed: 2 });
      expect(linesAsked()).toEqual([`${method} /a`, `${method} /b`, `${method === 'HEAD' ? 'HEAD' : 'GET'} /c`]);
    });

    test('is found from where it stands, whatever the base of the target', async () => {
      base = '/shop';
      redirecting({ 'GET /shop/a/b?c=d': [302, 'x'], 'GET /shop/a/x': [302, '../y#z'], 'GET /shop/y': [302, '/out'] });
      expect(await send([get('/a/b?c=d', { redirects: 5 })])).toEqual({ ends: ['completed'], followed: 3 });
      expect(linesAsked()).toEqual(['GET /shop/a/b?c=d', 'GET /shop/a/x', 'GET /shop/y', 'GET /out']);
    });

    test('one too many fails the request', async () => {
      redirecting({ 'GET /a': [302, '/a'] });
      const user = newUser(0, 0);
      expect(await send([get('/a', { redirects: 3 })], { users: [user] })).toEqual({ ends: ['failed'], followed: 3 });
      expect(linesAsked()).toHaveLength(4);
      expect([user.failure, user.failureText]).toEqual([
        'check',
        'step: status 302, a redirect after 3 that were followed',
      ]);
    });

    test.each(['http://other.test/b', '//other.test/b', 'https://127.0.0.1/b', 'file:///etc/passwd'])(
      'to %s, another origin, is not followed, and fails the request',
      async (location) => {
        redirecting({ 'GET /a': [302, location] });
        const user = newUser(0, 0);
        expect((await send([get('/a', { redirects: 3 })], { users: [user] })).ends).toEqual(['failed']);
        expect(linesAsked()).toEqual(['GET /a']);
        expect(user.failureText).toMatch(/^step: status 302, a redirect to .*, which is not the target's origin$/);
      },
    );

    test('without a place, or to none, leads nowhere', async () => {
      answer = (_line, response) => response.writeHead(302).end();
      expect((await send([get('/a', { redirects: 3 })])).ends).toEqual(['completed']);
      redirecting({ 'GET /a': [302, 'http://[x'] });
      expect((await send([get('/a', { redirects: 3 })])).ends).toEqual(['failed']);
    });
  });

  describe('cookies', () => {
    const setting = (cookies: { readonly [line: string]: readonly string[] }): void => {
      answer = (line, response) => response.writeHead(200, { 'set-cookie': [...(cookies[line] ?? [])] }).end();
    };
    const cookiesAsked = (): (string | undefined)[] => asked.map(({ headers }) => headers.cookie);

    test('are not kept unless they are asked for', async () => {
      setting({ 'GET /login': ['a=1'] });
      await send([get('/login'), get('/a')]);
      expect(cookiesAsked()).toEqual([undefined, undefined]);
    });

    test('are each user’s own, by path, until they are taken away', async () => {
      let logins = 0;
      answer = (line, response) => {
        const set: { [line: string]: () => string[] } = {
          'GET /login': () => [`id=${++logins}; HttpOnly`, 'shop=x; Path=/shop', 'gone=1; Max-Age=0'],
          'GET /logout': () => ['id=; Max-Age=0'],
        };
        response.writeHead(200, { 'set-cookie': set[line]?.() ?? [] }).end();
      };
      const users = [newUser(0, 0), newUser(3, 0)];
      await send([get('/login'), get('/a'), get('/shop/b'), get('/logout'), get('/a')], { cookies: true, users });
      expect(cookiesAsked()).toEqual(
        [undefined, 'id=1', 'shop=x; id=1', 'id=1', undefined].flatMap((cookie) => [
          cookie,
          cookie?.replace('id=1', 'id=2'),
        ]),
      );
    });

    test('of another host are not kept, nor what is no cookie', async () => {
      setting({ 'GET /login': ['a=1; Domain=other.test', '', ';;;', 'b=2'] });
      await send([get('/login'), get('/a')], { cookies: true });
      expect(cookiesAsked()).toEqual([undefined, 'b=2']);
    });

    test('are set and sent at each hop of a redirect', async () => {
      answer = (line, response) => {
        const headers = { 'GET /a': { 'location': '/b', 'set-cookie': 'a=1' }, 'GET /b': { 'set-cookie': 'b=2' } }[
          line
        ];
        response.writeHead(line === 'GET /a' ? 303 : 200, headers ?? {}).end();
      };
      await send([get('/a', { redirects: 1 }), get('/c')], { cookies: true });
      expect(cookiesAsked()).toEqual([undefined, 'a=1', 'a=1; b=2']);
    });
  });

  test('a body of any bytes arrives as it is, behind headers that change or not', async () => {
    answer = (_line, response) => response.end();
    const bytes = Buffer.from(Array.from({ length: 100_000 }, (_byte, at) => at % 256));
    const files = { 'a.bin': bytes.toString('base64') };
    const body = { kind: 'file', file: 'a.bin', type: 'application/x-a' } as const;
    const fields = { note: ['ü'], doc: [{ file: 'a.bin', type: 'application/x-a' }] };
    await send(
      [
        get('/a', { method: 'PUT', body }),
        get('/b', { method: 'POST', body: { kind: 'multipart', fields } }),
        get('/c', { method: 'POST', body: { kind: 'text', text: 'ü' } }),
      ],
      { files },
    );
    const [file, form, text] = asked;
    expect(file!.body.equals(bytes)).toBe(true);
    expect(file!.headers['content-length']).toBe('100000');
    const read = await new Response(Uint8Array.from(form!.body), {
      headers: { 'content-type': form!.headers['content-type']! },
    }).formData();
    expect(read.get('note')).toBe('ü');
    expect(Buffer.from(await (read.get('doc') as File).arrayBuffer()).equals(bytes)).toBe(true);
    expect(text!.body.toString()).toBe('ü');
  });
});
