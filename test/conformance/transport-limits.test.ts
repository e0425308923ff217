import { connect, type Socket } from 'node:net';
import { Worker } from 'node:worker_threads';
import { brotliCompressSync, gzipSync } from 'node:zlib';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { microsFromMs } from '../../src/core/units.ts';
import type { Transport } from '../../src/measure/transport/transport.ts';
import { localEndpoint } from '../measure/mode.ts';
import { RawServer, turns, type Answer, type Bytes } from './raw-server.ts';
import { followed, head, hello, inChunks, raw } from './transport-cases.ts';
import { all, clock, ok, openTo, send } from './transport-rig.ts';

let server: RawServer;

beforeAll(async () => {
  server = await RawServer.open(() => ok());
});
beforeEach(() => {
  server.forget();
  server.answer = () => ok();
});
afterAll(async () => server.close());

/** Settles when every connection that the server has seen is closed. */
const allClosed = async (): Promise<unknown> => Promise.all(server.connections.map(async ({ closed }) => closed()));

/** This text, and then the other one for as long as somebody takes it. */
const endless = (first: string, next: string): Answer => ({
  chunks: (function* () {
    yield first;
    for (;;) yield next;
  })(),
});

/** A body of these bytes, with that coding named in its head. */
const coded = (coding: string, body: Buffer): Answer =>
  followed(head([`Content-Encoding: ${coding}`, `Content-Length: ${body.length}`]), body);

const largest = 1024 * 1024;
const soon = { timeoutUs: microsFromMs(100) };

