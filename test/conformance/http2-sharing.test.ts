import { createHash, randomBytes } from 'node:crypto';
import { constants, type ServerHttp2Stream } from 'node:http2';
import { createServer, type AddressInfo } from 'node:net';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import { microsFromMs } from '../../src/core/units.ts';
import { newUser, type User } from '../../src/measure/user.ts';
import type { Endpoint } from '../../src/core/slot.ts';
import type { Sharing, Transport } from '../../src/measure/transport/transport.ts';
import { http2 } from '../../src/measure/transport/http2/http2.ts';
import { emptySettings, Http2Server, saying, type StreamScript } from './http2-server.ts';
import { socketFolder } from '../temporary/socket.ts';
import { ca } from './pem.ts';
import { TestProxy } from './proxy.ts';
import { turns } from './raw-server.ts';
import { clock, request, send } from './transport-rig.ts';

const closing: (() => Promise<void> | void)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).toReversed()) await close();
});

const serving = async (...args: Parameters<typeof Http2Server.open>): Promise<Http2Server> => {
  const server = await Http2Server.open(...args);
  closing.push(async () => server.close());
  return server;
};

/** Over TCP, where nothing is encrypted: twice as many requests in a second. */
const plain = { isSecure: false };

const openTo = (
  origin: string,
  sharing: Partial<Sharing> = {},
  more: Partial<Endpoint> = {},
  firstStream = 1,
): Transport => {
  const transport = http2({
    endpoint: { origin, addresses: ['127.0.0.1'], tls: { insecure: false, ca }, ...more },
    connectTimeoutUs: microsFromMs(10_000),
    http2: { streams: 100, connections: 1, mayFallBack: false, ...sharing },
    clock,
    firstStream,
    signal: new AbortController().signal,
  });
  closing.push(async () => transport.close());
  return transport;
};

const users = (count: number): User[] => Array.from({ length: count }, (_, at) => newUser(at, 0));

/** Answers once all of so many are there. */
const together = (count: number): StreamScript => {
  const held: ServerHttp2Stream[] = [];
  return (stream) => {
    if (held.push(stream) < count) return;
    for (const one of held.splice(0)) one.respond({ ':status': 204 }, { endStream: true });
  };
};

describe('users are spread over connections', () => {
  test('which are opened when one of their users has a request, the same number of users on each', async () => {
    const server = await serving(together(12), plain);
    const sent = openTo(server.origin, { connections: 4 }).prepare(request());
    const crew = users(12);
    for (let turn = 0; turn < 2; turn++) {
      await Promise.all(crew.map(async (user) => sent(user)));
      expect(crew.map(({ exchange }) => exchange.status)).toEqual(crew.map(() => 204));
      const counts = [0, 1, 2, 3].map((at) => server.requests.filter(({ connection }) => connection === at).length);
      expect(counts).toEqual([3, 3, 3, 3].map((count) => count * (turn + 1)));
    }
    expect(server.sessions).toHaveLength(4);
  });

  test('of which no more are opened than there are users', async () => {
    const server = await serving(together(2), plain);
    const sent = openTo(server.origin, { connections: 50 }).prepare(request());
    await Promise.all(users(2).map(async (user) => sent(user)));
    expect(server.sessions).toHaveLength(2);
  });

  test('and another is opened where none has room, on which they stay', async () => {
    const server = await serving(together(10), { ...plain, settings: { maxConcurrentStreams: 2 } });
    const sent = openTo(server.origin, { connections: 2 }).prepare(request());
    const crew = users(10);
    await Promise.all(crew.map(async (user) => sent(user)));
    const opened = server.sessions.length;
    for (let turn = 0; turn < 3; turn++) await Promise.all(crew.map(async (user) => sent(user)));
    expect(crew.map(({ exchange }) => [exchange.status, exchange.connectUs])).toEqual(crew.map(() => [204, -1]));
    expect(server.sessions).toHaveLength(opened);
    expect(server.mostStreams).toBe(2);
  });

  test('and one that is gone is opened anew', async () => {
    const server = await serving(saying('ok'), plain);
    const sent = openTo(server.origin, { connections: 3 }).prepare(request());
    const crew = users(3);
    for (const user of crew) await sent(user);
    server.sessions[1]!.destroy();
    await turns(20);
    for (const user of crew) await sent(user);
    expect(crew.map(({ exchange }) => exchange.status)).toEqual([200, 200, 200]);
    expect(server.requests.map(({ connection }) => connection)).toEqual([0, 1, 2, 0, 3, 2]);
  });

  test('10,000 at once over 100 of them', async () => {
    const server = await serving(together(10_000), { ...plain, settings: { maxConcurrentStreams: 100 } });
    const sent = openTo(server.origin, { connections: 100 }).prepare(
      request({ keep: 'status', timeoutUs: microsFromMs(50_000) }),
    );
    const crew = users(10_000);
    await Promise.all(crew.map(async (user) => sent(user)));
    expect(crew.filter(({ exchange }) => exchange.status === 204)).toHaveLength(10_000);
    expect([server.sessions.length, server.mostStreams, server.requests.length]).toEqual([100, 100, 10_000]);
  });
});

