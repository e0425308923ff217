import { brotliCompressSync, gzipSync } from 'node:zlib';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { microsFromMs } from '../../src/core/units.ts';
import { newUser } from '../../src/measure/user.ts';
import { http2 } from '../../src/measure/transport/http2/http2.ts';
import type { Send, Transport } from '../../src/measure/transport/transport.ts';
import { Http2Server, saying, type StreamScript } from './http2-server.ts';
import { clock, request, send } from './transport-rig.ts';

/** What the suite asks of answers and time limits, of HTTP/2 over TCP. */
let server: Http2Server;
let transport: Transport;

beforeAll(async () => {
  server = await Http2Server.open(saying('ok'), { isSecure: false });
});
afterAll(async () => server.close());

const opened = (signal = new AbortController().signal): Transport =>
  http2({
    endpoint: { origin: server.origin, addresses: ['127.0.0.1'], tls: { insecure: false } },
    connectTimeoutUs: microsFromMs(5000),
    http2: { streams: 100, connections: 1, mayFallBack: false },
    clock,
    signal,
  });

beforeEach(() => {
  server.answer = saying('ok');
  server.requests.length = 0;
  transport = opened();
});
afterEach(async () => transport.close());

const largest = 1024 * 1024;
const coded =
  (coding: string, body: Buffer): StreamScript =>
  (stream) => {
    stream.respond({ 'content-encoding': coding });
    stream.end(body);
  };

describe('a request', () => {
  test.each(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'])('of method %s is one', async (method) => {
    expect((await send(transport, { method })).status).toBe(200);
    expect(server.requests[0]!.headers[':method']).toBe(method);
  });

  test('has the values of the user that sends it, and what is empty is left out where it may be', async () => {
    const sent = transport.prepare(
      request({
        method: 'PUT',
        path: ({ index }) => `/users/${index}`,
        headers: [
          ['x-constant', 'a'],
          ['x-user', ({ index }) => `user ${index}`],
          ['x-last', 'z'],
        ],
        optional: [['cookie', ({ index }) => (index === 22 ? '' : `c=${index}`)]],
        body: ({ index }) => '€'.repeat(index),
      }),
    );
    await Promise.all([1, 22, 333].map(async (index) => sent(newUser(index, 0))));
    for (const index of [1, 22, 333]) {
      const { headers, body } = server.requests.find((one) => one.headers[':path'] === `/users/${index}`)!;
      expect(headers).toMatchObject({ 'x-constant': 'a', 'x-user': `user ${index}`, 'x-last': 'z' });
      expect(headers['content-length']).toBe(String(index * 3));
      expect(headers['cookie']).toBe(index === 22 ? undefined : `c=${index}`);
      expect(body.toString()).toBe('€'.repeat(index));
    }
  });

  test('has a body of bytes as they are', async () => {
    const body = Buffer.from(Array.from({ length: 256 }, (_, byte) => byte));
    await send(transport, { method: 'POST', body });
    await send(transport, { method: 'POST', body: () => body });
    for (const one of server.requests) expect(one.body.equals(body)).toBe(true);
  });
});