describe.each(all)('%s', (name, open) => {
  let transport: Transport;

  beforeEach(() => {
    transport = openTo(open, server.origin);
    return async () => transport.close();
  });

  /** A well-behaved request goes on as if nothing had been, over another connection. */
  const expectNewConnection = async (): Promise<void> => {
    await server.connections[0]!.closed();
    server.answer = () => ok();
    expect(await send(transport)).toMatchObject({ status: 200, body: 'next', failure: undefined });
    expect(server.requests.at(-1)!.connection).toBe(1);
  };

  describe('a timeout', () => {
    test('ends a request without an answer, and its connection', async () => {
      server.answer = () => raw();
      const late = await send(transport, { ...soon, method: 'POST', body: '{}' });
      expect(late).toMatchObject({
        status: 0,
        failure: 'timeout',
        maybeApplied: true,
        detail: 'no answer within 100 ms',
      });
      expect(late.doneUs - late.sentUs).toBeGreaterThanOrEqual(100_000);
      expect(late.doneUs - late.sentUs).toBeLessThan(4_000_000);
      await expectNewConnection();
    });

    test('ends a head that does not', async () => {
      server.answer = ({ connection }) => {
        const { socket } = server.connections[connection]!;
        const drip = setInterval(() => socket.write('a'), 5);
        socket.on('close', () => clearInterval(drip));
        return raw('HTTP/1.1 200 OK\r\nX-A: a');
      };
      expect((await send(transport, soon)).failure).toBe('timeout');
      await expectNewConnection();
    });

    test('ends a body that does not, and says what there was', async () => {
      server.answer = () => endless('HTTP/1.1 202 Accepted\r\nTransfer-Encoding: chunked\r\n\r\n', '1\r\na\r\n');
      expect(await send(transport, { timeoutUs: microsFromMs(500), keep: 'status' })).toMatchObject({
        status: 0,
        failure: 'timeout',
        detail: 'the answer (status 202) was not complete within 500 ms',
      });
      await expectNewConnection();
    });

    test('says nothing of an earlier answer’s status', async () => {
      await send(transport);
      await turns();
      server.answer = () => raw('HTTP/1.1 5');
      expect(await send(transport, soon)).toMatchObject({ failure: 'timeout', detail: 'no answer within 100 ms' });
    });

    test('says nothing of an interim answer’s status', async () => {
      server.answer = () => raw('HTTP/1.1 103 Early Hints\r\n\r\n');
      expect(await send(transport, soon)).toMatchObject({ failure: 'timeout', detail: 'no answer within 100 ms' });
    });

    test('is each request’s own', async () => {
      server.answer = ({ path }) => (path === '/none' ? raw() : ok());
      const late = send(transport, { path: '/none', timeoutUs: microsFromMs(200) });
      const started = clock.now();
      expect((await send(transport, { path: '/none', timeoutUs: microsFromMs(50) })).failure).toBe('timeout');
      expect((await send(transport)).status).toBe(200);
      expect((await late).failure).toBe('timeout');
      expect(clock.now() - started).toBeGreaterThanOrEqual(195_000);
    });
  });

  test.each([
    ['interim answers', 'HTTP/1.1 100 Continue\r\n\r\n', 'HTTP/1.1 103 Early Hints\r\n\r\n'],
    ['headers', 'HTTP/1.1 200 OK\r\n', 'X-A: 12345678901234567890\r\n'],
    ['a name', 'HTTP/1.1 200 OK\r\nX', 'aaaaaaaaaaaaaaaaaaaaaaaaaaaaa'],
    ['a reason', 'HTTP/1.1 200 O', 'KKKKKKKKKKKKKKKKKKKKKKKKKKKK'],
    ['a chunk size', 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n', '0'],
    ['a chunk extension', 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5;', 'aaaaaaaaaaaaaaaa'],
    ['trailers', 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n', 'X-A: 1234567890\r\n'],
  ])('%s without end are refused or time out', async (_what, first, next) => {
    server.answer = () => endless(first, next);
    const exchange = await send(transport, { timeoutUs: microsFromMs(400) });
    expect(['protocol', 'timeout']).toContain(exchange.failure);
    await expectNewConnection();
  });

  describe('the end of the slot', () => {
    test('aborts what is in flight, at once, and what comes later', async () => {
      const over = new AbortController();
      const aborting = openTo(open, server.origin, over.signal);
      server.answer = ({ path }) => (path === '/body' ? head(['Content-Length: 9'], 'half') : raw());
      const sent = [send(aborting), send(aborting, { path: '/body' }), send(aborting, { method: 'POST', body: '{}' })];
      while (server.requests.length < 3) await turns(1);
      await turns();
      over.abort();
      for (const exchange of await Promise.all(sent)) {
        expect(exchange).toMatchObject({ status: 0, failure: 'aborted', maybeApplied: true });
      }
      expect(await send(aborting)).toMatchObject({ status: 0, failure: 'aborted', maybeApplied: false });
      await aborting.close();
      await allClosed();
      expect(server.requests).toHaveLength(3);
    });

    test('aborts what is about to connect', async () => {
      const over = new AbortController();
      const aborting = openTo(open, server.origin, over.signal);
      const sent = send(aborting);
      over.abort();
      expect(await sent).toMatchObject({ status: 0, failure: 'aborted', maybeApplied: false });
      await turns();
      await aborting.close();
      await allClosed();
      expect(server.requests).toEqual([]);
    });

    test('is not gone past by sending again', async () => {
      const over = new AbortController();
      const aborting = openTo(open, server.origin, over.signal);
      await send(aborting);
      await turns();
      server.answer = () => raw();
      const sent = send(aborting);
      while (server.requests.length < 2) await turns(1);
      server.connections[0]!.socket.resetAndDestroy();
      over.abort();
      expect(await sent).toMatchObject({ status: 0, failure: 'aborted' });
      await turns();
      await aborting.close();
      await turns();
      await allClosed();
      expect(server.requests).toHaveLength(2);
    });
  });

  describe('close', () => {
    test('ends what is in flight, and every connection', async () => {
      server.answer = ({ path }) => (path === '/none' ? raw() : ok());
      await send(transport);
      const sent = send(transport, { path: '/none' });
      while (server.requests.length < 2) await turns(1);
      await transport.close();
      expect(await sent).toMatchObject({ status: 0, failure: 'aborted', maybeApplied: true });
      await allClosed();
    });

    test('ends what is about to connect', async () => {
      const sent = send(transport);
      await transport.close();
      expect((await sent).failure).toBe('aborted');
      await turns();
      await allClosed();
      expect(server.requests).toEqual([]);
    });

    test('ends what is about to connect, and does not try the next address', async () => {
      const endpoint = { ...localEndpoint(server.origin), addresses: ['127.0.0.1', '127.0.0.1', '127.0.0.1'] };
      const { signal } = new AbortController();
      const many = open({ endpoint, connectTimeoutUs: microsFromMs(1000), clock, signal });
      const sent = [send(many), send(many), send(many)];
      await many.close();
      for (const { failure } of await Promise.all(sent)) expect(failure).toBe('aborted');
      await turns(20);
      await allClosed();
      expect(server.requests).toEqual([]);
    });

    test('leaves nothing to send on', async () => {
      await transport.close();
      expect(await send(transport)).toMatchObject({ status: 0, failure: 'aborted', maybeApplied: false });
      expect(server.connections).toEqual([]);
    });

    test('may be asked for twice', async () => {
      expect((await send(transport)).status).toBe(200);
      await Promise.all([transport.close(), transport.close()]);
      await transport.close();
      await allClosed();
    });
  });

  // Through a proxy it is the proxy that connects, and it tells in an answer what came of it: see proxy.test.ts.
  describe.skipIf(name.includes('proxy'))('connecting', () => {
    test('to nobody fails as connect, surely not applied', async () => {
      const gone = await RawServer.open(() => ok());
      const { origin } = gone;
      await gone.close();
      const refusing = openTo(open, origin);
      const exchange = await send(refusing, { method: 'POST', body: '{}' });
      expect(exchange).toMatchObject({ status: 0, failure: 'connect', maybeApplied: false, resent: false });
      expect(exchange.detail).toContain('ECONNREFUSED');
      await refusing.close();
    });

    test('takes no longer than it may', async () => {
      const deaf = await listenWithoutAccepting();
      try {
        const waiting = openTo(open, `http://127.0.0.1:${deaf.port}`, undefined, 150);
        const started = clock.now();
        expect(await send(waiting)).toMatchObject({ status: 0, failure: 'connect', maybeApplied: false });
        expect(clock.now() - started).toBeGreaterThanOrEqual(140_000);
        expect(clock.now() - started).toBeLessThan(10_000_000);
        await waiting.close();
      } finally {
        await deaf.close();
      }
    });
  });

  describe('of an answer', () => {
    test('nothing is kept that nobody reads', async () => {
      server.answer = () => hello('X-A: 1');
      expect(await send(transport, { keep: 'status' })).toMatchObject({ status: 200, head: '', body: '' });
      expect(await send(transport, { keep: 'head' })).toMatchObject({
        head: '\r\nx-a: 1\r\ncontent-length: 5',
        body: '',
      });
      expect(await send(transport, { keep: 'body' })).toMatchObject({ body: 'hello' });
    });

    test('the same head is kept as often as it is asked for, and only then', async () => {
      server.answer = () => hello('X-A: 1');
      for (const keep of ['status', 'head', 'status', 'status', 'head', 'body', 'head'] as const) {
        const exchange = await send(transport, { keep });
        expect(exchange.head).toBe(keep === 'status' ? '' : '\r\nx-a: 1\r\ncontent-length: 5');
        expect(exchange.body).toBe(keep === 'body' ? 'hello' : '');
      }
    });

    test('a head is known again for what it is: statuses, lengths and methods in turn', async () => {
      const heads = [
        ['HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\n', 'abc'],
        ['HTTP/1.1 201 OK\r\nContent-Length: 3\r\n\r\n', 'abd'],
        ['HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n', 'ab'],
        ['HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\n', 'xyz'],
        ['HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n', '1\r\na\r\n0\r\n\r\n'],
        ['HTTP/1.1 304 OK\r\n\r\n', ''],
      ] as const;
      for (let at = 0; at < 60; at++) {
        const method = at % 7 === 3 ? 'HEAD' : 'GET';
        const [text, body] = heads[(at * at + (at >> 2)) % heads.length]!;
        server.answer = () => raw(method === 'HEAD' ? text : text + body);
        const exchange = await send(transport, { method });
        expect(exchange.failure).toBeUndefined();
        expect(exchange.status).toBe(Number(text.slice(9, 12)));
        expect(exchange.body).toBe(method === 'HEAD' ? '' : body.startsWith('1\r') ? 'a' : body);
        await server.settled();
      }
    });

    test.each([
      ['gzip', gzipSync('{"tea":"té"}')],
      ['GZIP', gzipSync('{"tea":"té"}')],
      ['br', brotliCompressSync('{"tea":"té"}')],
      ['identity', Buffer.from('{"tea":"té"}')],
    ])('a body in %s is decoded where somebody reads it', async (coding, body) => {
      server.answer = () => coded(coding, body);
      expect(await send(transport)).toMatchObject({ status: 200, body: '{"tea":"té"}', failure: undefined });
      expect(await send(transport, { keep: 'head' })).toMatchObject({ status: 200, body: '' });
      expect(server.connections).toHaveLength(1);
    });

    test.each(['gzip', 'br', 'unheard-of'])(
      'a body that is no valid %s is refused, if somebody reads it',
      async (coding) => {
        server.answer = () => coded(coding, Buffer.from('nonsense'));
        expect(await send(transport)).toMatchObject({ status: 0, failure: 'protocol' });
        expect(await send(transport, { keep: 'status' })).toMatchObject({ status: 200, failure: undefined });
      },
    );

    test('a body in gzip that is cut off inside is refused', async () => {
      server.answer = () => coded('gzip', gzipSync('hello'.repeat(100)).subarray(0, -9));
      expect(await send(transport)).toMatchObject({ status: 0, failure: 'protocol' });
    });

    test('an empty body in gzip is an empty body', async () => {
      server.answer = () => coded('gzip', Buffer.alloc(0));
      expect(await send(transport)).toMatchObject({ status: 200, body: '', failure: undefined });
    });

    test.each([
      ['gzip', gzipSync(Buffer.alloc(largest + 1))],
      ['br', brotliCompressSync(Buffer.alloc(largest + 1))],
    ])('a body in %s of more than 1 MiB is refused, if somebody reads it', async (coding, body) => {
      server.answer = () => coded(coding, body);
      expect(await send(transport)).toMatchObject({
        status: 0,
        failure: 'protocol',
        detail: expect.stringContaining('larger than 1 MiB') as string,
      });
      expect(await send(transport, { keep: 'status' })).toMatchObject({ status: 200, failure: undefined });
    });

    test.each([
      ['a length', (size: number) => followed(head([`Content-Length: ${size}`]), 'x'.repeat(size))],
      ['one chunk', (size: number) => inChunks(`${size.toString(16)}\r\n${'x'.repeat(size)}\r\n0\r\n\r\n`)],
      [
        'many chunks',
        (size: number) =>
          inChunks(
            `${`400\r\n${'x'.repeat(1024)}\r\n`.repeat(size >> 10)}${size % 1024}\r\n${'x'.repeat(size % 1024)}\r\n${size % 1024 > 0 ? '0\r\n\r\n' : ''}`,
          ),
      ],
      ['no length', (size: number): Answer => ({ ...followed(head([]), 'x'.repeat(size)), end: 'fin' })],
    ])('a body with %s of more than 1 MiB is refused, if somebody reads it', async (_framing, of) => {
      server.answer = () => of(largest);
      expect((await send(transport)).body).toBe('x'.repeat(largest));
      server.answer = () => of(largest + 1);
      expect(await send(transport)).toMatchObject({
        status: 0,
        failure: 'protocol',
        detail: expect.stringContaining('larger than 1 MiB') as string,
      });
      await server.connections.at(-1)!.closed();
      expect(await send(transport, { keep: 'status' })).toMatchObject({ status: 200, failure: undefined });
    });

    test('a body of 8 MiB is an answer, if nobody reads it', async () => {
      const piece = Buffer.alloc(64 * 1024, 'x');
      server.answer = () =>
        followed(head([`Content-Length: ${8 * largest}`]), ...Array.from<Bytes>({ length: 128 }).fill(piece));
      expect(await send(transport, { keep: 'head' })).toMatchObject({ status: 200, body: '', failure: undefined });
      server.answer = () => ok();
      expect((await send(transport)).body).toBe('next');
      expect(server.connections).toHaveLength(1);
    });
  });
});

/** A port on which the system takes no more connections: somebody listens and never accepts, and the backlog is full. */
const listenWithoutAccepting = async (): Promise<{ readonly port: number; close(): Promise<void> }> => {
  const worker = new Worker(
    `const { parentPort } = require('node:worker_threads');
     const server = require('node:net').createServer().listen({ port: 0, host: '127.0.0.1', backlog: 1 }, () => {
       parentPort.postMessage(server.address().port);
       Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);
     });`,
    { eval: true },
  );
  const port = await new Promise<number>((resolve) => void worker.once('message', resolve));
  const sockets: Socket[] = [];
  for (let isTaken = true; isTaken;) {
    isTaken = await new Promise<boolean>((resolve) => {
      const socket = connect(port, '127.0.0.1', () => resolve(true));
      sockets.push(socket.on('error', () => undefined));
      // What the system has taken by then is heard of first, however late this timer is.
      setTimeout(() => setImmediate(() => resolve(false)), 100);
    });
  }
  return {
    port,
    close: async () => {
      for (const socket of sockets) socket.destroy();
      await worker.terminate();
    },
  };
};
