import { constants, type ServerHttp2Stream } from 'node:http2';
import { createServer as createHttpsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { createServer as createTlsServer, type TLSSocket } from 'node:tls';
import { gzipSync } from 'node:zlib';
import { afterEach, describe, expect, test } from 'vitest';
import type { Credentials } from '../../src/core/slot.ts';
import { microsFromMs } from '../../src/core/units.ts';
import { newUser } from '../../src/measure/user.ts';
import type { OpenTransport, Sharing, Transport, TransportOptions } from '../../src/measure/transport/transport.ts';
import { http2 } from '../../src/measure/transport/http2/http2.ts';
import { TemplateValueError } from '../../src/template/compile.ts';
import { emptySettings, halfAnswer, Http2Server, reset, saying, streamIn, type StreamScript } from './http2-server.ts';
import { ca, clientPem, serverPem } from './pem.ts';
import { turns } from './raw-server.ts';
import { clock, request, send, viaProxy } from './transport-rig.ts';

/**
 * What the suite for HTTP/1.1 asks, of HTTP/2. Left out, as HTTP/2 has nothing of the kind: how a body's end is told (chunks,
 * lengths that contradict each other, none at all), what stands in a status line, line ends and spaces in heads, answers behind
 * answers, connections that an answer closes, and in how many pieces bytes come, which nghttp2 puts together.
 */
const closing: (() => Promise<void> | void)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).toReversed()) await close();
});

const serving = async (...args: Parameters<typeof Http2Server.open>): Promise<Http2Server> => {
  const server = await Http2Server.open(...args);
  closing.push(async () => server.close());
  return server;
};

/** Settles when it is so; a test that waits in vain is told where by its own timeout. */
const until = async (is: () => boolean): Promise<void> => {
  while (!is()) await turns(1);
};

/** A server of TLS that is asked for HTTP/2 and does what it likes. */
const tlsServer = async (then: (socket: TLSSocket) => void): Promise<string> => {
  const server = createTlsServer({ key: serverPem, cert: serverPem, ALPNProtocols: ['h2'] }, (socket) =>
    then(socket.on('error', () => undefined)),
  );
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
  closing.push(() => void server.close());
  return `https://shop.test:${(server.address() as AddressInfo).port}`;
};

/** Answers one request with its head and half a body, and goes on from there. */
const answerHalf = (socket: TLSSocket, then: (stream: number) => void): void => {
  let received = Buffer.alloc(0);
  socket.write(emptySettings);
  const take = (bytes: Buffer): void => {
    received = Buffer.concat([received, bytes]);
    const stream = streamIn(received);
    if (stream === 0) return;
    socket.off('data', take).resume();
    socket.write(halfAnswer(stream), () => then(stream));
  };
  socket.on('data', take);
};