describe('without TLS, a target that is known to speak it', () => {
  test('is spoken to so from the first byte', async () => {
    const server = await serving(saying('ok', { 'x-a': '1' }), plain);
    const transport = openTo(`${server.origin}/v1`);
    expect(await send(transport, { path: '/a?b' })).toMatchObject({ status: 200, body: 'ok', failure: undefined });
    const { headers } = server.requests[0]!;
    expect(headers).toMatchObject({ ':scheme': 'http', ':path': '/v1/a?b', ':authority': `shop.test:${server.port}` });
    expect(transport.httpVersion).toBe('2');
  });

  test('is reached through a proxy in a tunnel', async () => {
    const proxy = await TestProxy.open();
    closing.push(async () => proxy.close());
    const server = await serving(saying('ok'), plain);
    const transport = openTo(server.origin, {}, { proxy: proxy.url });
    expect(await send(transport)).toMatchObject({ status: 200, body: 'ok' });
    expect(proxy.asked).toEqual([`CONNECT shop.test:${server.port} HTTP/1.1`]);
  });

  test('and does not fails as protocol, at once', async () => {
    const server = createServer((socket) => {
      socket.on('error', () => undefined).once('data', () => socket.end('HTTP/1.1 400 Bad Request\r\n\r\n'));
    });
    await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
    closing.push(() => void server.close());
    const { port } = server.address() as { readonly port: number };
    expect(await send(openTo(`http://127.0.0.1:${port}`))).toMatchObject({
      status: 0,
      failure: 'protocol',
      maybeApplied: false,
      detail: 'invalid HTTP/2: it speaks HTTP/1.1',
    });
  });

  test('may be a unix socket', async () => {
    const { createServer: createHttp2Server } = await import('node:http2');
    const folder = socketFolder();
    const path = join(folder, 'http2.sock');
    const server = createHttp2Server().on('stream', (stream: ServerHttp2Stream) => stream.end('local'));
    await new Promise<void>((resolve) => void server.listen(path, resolve));
    closing.push(
      async () => rm(folder, { recursive: true, force: true }),
      () => void server.close(),
    );
    const transport = openTo(`http://unix:${path}`);
    expect(await send(transport)).toMatchObject({ status: 200, body: 'local' });
    await transport.close();
  });
});