describe('an answer', () => {
  test('is known again for what it is: statuses, lengths, heads and methods in turn, over two connections', async () => {
    const other = opened();
    const prepared: Send[] = [transport, other].flatMap((one) =>
      ['GET', 'HEAD'].map((method) => one.prepare(request({ method, keep: 'body' }))),
    );
    const answers = [
      [200, 'abc', '1'],
      [201, 'abd', '1'],
      [200, 'ab', '1'],
      [200, 'xyz', '2'],
      [404, '', '2'],
      [200, 'abc', '1'],
    ] as const;
    for (let at = 0; at < 120; at++) {
      const [status, body, value] = answers[(at * at + (at >> 2)) % answers.length]!;
      server.answer = (stream, { headers }) => {
        stream.respond({
          ':status': status,
          'content-length': body.length,
          'x-a': value,
          'x-long': 'y'.repeat(at % 3),
        });
        stream.end(headers[':method'] === 'HEAD' ? '' : body);
      };
      const which = at % 4;
      const user = newUser(0, 0);
      await prepared[which]!(user);
      expect(user.exchange).toMatchObject({ status, failure: undefined, body: which % 2 === 1 ? '' : body });
      expect(user.exchange.head).toContain(`\r\nx-a: ${value}\r\nx-long: ${'y'.repeat(at % 3)}`);
    }
    await other.close();
  });

  test.each(['status', 'head', 'body'] as const)(
    'tells what it says of time, each its own, where its %s is kept',
    async (keep) => {
      const sent = transport.prepare(request({ keep }));
      const user = newUser(0, 0);
      for (const [header, expected] of [
        ['lock;dur=1.5, db;dur=2', { isTimed: true, serverLockUs: 1500, serverQueryUs: 2000 }],
        ['lock;dur=1.5, db;dur=2', { isTimed: true, serverLockUs: 1500, serverQueryUs: 2000 }],
        [undefined, { isTimed: false }],
        ['db;dur=4', { isTimed: true, serverLockUs: 0, serverQueryUs: 4000 }],
      ] as const) {
        server.answer = saying('', header === undefined ? {} : { 'server-timing': header });
        await sent(user);
        expect(user.exchange).toMatchObject({ status: 200, ...expected });
      }
    },
  );

  test.each([
    ['gzip', gzipSync('{"tea":"té"}')],
    ['GZIP', gzipSync('{"tea":"té"}')],
    ['br', brotliCompressSync('{"tea":"té"}')],
    ['identity', Buffer.from('{"tea":"té"}')],
  ])('in %s is decoded where somebody reads it', async (coding, body) => {
    server.answer = coded(coding, body);
    expect(await send(transport)).toMatchObject({ status: 200, body: '{"tea":"té"}', failure: undefined });
    expect(await send(transport, { keep: 'head' })).toMatchObject({ status: 200, body: '' });
  });

  test.each([
    ['no valid gzip', 'gzip', Buffer.from('nonsense')],
    ['no valid br', 'br', Buffer.from('nonsense')],
    ['a coding that nobody has heard of', 'unheard-of', Buffer.from('nonsense')],
    ['a gzip that is cut off', 'gzip', gzipSync('hello'.repeat(100)).subarray(0, -9)],
    ['a gzip of more than 1 MiB', 'gzip', gzipSync(Buffer.alloc(largest + 1))],
    ['a br of more than 1 MiB', 'br', brotliCompressSync(Buffer.alloc(largest + 1))],
  ])('in %s is refused, if somebody reads it', async (_what, coding, body) => {
    server.answer = coded(coding, body);
    expect(await send(transport)).toMatchObject({ status: 0, failure: 'protocol' });
    expect(await send(transport, { keep: 'status' })).toMatchObject({ status: 200, failure: undefined });
  });

  test('of nothing in gzip is nothing', async () => {
    server.answer = coded('gzip', Buffer.alloc(0));
    expect(await send(transport)).toMatchObject({ status: 200, body: '', failure: undefined });
  });
});

describe('a time limit', () => {
  test('says nothing of an earlier or of an interim answer’s status', async () => {
    const user = newUser(0, 0);
    await send(transport, {}, user);
    server.answer = (stream) => stream.additionalHeaders({ ':status': 103 });
    const late = await send(transport, { timeoutUs: microsFromMs(100) }, user);
    expect(late).toMatchObject({ status: 0, failure: 'timeout', detail: 'no answer within 100 ms' });
  });

  test('is each request’s own', async () => {
    server.answer = () => undefined;
    const sent = [50, 150].map(async (ms) => {
      const from = clock.now();
      await send(transport, { timeoutUs: microsFromMs(ms) });
      return clock.now() - from;
    });
    const [short, long] = await Promise.all(sent);
    expect(short).toBeGreaterThanOrEqual(49_000);
    expect(long).toBeGreaterThanOrEqual(149_000);
  });

  test('of a slot is not gone past by sending again', async () => {
    const over = new AbortController();
    const one = opened(over.signal);
    server.answer = (stream) => {
      over.abort();
      stream.close(7);
    };
    const exchange = await send(one, { method: 'POST' });
    expect(exchange).toMatchObject({ status: 0, failure: 'aborted' });
    expect(server.requests).toHaveLength(1);
    await one.close();
    await one.close();
  });
});

test('a target where nobody listens fails as connect, surely not applied', async () => {
  const gone = await Http2Server.open(saying(''), { isSecure: false });
  const { port } = gone;
  await gone.close();
  const lost = http2({
    endpoint: { origin: `http://127.0.0.1:${port}`, addresses: ['127.0.0.1'], tls: { insecure: false } },
    connectTimeoutUs: microsFromMs(5000),
    http2: { streams: 100, connections: 1, mayFallBack: false },
    clock,
    signal: new AbortController().signal,
  });
  const sent = lost.prepare(request());
  const users = [0, 1, 2].map((index) => newUser(index, 0));
  await Promise.all(users.map(async (user) => sent(user)));
  for (const { exchange } of users)
    expect(exchange).toMatchObject({ status: 0, failure: 'connect', maybeApplied: false, resent: false });
  await lost.close();
});