describe.each<readonly [string, (open: OpenTransport) => OpenTransport]>([
  ['HTTP/2', (open) => open],
  ['HTTP/2 through a proxy', viaProxy],
])('%s', (_name, by) => {
  const openTo = (
    origin: string,
    more: Partial<Omit<TransportOptions, 'clock' | 'endpoint'>> & {
      readonly tls?: Partial<Credentials>;
      readonly http2?: Partial<Sharing>;
    } = {},
  ): Transport => {
    const { tls, http2: shared, ...options } = more;
    const open = by((given) =>
      http2({ ...given, http2: { streams: 100, connections: 1, mayFallBack: false, ...shared } }),
    );
    const transport = open({
      endpoint: { origin, addresses: ['127.0.0.1'], tls: { insecure: false, ca, ...tls } },
      connectTimeoutUs: microsFromMs(10_000),
      clock,
      signal: new AbortController().signal,
      ...options,
    });
    closing.push(async () => transport.close());
    return transport;
  };
  const soon = { timeoutUs: microsFromMs(100) };

  describe('a request', () => {
    test('has its method, host, base and query, its headers in their order, and its body with the true length', async () => {
      const server = await serving(saying('next'));
      const transport = openTo(`${server.origin}/shop/v1`);
      const headers = [
        ['x-b', '1, 2;q="a"'],
        ['x-a', ''],
        ['accept', '*/*'],
        ['x-b', 'tée'],
      ] as const;
      const parts = { method: 'PUT', path: '/products/é?a=b%20c&d=/e?f', headers, body: '{"tea":"té €"}' };
      expect(await send(transport, parts)).toMatchObject({ status: 200, body: 'next', failure: undefined });
      const { headers: seen, body } = server.requests[0]!;
      expect(seen).toMatchObject({
        ':method': 'PUT',
        ':scheme': 'https',
        ':authority': `shop.test:${server.port}`,
        ':path': '/shop/v1/products/%C3%A9?a=b%20c&d=/e?f',
        'accept': '*/*',
        'x-a': '',
        'content-length': '17',
      });
      expect(Buffer.from(String(seen['x-b']), 'latin1').toString()).toBe('1, 2;q="a", tée');
      expect(body.toString()).toBe('{"tea":"té €"}');
      expect(transport.httpVersion).toBe('2');
    });

    test('has the host of its step, where that gives one, and no header that HTTP/2 does not have', async () => {
      const server = await serving(saying(''));
      await send(openTo(server.origin), { headers: [['host', 'shop.example'] as const] });
      expect(server.requests[0]!.headers).toMatchObject({ ':authority': 'shop.example' });
      expect(server.requests[0]!.headers.host).toBeUndefined();
    });

    test.each([
      ['POST', '0'],
      ['PUT', '0'],
      ['PATCH', '0'],
      ['GET', undefined],
      ['HEAD', undefined],
      ['DELETE', undefined],
    ])('of method %s without a body has the length %s', async (method, length) => {
      const server = await serving(saying(''));
      await send(openTo(server.origin), { method });
      expect(server.requests[0]!.headers['content-length']).toBe(length);
    });

    test('of a megabyte arrives whole', async () => {
      const server = await serving(saying('next'));
      const body = 'abcdefghijklmnop'.repeat(64 * 1024);
      expect((await send(openTo(server.origin), { method: 'POST', body })).status).toBe(200);
      expect(server.requests[0]!.body.equals(Buffer.from(body))).toBe(true);
    });

    test('has its answer, if that comes before all of it is written', async () => {
      const server = await serving(saying('early'));
      server.answersAtHead = true;
      const transport = openTo(server.origin);
      const early = await send(transport, { method: 'POST', body: 'x'.repeat(4 * 1024 * 1024) });
      expect(early).toMatchObject({ status: 200, body: 'early', failure: undefined });
      expect(await send(transport)).toMatchObject({ status: 200, connectUs: -1 });
    });

    test('whose template has no value throws before anything is sent', async () => {
      const server = await serving(saying(''));
      const transport = openTo(server.origin);
      const path = (): string => {
        throw new TemplateValueError('${id} is missing');
      };
      for (const parts of [{ path }, { method: 'POST', body: path }, { headers: [['x-id', path]] as const }])
        await expect(async () => send(transport, parts)).rejects.toThrow(TemplateValueError);
      expect(server.sessions).toHaveLength(0);
    });
  });

  describe('an answer', () => {
    test('gives status, head and body, and nothing that nobody reads', async () => {
      const server = await serving(saying('hello', { 'x-a': '1', 'set-cookie': ['a=1', 'b=2'] }));
      const transport = openTo(server.origin);
      const whole = await send(transport);
      expect(whole.body).toBe('hello');
      expect(whole.head).toContain('\r\nx-a: 1');
      expect(whole.head).toContain('\r\nset-cookie: a=1\r\nset-cookie: b=2');
      expect(whole.head).not.toContain(':status');
      expect(await send(transport, { keep: 'status' })).toMatchObject({ status: 200, head: '', body: '' });
      expect(await send(transport, { keep: 'head' })).toMatchObject({ status: 200, body: '' });
    });

    test('may have no body, early hints before it and trailers behind it', async () => {
      const server = await serving((stream, { headers }) => {
        if (headers[':method'] === 'HEAD') return stream.respond({ 'content-length': 5 }, { endStream: true });
        if (headers[':path'] === '/none') return stream.respond({ ':status': 204 }, { endStream: true });
        stream.additionalHeaders({ ':status': 103, 'link': '</a>' });
        stream.respond({ ':status': 201 }, { waitForTrailers: true });
        stream.on('wantTrailers', () => stream.sendTrailers({ 'x-sum': '1' }));
        return stream.end('made');
      });
      const transport = openTo(server.origin);
      expect(await send(transport, { method: 'HEAD' })).toMatchObject({ status: 200, body: '', failure: undefined });
      expect(await send(transport, { path: '/none' })).toMatchObject({ status: 204, body: '', failure: undefined });
      expect(await send(transport)).toMatchObject({ status: 201, body: 'made', failure: undefined });
      expect(server.sessions).toHaveLength(1);
    });

    test('in gzip is decoded where somebody reads it, and refused where it is none', async () => {
      const server = await serving((stream, { headers }) => {
        stream.respond({ 'content-encoding': 'gzip' });
        stream.end(headers[':path'] === '/bad' ? 'nonsense' : gzipSync('{"tea":"té"}'));
      });
      const transport = openTo(server.origin);
      expect(await send(transport)).toMatchObject({ status: 200, body: '{"tea":"té"}' });
      expect(await send(transport, { path: '/bad' })).toMatchObject({ status: 0, failure: 'protocol' });
      expect(await send(transport, { path: '/bad', keep: 'status' })).toMatchObject({ status: 200 });
    });

    test('of more than 1 MiB is refused, if somebody reads it; the connection goes on', async () => {
      const largest = 1024 * 1024;
      const server = await serving((stream, { headers }) => {
        stream.respond({});
        stream.end('x'.repeat(Number(String(headers[':path']).slice(1))));
      });
      const transport = openTo(server.origin);
      expect((await send(transport, { path: `/${largest}` })).body).toBe('x'.repeat(largest));
      expect(await send(transport, { path: `/${largest + 1}` })).toMatchObject({
        status: 0,
        failure: 'protocol',
        detail: 'body larger than 1 MiB',
      });
      expect(await send(transport, { path: `/${8 * largest}`, keep: 'head' })).toMatchObject({ status: 200, body: '' });
      expect(server.sessions).toHaveLength(1);
    });

    test('tells what the target says of its own time, and nothing into the next', async () => {
      const answers = [saying('', { 'server-timing': 'lock;dur=1.5, db;dur=2' }), saying('')];
      const server = await serving((...args) => answers.shift()!(...args));
      const transport = openTo(server.origin);
      const user = newUser(0, 0);
      expect(await send(transport, {}, user)).toMatchObject({ isTimed: true, serverLockUs: 1500, serverQueryUs: 2000 });
      expect(await send(transport, {}, user)).toMatchObject({ isTimed: false });
    });
  });

  describe('connections', () => {
    test('are shared: 30 users at once, 20 requests each, every one with its own answer', async () => {
      const server = await serving((stream, { headers }) => {
        stream.respond({});
        setImmediate(() => stream.end(headers[':path']));
      });
      const transport = openTo(server.origin);
      const sent = transport.prepare(request({ path: ({ index, iteration }) => `/${index}/${iteration}` }));
      const life = async (index: number): Promise<void> => {
        const user = newUser(index, 0);
        for (; user.iteration < 20; user.iteration++) {
          await sent(user);
          expect(user.exchange.body).toBe(`/${index}/${user.iteration}`);
        }
      };
      await Promise.all(Array.from({ length: 30 }, async (_, index) => life(index)));
      expect(server.requests).toHaveLength(600);
      expect(server.sessions).toHaveLength(1);
      expect(server.mostStreams).toBeGreaterThan(1);
    });

    test.each([
      ['as many streams as were asked for', 4, undefined, 4],
      ['no more streams than the target takes', 100, 2, 2],
    ])('have %s', async (_what, streams, maxConcurrentStreams, most) => {
      const held: ServerHttp2Stream[] = [];
      const settings = maxConcurrentStreams === undefined ? {} : { settings: { maxConcurrentStreams } };
      const server = await serving((stream) => void held.push(stream), settings);
      const transport = openTo(server.origin, { http2: { streams } });
      const sent = Array.from({ length: 10 }, async () => send(transport));
      await until(() => held.length === 10);
      for (const stream of held) saying('ok')(stream, server.requests[0]!);
      for (const { status, connectUs } of await Promise.all(sent)) {
        expect(status).toBe(200);
        expect(connectUs).toBeGreaterThanOrEqual(0);
      }
      expect(server.mostStreams).toBe(most);
      expect(server.sessions.length).toBeGreaterThanOrEqual(Math.ceil(10 / most));
      expect(await send(openTo(server.origin), { ...soon })).toMatchObject({ failure: 'timeout' });
    });
  });

  describe('what goes wrong', () => {
    test('in time ends a request alone: others on its connection go on', async () => {
      const held: ServerHttp2Stream[] = [];
      const server = await serving((stream, { headers }) => {
        if (headers[':path'] === '/slow') held.push(stream);
        else if (headers[':path'] === '/half') {
          stream.respond({ ':status': 202 });
          stream.write('half');
        } else saying('ok')(stream, server.requests[0]!);
      });
      const transport = openTo(server.origin);
      await send(transport);
      const slow = send(transport, { path: '/slow' });
      // Long enough for the connection to say something beside, on a busy machine: one that does not is left.
      const timeoutUs = microsFromMs(500);
      const never = send(transport, { path: '/slow', timeoutUs, method: 'POST', body: '{}' });
      const half = send(transport, { path: '/half', timeoutUs });
      expect(await never).toMatchObject({
        status: 0,
        failure: 'timeout',
        maybeApplied: true,
        detail: 'no answer within 500 ms',
      });
      expect(await half).toMatchObject({
        failure: 'timeout',
        detail: 'the answer (status 202) was not complete within 500 ms',
      });
      expect(await send(transport)).toMatchObject({ status: 200, body: 'ok' });
      saying('late')(held[0]!, server.requests[0]!);
      expect(await slow).toMatchObject({ status: 200, body: 'late' });
      expect(server.sessions).toHaveLength(1);
    });

    test('with the slot’s end is aborted, at once, and what comes later', async () => {
      const server = await serving(() => undefined);
      const over = new AbortController();
      const transport = openTo(server.origin, { signal: over.signal });
      const sent = [send(transport), send(transport, { method: 'POST', body: '{}' })];
      await until(() => server.requests.length === 2);
      over.abort();
      for (const one of sent) expect(await one).toMatchObject({ status: 0, failure: 'aborted', maybeApplied: true });
      expect(await send(transport)).toMatchObject({ failure: 'aborted', maybeApplied: false });
      await transport.close();
      await until(() => server.sessions.every(({ destroyed }) => destroyed));
    });

    test('while it connects is aborted, too', async () => {
      const server = await serving(saying('ok'));
      const over = new AbortController();
      const sent = send(openTo(server.origin, { signal: over.signal }));
      over.abort();
      expect(await sent).toMatchObject({ status: 0, failure: 'aborted', maybeApplied: false });
      expect(server.requests).toEqual([]);
    });

    test('on a transport that is closed ends what is in flight', async () => {
      const server = await serving(() => undefined);
      const transport = openTo(server.origin);
      const sent = send(transport);
      await until(() => server.requests.length === 1);
      await transport.close();
      expect(await sent).toMatchObject({ failure: 'aborted', maybeApplied: true });
      expect(await send(transport)).toMatchObject({ failure: 'aborted', maybeApplied: false });
      await until(() => server.sessions.every(({ destroyed }) => destroyed));
    });

    const resetting =
      (code: number): StreamScript =>
      (stream) =>
        stream.close(code);

    test.each([
      ['CANCEL', constants.NGHTTP2_CANCEL, 'reset'],
      ['INTERNAL_ERROR', constants.NGHTTP2_INTERNAL_ERROR, 'reset'],
      ['ENHANCE_YOUR_CALM', constants.NGHTTP2_ENHANCE_YOUR_CALM, 'reset'],
      ['PROTOCOL_ERROR', constants.NGHTTP2_PROTOCOL_ERROR, 'protocol'],
      ['HTTP_1_1_REQUIRED', constants.NGHTTP2_HTTP_1_1_REQUIRED, 'protocol'],
    ] as const)(
      'as RST_STREAM %s fails, may have been carried out, and leaves the connection',
      async (name, code, failure) => {
        const server = await serving((...args) =>
          args[1].headers[':path'] === '/next' ? saying('next')(...args) : resetting(code)(...args),
        );
        const transport = openTo(server.origin);
        expect(await send(transport, { method: 'POST', body: '{}' })).toMatchObject({
          status: 0,
          failure,
          maybeApplied: true,
          resent: false,
          detail: `the stream was closed without an answer (${name})`,
        });
        expect(await send(transport, { path: '/next' })).toMatchObject({ status: 200, connectUs: -1 });
        const half = await tlsServer((socket) => answerHalf(socket, (stream) => socket.write(reset(stream, code))));
        expect(await send(openTo(half))).toMatchObject({
          status: 0,
          failure,
          detail: `the answer (status 200) was cut off: the stream was closed before its end (${name})`,
        });
      },
    );

    test('as a connection that ends in the midst of an answer cuts it off', async () => {
      for (const end of ['end', 'destroy'] as const) {
        const half = await tlsServer((socket) => answerHalf(socket, () => socket[end]()));
        expect(await send(openTo(half))).toMatchObject({ status: 0, failure: 'reset', maybeApplied: true });
      }
    });

    test('as RST_STREAM REFUSED_STREAM is sent once more, whatever it is, and no third time', async () => {
      const server = await serving((...args) => {
        if (server.requests.length === 1) resetting(constants.NGHTTP2_REFUSED_STREAM)(...args);
        else saying('ok')(...args);
      });
      const transport = openTo(server.origin);
      expect(await send(transport, { method: 'POST', body: '{}' })).toMatchObject({ status: 200, resent: true });
      expect(server.requests.map(({ body }) => body.toString())).toEqual(['{}', '{}']);
      server.answer = resetting(constants.NGHTTP2_REFUSED_STREAM);
      expect(await send(transport, { method: 'POST', body: '{}' })).toMatchObject({
        status: 0,
        failure: 'reset',
        resent: true,
        maybeApplied: false,
      });
      expect(server.requests).toHaveLength(4);
    });

    test('with a body that is shorter than it says is cut off', async () => {
      const server = await serving((stream) => {
        stream.respond({ 'content-length': 10 });
        stream.end('short');
      });
      const exchange = await send(openTo(server.origin));
      expect(exchange.status).toBe(0);
      expect(['reset', 'protocol']).toContain(exchange.failure);
    });

    test('as GOAWAY lets what is in flight end, and the next request takes another connection', async () => {
      const held: ServerHttp2Stream[] = [];
      const server = await serving((stream) => void held.push(stream));
      const transport = openTo(server.origin);
      const sent = send(transport, { method: 'POST', body: '{}' });
      await until(() => held.length === 1);
      server.sessions[0]!.goaway(constants.NGHTTP2_NO_ERROR);
      await turns(20);
      server.answer = saying('new');
      expect(await send(transport, { method: 'POST', body: '{}' })).toMatchObject({
        status: 200,
        body: 'new',
        resent: false,
      });
      saying('old')(held[0]!, server.requests[0]!);
      expect(await sent).toMatchObject({ status: 200, body: 'old' });
      expect(server.requests.map(({ connection }) => connection)).toEqual([0, 1]);
    });

    test('as GOAWAY that leaves a request out has it sent once more on another connection, whatever it is', async () => {
      const server = await serving((stream, seen) => {
        // It says that the first one is the last that it has looked at.
        if (seen.connection === 0 && stream.id! > 1) stream.session!.goaway(constants.NGHTTP2_NO_ERROR, 1);
        else saying('ok')(stream, seen);
      });
      const transport = openTo(server.origin);
      await send(transport);
      expect(await send(transport, { method: 'POST', body: '{}' })).toMatchObject({ status: 200, resent: true });
      expect(server.requests.map(({ connection }) => connection)).toEqual([0, 0, 1]);
    });

    test('as GOAWAY that leaves a request out on ten connections after each other has it sent until it is taken', async () => {
      const server = await serving((stream, seen) => {
        if (stream.id! > 1 && seen.connection < 10) stream.session!.goaway(constants.NGHTTP2_NO_ERROR, 1);
        else saying('ok')(stream, seen);
      });
      const transport = openTo(server.origin);
      for (let n = 0; n < 10; n++) {
        await send(transport);
        expect(await send(transport, { method: 'POST', body: '{}' })).toMatchObject({ status: 200 });
      }
      expect(server.requests.filter(({ connection }) => connection < 10).length).toBeGreaterThan(10);
    });

    test('as GOAWAY with an error resets what may have been carried out', async () => {
      const server = await serving((stream) => {
        stream.session!.goaway(constants.NGHTTP2_ENHANCE_YOUR_CALM, 2 ** 31 - 1, Buffer.from('too_many_pings'));
        setImmediate(() => stream.session!.socket.destroySoon());
      });
      const exchange = await send(openTo(server.origin), { method: 'POST', body: '{}' });
      expect(exchange).toMatchObject({ status: 0, failure: 'reset', maybeApplied: true, resent: false });
      expect(exchange.detail).toBe(
        'the connection was closed without an answer (GOAWAY ENHANCE_YOUR_CALM: too_many_pings)',
      );
    });

    test.each(['GET', 'HEAD'])('under a %s on an idle connection has it sent once more', async (method) => {
      const server = await serving(saying('ok'));
      const transport = openTo(server.origin);
      await send(transport);
      server.answer = (stream, seen) => {
        if (seen.connection === 0) stream.session!.destroy();
        else saying('ok')(stream, seen);
      };
      expect(await send(transport, { method })).toMatchObject({ status: 200, resent: true });
      expect(server.requests.map(({ connection }) => connection)).toEqual([0, 0, 1]);
    });

    test.each(['POST', 'PUT', 'PATCH', 'DELETE'])('under a %s resets it', async (method) => {
      const server = await serving(saying('ok'));
      const transport = openTo(server.origin);
      await send(transport);
      server.answer = (stream) => stream.session!.destroy();
      expect(await send(transport, { method, body: '{}' })).toMatchObject({
        status: 0,
        failure: 'reset',
        maybeApplied: true,
        resent: false,
      });
    });

    test('as a connection that says nothing more does not take the next request with it', async () => {
      const server = await serving(saying('ok'));
      const transport = openTo(server.origin);
      await send(transport);
      await turns(20);
      server.answer = (_stream, { connection }) =>
        connection === 0 ? undefined : saying('ok')(_stream, server.requests[0]!);
      expect(await send(transport, soon)).toMatchObject({ failure: 'timeout' });
      expect(await send(transport)).toMatchObject({ status: 200 });
      expect(server.requests.map(({ connection }) => connection)).toEqual([0, 0, 1]);
    });
  });

  describe('a target', () => {
    test('that speaks HTTP/1.1 alone is spoken to so: one connection for each user, the first one the one it was asked on', async () => {
      const seen: string[] = [];
      const server = createHttpsServer({ key: serverPem, cert: serverPem }, (message, response) => {
        seen.push(`${message.httpVersion} ${message.method} ${message.url}`);
        response.end('old');
      });
      let connections = 0;
      server.on('secureConnection', () => connections++);
      await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
      closing.push(() => {
        server.closeAllConnections();
        server.close();
      });
      const origin = `https://shop.test:${(server.address() as AddressInfo).port}/v1`;
      const transport = openTo(origin, { http2: { mayFallBack: true } });
      const first = await send(transport, { path: '/a' });
      expect(first).toMatchObject({ status: 200, body: 'old', failure: undefined });
      expect(first.connectUs).toBeGreaterThan(0);
      expect(transport.httpVersion).toBe('1.1');
      expect(await send(transport, { path: '/a' })).toMatchObject({ status: 200, connectUs: -1 });
      expect(seen).toEqual(['1.1 GET /v1/a', '1.1 GET /v1/a']);
      expect(connections).toBe(1);
      await Promise.all([send(transport), send(transport), send(transport)]);
      expect(connections).toBeLessThanOrEqual(3);
      await transport.close();
    });

    test('whose certificate nobody vouches for fails as tls', async () => {
      const server = await serving(saying('ok'));
      const transport = openTo(server.origin, { tls: { ca: clientPem } });
      expect(await send(transport)).toMatchObject({ status: 0, failure: 'tls', maybeApplied: false });
    });

    test('that asks for a certificate gets it', async () => {
      const server = await serving(saying('ok'), { ca, requestCert: true, rejectUnauthorized: true });
      const tls = { cert: clientPem, key: clientPem };
      expect(await send(openTo(server.origin, { tls }))).toMatchObject({ status: 200 });
      expect(await send(openTo(server.origin))).toMatchObject({ status: 0, maybeApplied: false });
    });

    test('that says nothing once it is connected takes no longer than a connection may', async () => {
      const origin = await tlsServer(() => undefined);
      const transport = openTo(origin, { connectTimeoutUs: microsFromMs(200) });
      const started = clock.now();
      expect(await send(transport)).toMatchObject({ status: 0, failure: 'connect', maybeApplied: false });
      expect(clock.now() - started).toBeGreaterThanOrEqual(190_000);
      expect(clock.now() - started).toBeLessThan(10_000_000);
    });

    test('that speaks something else fails as protocol', async () => {
      const origin = await tlsServer((socket) => void socket.write('HTTP/1.1 400 Bad Request\r\n\r\n'));
      expect(await send(openTo(origin))).toMatchObject({ status: 0, failure: 'protocol', maybeApplied: false });
    });
  });
});
