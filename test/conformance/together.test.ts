import type { ServerHttp2Stream } from 'node:http2';
import { afterEach, describe, expect, test } from 'vitest';
import { newUser, type User } from '../../src/measure/user.ts';
import type { Transport } from '../../src/measure/transport/transport.ts';
import { http2 } from '../../src/measure/transport/http2/http2.ts';
import { microsFromMs } from '../../src/core/units.ts';
import { Http2Server } from './http2-server.ts';
import { ca } from './pem.ts';
import { RawServer, turns } from './raw-server.ts';
import { clock, direct, ok, openTo, request, send } from './transport-rig.ts';

const closing: (() => Promise<void> | void)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).toReversed()) await close();
});

const open = (make: () => Transport): Transport => {
  const transport = make();
  closing.push(async () => transport.close());
  return transport;
};

const users = (count: number): User[] => Array.from({ length: count }, (_, at) => newUser(at, 0));

/** Sends one request for each user at the same moment; gives what the transport said of opening, once all are answered. */
const sendTogether = async (transport: Transport, crew: readonly User[]) => {
  const prepared = transport.prepare(request());
  const sent: Promise<unknown>[] = [];
  let toldUs = -1;
  let isWrittenInTurn = false;
  await transport.together(crew.length, (openedUs) => {
    toldUs = openedUs;
    for (const { exchange } of crew) exchange.sentUs = microsFromMs(0);
    for (const user of crew) sent.push(prepared(user));
    // undici looks at a connection that was idle in the same turn, once it has read what came on it.
    process.nextTick(() =>
      setImmediate(() => {
        isWrittenInTurn = crew.every(({ exchange }) => exchange.sentUs > 0);
      }),
    );
  });
  await Promise.all(sent);
  // Who has found an open connection has opened none.
  const waited = crew.filter(({ exchange }) => exchange.connectUs >= 0).length;
  return { openedUs: toldUs, isWrittenInTurn, waited };
};

describe.each(direct)('requests that are sent together on %s', (_, make) => {
  test('go out in one turn, each on a connection of its own, which are all open before the first byte', async () => {
    const server = await RawServer.open(() => ok());
    closing.push(async () => server.close());
    const transport = open(() => openTo(make, server.origin));
    await send(transport);
    const crew = users(4);
    const first = await sendTogether(transport, crew);
    expect(crew.map(({ exchange }) => exchange.status)).toEqual([200, 200, 200, 200]);
    expect([first.isWrittenInTurn, first.waited]).toEqual([true, 0]);
    expect(first.openedUs).toBeGreaterThan(0);
    const connections = server.requests.slice(1).map(({ connection }) => connection);
    expect(connections.toSorted((a, b) => a - b)).toEqual([0, 1, 2, 3]);
    // Once they are open, nobody waits.
    const second = await sendTogether(transport, crew);
    expect(second).toEqual({ openedUs: 0, isWrittenInTurn: true, waited: 0 });
    expect(server.connections).toHaveLength(4);
  });

  test('are not kept waiting by those that others wait for, and others not by them', async () => {
    const server = await RawServer.open(() => ok());
    closing.push(async () => server.close());
    const transport = open(() => openTo(make, server.origin));
    const crews = [users(3), users(3), users(3)];
    const others = users(5);
    const prepared = transport.prepare(request());
    await Promise.all([
      ...crews.map(async (crew) => sendTogether(transport, crew)),
      ...others.map(async (user) => prepared(user)),
    ]);
    expect([...crews.flat(), ...others].map(({ exchange }) => exchange.status)).toEqual(
      Array.from({ length: 14 }, () => 200),
    );
    expect(server.requests).toHaveLength(14);
  });

  test('say why they were not sent where nobody listens', async () => {
    const server = await RawServer.open(() => ok());
    const { origin } = server;
    await server.close();
    const transport = open(() => openTo(make, origin));
    const crew = users(2);
    await sendTogether(transport, crew);
    expect(crew.map(({ exchange }) => [exchange.failure === undefined, exchange.maybeApplied])).toEqual([
      [false, false],
      [false, false],
    ]);
  });

  test('end as aborted where the slot is over', async () => {
    const server = await RawServer.open(() => ok());
    closing.push(async () => server.close());
    const over = new AbortController();
    const transport = open(() => openTo(make, server.origin, over.signal));
    over.abort();
    const crew = users(2);
    await sendTogether(transport, crew);
    expect(crew.map(({ exchange }) => exchange.failure)).toEqual(['aborted', 'aborted']);
  });
});

describe('over HTTP/2', () => {
  test('they are streams of one connection, also where another has room for some of them', async () => {
    const server = await Http2Server.open((stream) => stream.respond({ ':status': 204 }, { endStream: true }));
    closing.push(async () => server.close());
    const transport = open(() =>
      http2({
        endpoint: { origin: server.origin, addresses: ['127.0.0.1'], tls: { insecure: false, ca } },
        connectTimeoutUs: microsFromMs(5000),
        http2: { streams: 10, connections: 1, mayFallBack: false },
        clock,
        signal: new AbortController().signal,
      }),
    );
    const crew = users(4);
    const { openedUs } = await sendTogether(transport, crew);
    expect(openedUs).toBeGreaterThan(0);
    expect(crew.map(({ exchange }) => exchange.status)).toEqual([204, 204, 204, 204]);
    expect(server.sessions).toHaveLength(1);
    expect(await sendTogether(transport, crew)).toEqual({ openedUs: 0, isWrittenInTurn: true, waited: 0 });
    expect(server.sessions).toHaveLength(1);
    // Six that are not answered yet leave room for four.
    const held: ServerHttp2Stream[] = [];
    server.answer = (stream) => void held.push(stream);
    const prepared = transport.prepare(request());
    const busy = users(6).map(async (user) => prepared(user));
    while (held.length < 6) await turns(1);
    const before = server.requests.length;
    server.answer = (stream) => stream.respond({ ':status': 204 }, { endStream: true });
    await sendTogether(transport, users(5));
    const connections = new Set(server.requests.slice(before).map(({ connection }) => connection));
    expect([server.sessions.length, connections]).toEqual([2, new Set([1])]);
    for (const stream of held) stream.respond({ ':status': 204 }, { endStream: true });
    await Promise.all(busy);
  });
});