describe('bodies of requests', () => {
  const megabyte = randomBytes(1024 * 1024);
  const hashOf = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

  test('that nobody reads, 40 MB of them, cost their own requests alone once they are given up', async () => {
    const server = await serving(() => undefined, plain);
    server.answersAtHead = true;
    server.answer = (stream, { headers }) => {
      if (headers[':path'] === '/slow') stream.pause();
      else saying('ok')(stream, server.requests[0]!);
    };
    const transport = openTo(server.origin);
    // The others keep the connection from being taken for dead.
    const fast = transport.prepare(request({ path: '/fast' }));
    const slow = transport.prepare(
      request({
        method: 'POST',
        path: '/slow',
        body: Buffer.concat([megabyte, megabyte]),
        timeoutUs: microsFromMs(500),
      }),
    );
    const [uploading, asking] = [users(20), newUser(20, 0)];
    const over = new AbortController();
    const uploads = Promise.all(uploading.map(async (user) => slow(user))).then(() => over.abort());
    while (!over.signal.aborted) {
      await fast(asking);
      expect(asking.exchange).toMatchObject({ status: 200, failure: undefined });
    }
    await uploads;
    expect(uploading.map(({ exchange }) => exchange.failure)).toEqual(uploading.map(() => 'timeout'));
    for (let n = 0; n < 50; n++) {
      await fast(asking);
      expect(asking.exchange).toMatchObject({ status: 200, failure: undefined });
    }
    expect(server.sessions).toHaveLength(1);
  });

  test('of 32 users at once arrive whole, with answers between them', async () => {
    const server = await serving((stream, { body }) => {
      stream.respond({});
      stream.end(hashOf(body));
    }, plain);
    const transport = openTo(server.origin);
    const bodies = users(32).map(({ index }) => megabyte.subarray(index, 300_000 + index * 1000));
    const post = transport.prepare(
      request({ method: 'POST', body: ({ index }: User) => bodies[index]!, timeoutUs: microsFromMs(50_000) }),
    );
    const crew = users(32);
    for (let turn = 0; turn < 3; turn++) await Promise.all(crew.map(async (user) => post(user)));
    expect(crew.map(({ exchange }) => exchange.body)).toEqual(bodies.map(hashOf));
    expect(server.sessions).toHaveLength(1);
  });

  test.each([1, 4])('that are answered early, of %i users: 40 of 40 answers count', async (count) => {
    const server = await serving((stream) => {
      stream.respond({ ':status': 413 });
      stream.end('too large', () => stream.close(constants.NGHTTP2_NO_ERROR));
    });
    server.answersAtHead = true;
    const post = openTo(server.origin).prepare(request({ method: 'POST', body: megabyte }));
    const crew = users(count);
    const statuses: number[] = [];
    for (let n = 0; n < 40; n += count) {
      await Promise.all(crew.map(async (user) => post(user)));
      statuses.push(...crew.map(({ exchange }) => exchange.status));
    }
    expect(statuses).toEqual(Array.from({ length: 40 }, () => 413));
  });
});

test.each([126, 127, 128, 130, 1000])('an answer of %i header fields is one', async (count) => {
  const server = await serving(
    (stream) => {
      const fields = Array.from({ length: count }, (_, at) => [`x-h-${at}`, `v${at}`] as const);
      stream.respond({
        ':status': 200,
        'set-cookie': Array.from({ length: 150 }, (_, at) => `c${at}=1`),
        ...Object.fromEntries(fields),
      });
      stream.end('ok');
    },
    { ...plain, maxHeaderListPairs: 4000, maxSendHeaderBlockLength: 1 << 20 },
  );
  const exchange = await send(openTo(server.origin));
  expect(exchange).toMatchObject({ status: 200, body: 'ok', failure: undefined });
  expect(exchange.head.match(/\r\nx-h-/gu)).toHaveLength(count);
  expect(exchange.head.match(/\r\nset-cookie: /gu)).toHaveLength(150);
});

