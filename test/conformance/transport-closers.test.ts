import type { AddressInfo, Socket } from 'node:net';
import { createServer as createTlsServer } from 'node:tls';
import { afterEach, describe, expect, test } from 'vitest';
import type { ConnectionCounts } from '../../src/core/recording/recording.ts';
import { microsFromMs } from '../../src/core/units.ts';
import { newUser } from '../../src/measure/user.ts';
import type { OpenTransport, Transport } from '../../src/measure/transport/transport.ts';
import { ca, serverPem } from './pem.ts';
import { RawServer } from './raw-server.ts';
import { clock, direct, ok, openTo, request } from './transport-rig.ts';

const closing: (() => Promise<void> | void)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).toReversed()) await close();
});

const users = 4;

/** Has each user send so many requests, one after the other; gives the failures. */
const load = async (transport: Transport, method: string, each: number): Promise<string[]> => {
  const send = transport.prepare(request({ method, ...(method === 'POST' ? { body: '{}' } : {}) }));
  const failures: string[] = [];
  const one = async (index: number): Promise<void> => {
    const user = newUser(index, 0);
    for (let at = 0; at < each; at++) {
      await send(user);
      if (user.exchange.failure !== undefined) failures.push(`${user.exchange.failure}: ${user.exchange.detail}`);
    }
  };
  await Promise.all(Array.from({ length: users }, (_, index) => one(index)));
  return failures;
};

/** Ends a connection behind its so many-th answer, in this way, without having said so. */
const closers: readonly (readonly [title: string, end: (socket: Socket) => void])[] = [
  ['at once', (socket) => socket.end()],
  ['by a reset', (socket) => socket.resetAndDestroy()],
  ['a moment later', (socket) => setTimeout(() => socket.end(), 2)],
];

const closerOf = async (after: number, end: (socket: Socket) => void): Promise<RawServer> => {
  const counts = new Map<number, number>();
  const server = await RawServer.open(({ connection }) => {
    const count = (counts.get(connection) ?? 0) + 1;
    counts.set(connection, count);
    if (count < after) return ok();
    const { socket } = server.connections[connection]!;
    // It answers no more, whatever still comes.
    if (count > after) return { chunks: [] };
    return { chunks: [...ok().chunks].map((chunk) => (socket.write(chunk), end(socket), '')) };
  });
  closing.push(async () => server.close());
  return server;
};

describe.each(direct)('%s', (_name, open) => {
  describe.each([1, 3])('a target that closes each connection after answer %i and does not say so', (after) => {
    test.each(closers)('%s: costs a POST for each connection at most, and then no more', async (_how, end) => {
      const server = await closerOf(after, end);
      const transport = openTo(open, server.origin);
      closing.push(async () => transport.close());
      const first = await load(transport, 'POST', 3 * after);
      expect(first.length).toBeLessThanOrEqual(2 * users);
      for (const failure of first) expect(failure).toMatch(/^reset: /u);
      const { closed, closedAnswers, closedLost } = transport.connections!;
      // The last ones may still be on their way.
      expect(closed).toBeGreaterThanOrEqual(1);
      expect(closedAnswers).toBe(after * closed);
      expect(closedLost).toBe(first.length);
      expect(await load(transport, 'POST', 3 * after)).toEqual([]);
      expect(transport.connections!.closedLost).toBe(first.length);
    });

    test('answers every GET, few of which are sent again', async () => {
      const server = await closerOf(after, (socket) => socket.end());
      const transport = openTo(open, server.origin);
      closing.push(async () => transport.close());
      expect(await load(transport, 'GET', 6 * after)).toEqual([]);
      expect(transport.connections!.closedLost).toBeLessThanOrEqual(2 * users);
    });
  });

  test('a target that keeps its connections, closes some or says that it closes is none of those', async () => {
    let count = 0;
    for (const script of [
      () => ok(),
      () => ({ ...ok(), ...(++count % 7 === 0 ? { end: 'fin' as const } : {}) }),
      () => ({ chunks: ['HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 0\r\n\r\n'], end: 'fin' as const }),
    ]) {
      const server = await RawServer.open(script);
      const transport = openTo(open, server.origin);
      closing.push(
        async () => server.close(),
        async () => transport.close(),
      );
      expect(await load(transport, 'GET', 10)).toEqual([]);
      expect(transport.connections!.closedAnswers).toBe(0);
    }
  });
});

describe.each(direct)('over TLS, %s', (_name, open) => {
  /** A server that answers without a length and then ends the connection. */
  const serving = async (answer: string, end: (secure: Socket, raw: Socket) => void): Promise<string> => {
    const raws = new Map<number | undefined, Socket>();
    const server = createTlsServer({ key: serverPem, cert: serverPem }, (socket) => {
      socket.on('error', () => undefined);
      socket.once('data', () => socket.write(answer, () => end(socket, raws.get(socket.remotePort)!)));
    });
    server.on('connection', (raw: Socket) => raws.set(raw.remotePort, raw));
    await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
    closing.push(() => void server.close());
    return `https://shop.test:${(server.address() as AddressInfo).port}`;
  };

  const countsOf = async (origin: string, from: OpenTransport): Promise<ConnectionCounts> => {
    const transport = from({
      endpoint: { origin, addresses: ['127.0.0.1'], tls: { insecure: false, ca } },
      connectTimeoutUs: microsFromMs(5000),
      clock,
      signal: new AbortController().signal,
    });
    closing.push(async () => transport.close());
    expect(await load(transport, 'GET', 3)).toEqual([]);
    return transport.connections!;
  };

  const untilEnd = 'HTTP/1.1 200 OK\r\n\r\nhello';

  test.each<readonly [string, string, (secure: Socket, raw: Socket) => void, number]>([
    ['the end of the connection is not announced', untilEnd, (_secure, raw) => raw.destroySoon(), 3 * users],
    ['it is not, and comes later', untilEnd, (_secure, raw) => setTimeout(() => raw.destroySoon(), 20), 3 * users],
    ['it is announced with the body', untilEnd, (secure) => secure.end(), 0],
    ['it is announced later', untilEnd, (secure) => setTimeout(() => secure.end(), 20), 0],
    [
      'a length tells where the body ends',
      'HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 5\r\n\r\nhello',
      (_secure, raw) => raw.destroySoon(),
      0,
    ],
  ])('a body counts as maybe cut off where %s', async (_title, answer, end, unclosed) => {
    expect(await countsOf(await serving(answer, end), open)).toMatchObject({ unclosed });
  });
});