test.each([0, 2, 11])(
  '40 POSTs of 4 users through GOAWAYs with code %i, each of which leaves some out: all are answered once',
  async (code) => {
    const server = await serving(saying('ok'), plain);
    const answered = new Map<string, number>();
    const counts = new Map<unknown, number>();
    server.answer = (stream, seen) => {
      const { session } = stream;
      const count = (counts.get(session) ?? 0) + 1;
      counts.set(session, count);
      // The fifth on each connection, and what comes behind it, is left out.
      if (count >= 5) {
        if (count === 5) session!.goaway(code, stream.id! - 2);
        return;
      }
      const body = seen.body.toString();
      answered.set(body, (answered.get(body) ?? 0) + 1);
      saying('ok')(stream, seen);
    };
    const post = openTo(server.origin).prepare(
      request({ method: 'POST', body: ({ index, iteration }: User) => `${index} ${iteration}` }),
    );
    const life = async (user: User): Promise<number> => {
      let resent = 0;
      for (; user.iteration < 10; user.iteration++) {
        await post(user);
        expect(user.exchange).toMatchObject({ status: 200, failure: undefined });
        if (user.exchange.resent) resent++;
      }
      return resent;
    };
    const resent = await Promise.all(users(4).map(life));
    expect(resent.reduce((a, b) => a + b)).toBeGreaterThan(5);
    expect([...answered.values()]).toEqual(Array.from({ length: 40 }, () => 1));
  },
);

test('numbers of streams that are used up: every request is answered once, and each connection takes those that it has left', async () => {
  const server = await serving(saying('ok'), plain);
  const post = openTo(server.origin, {}, {}, 2 ** 31 - 5).prepare(request({ method: 'POST', body: '{}' }));
  const crew = users(4);
  for (let turn = 0; turn < 6; turn++) {
    await Promise.all(crew.map(async (user) => post(user)));
    expect(crew.map(({ exchange: { status, resent } }) => [status, resent])).toEqual(crew.map(() => [200, false]));
  }
  const counts = server.sessions.map((_, at) => server.requests.filter(({ connection }) => connection === at).length);
  expect(counts.reduce((a, b) => a + b)).toBe(24);
  expect(Math.max(...counts)).toBe(3);
});

test('a target that takes no requests for a while holds them up, on the connection that they have, and loses none', async () => {
  const server = await serving(saying('ok'), plain);
  const post = openTo(server.origin).prepare(request({ method: 'POST', body: '{}' }));
  const crew = users(8);
  await post(crew[0]!);
  const [session] = server.sessions;
  for (let turn = 0; turn < 3; turn++) {
    const before = server.requests.length;
    await new Promise<void>((resolve) => session!.settings({ maxConcurrentStreams: 0 }, () => resolve()));
    const waiting = crew.map(async (user) => post(user));
    await turns(20);
    expect(server.requests).toHaveLength(before);
    session!.settings({ maxConcurrentStreams: 100 });
    await Promise.all(waiting);
    expect(crew.map(({ exchange }) => exchange.status)).toEqual(crew.map(() => 200));
    expect(Math.min(...crew.map(({ exchange }) => exchange.connectUs))).toBeGreaterThan(0);
  }
  expect(server.sessions).toHaveLength(1);
});

test('a target that ends every connection before it has taken a request ends the request, too, and says with which code', async () => {
  let dials = 0;
  const goaway = Buffer.from([0, 0, 8, 7, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]);
  const server = createServer((socket) => {
    dials++;
    socket.on('error', () => undefined).resume();
    socket.write(Buffer.concat([emptySettings, goaway]));
  });
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
  closing.push(async () => new Promise((resolve) => void server.close(() => resolve())));
  const { port } = server.address() as AddressInfo;
  const exchange = await send(openTo(`http://shop.test:${port}`), { method: 'POST', body: '{}' });
  expect(exchange).toMatchObject({ status: 0, failure: 'reset', maybeApplied: false });
  expect(exchange.detail).toBe('the connection was closed without an answer (GOAWAY NO_ERROR)');
  expect(dials).toBeGreaterThan(1);
  expect(dials).toBeLessThanOrEqual(100);
});
