import { rm } from 'node:fs/promises';
import { createServer as createHttpServer, type RequestListener, type Server } from 'node:http';
import { createServer as createHttpsServer, type ServerOptions } from 'node:https';
import {
  createServer as createTcpServer,
  type AddressInfo,
  type ListenOptions,
  type Server as TcpServer,
  type Socket,
} from 'node:net';
import { networkInterfaces } from 'node:os';
import { join } from 'node:path';
import type { TLSSocket } from 'node:tls';
import { afterEach, describe, expect, test } from 'vitest';
import type { Credentials, Endpoint } from '../../src/core/slot.ts';
import { microsFromMs } from '../../src/core/units.ts';
import type { Exchange } from '../../src/measure/user.ts';
import { resolveAddresses } from '../../src/measure/transport/connect/address.ts';
import type { OpenTransport, Transport } from '../../src/measure/transport/transport.ts';
import { socketFolder } from '../temporary/socket.ts';
import { ca, clientPem, serverPem } from './pem.ts';
import { direct, clock, send } from './transport-rig.ts';

const hasIpv6 = Object.values(networkInterfaces()).some((addresses) =>
  addresses?.some(({ address }) => address === '::1'),
);
const withoutIpv6 = (skip: (reason: string) => void): void => {
  if (!hasIpv6) skip('this machine has no IPv6');
};

const closing: (() => Promise<void> | void)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).toReversed()) await close();
});

const listening = async (server: TcpServer, on: ListenOptions = { host: '127.0.0.1' }): Promise<number> => {
  await new Promise<void>((resolve) => void server.listen(on.path === undefined ? { port: 0, ...on } : on, resolve));
  closing.push(() => {
    if ('closeAllConnections' in server) (server as unknown as Server).closeAllConnections();
    server.close();
  });
  return on.path === undefined ? (server.address() as AddressInfo).port : 0;
};

const hello: RequestListener = (_request, response) => void response.end('hello');

/** The handshakes that a server saw through to their end. */
interface Secure {
  readonly port: number;
  readonly handshakes: { readonly servername: string | false; readonly resumed: boolean; readonly client: string }[];
}

const secureServer = async (options: ServerOptions = {}, on?: ListenOptions): Promise<Secure> => {
  const handshakes: Secure['handshakes'] = [];
  const server = createHttpsServer({ key: serverPem, cert: serverPem, ...options }, (_request, response) => {
    response.setHeader('connection', 'close').end('hello');
  });
  server.on('secureConnection', (socket: TLSSocket & { servername?: string | false }) => {
    handshakes.push({
      servername: socket.servername ?? false,
      resumed: socket.isSessionReused(),
      client: String(socket.getPeerCertificate().subject?.CN),
    });
  });
  return { port: await listening(server, on), handshakes };
};

const transportTo = (open: OpenTransport, endpoint: Partial<Endpoint>, connectTimeoutMs = 10_000): Transport => {
  const transport = open({
    endpoint: { origin: '', addresses: ['127.0.0.1'], tls: { insecure: false }, ...endpoint },
    connectTimeoutUs: microsFromMs(connectTimeoutMs),
    clock,
    signal: new AbortController().signal,
  });
  closing.push(async () => transport.close());
  return transport;
};

describe.each(direct)('%s', (_name, open) => {
  const ask = async (origin: string, tls: Partial<Credentials> = {}): Promise<Exchange> =>
    send(transportTo(open, { origin, tls: { insecure: false, ...tls } }));
  const greeted = { status: 200, body: 'hello', failure: undefined };
  const refused = { status: 0, failure: 'tls', maybeApplied: false };

  describe('a certificate', () => {
    test('that nobody vouches for is refused', async () => {
      const { port } = await secureServer();
      const exchange = await ask(`https://shop.test:${port}`);
      expect(exchange).toMatchObject(refused);
      expect(exchange.detail).toContain('unable to verify');
    });

    test('is taken once its authority is given', async () => {
      const { port } = await secureServer();
      expect(await ask(`https://shop.test:${port}`, { ca })).toMatchObject(greeted);
    });

    test('is taken as it is where that was asked for', async () => {
      const { port } = await secureServer();
      expect(await ask(`https://other.test:${port}`, { insecure: true })).toMatchObject(greeted);
    });

    test('for another name is refused', async () => {
      const { port } = await secureServer();
      const exchange = await ask(`https://other.test:${port}`, { ca });
      expect(exchange).toMatchObject(refused);
      expect(exchange.detail).toContain('other.test');
    });

    test('is verified against the address where the target is one', async () => {
      const { port, handshakes } = await secureServer();
      expect(await ask(`https://127.0.0.1:${port}`, { ca })).toMatchObject(greeted);
      expect(handshakes.map(({ servername }) => servername)).toEqual([false]);
      expect(await ask(`https://127.0.0.2:${port}`, { ca })).toMatchObject(refused);
    });

    test('is verified against the name that was given in place of the host', async () => {
      const { port, handshakes } = await secureServer();
      expect(await ask(`https://127.0.0.1:${port}`, { ca, servername: 'shop.test' })).toMatchObject(greeted);
      expect(handshakes.map(({ servername }) => servername)).toEqual(['shop.test']);
      expect(await ask(`https://shop.test:${port}`, { ca, servername: 'other.test' })).toMatchObject(refused);
      expect(await ask(`https://other.test:${port}`, { ca, servername: '127.0.0.1' })).toMatchObject(greeted);
      expect(await ask(`https://shop.test:${port}`, { ca, servername: '192.0.2.1' })).toMatchObject(refused);
    });
  });

  test('a server hears the name that it is asked for', async () => {
    const { port, handshakes } = await secureServer();
    await ask(`https://shop.test:${port}`, { ca });
    expect(handshakes.map(({ servername }) => servername)).toEqual(['shop.test']);
  });

  describe('a server that asks for a certificate', () => {
    const asking: ServerOptions = { ca, requestCert: true, rejectUnauthorized: true };

    test('gets it', async () => {
      const { port, handshakes } = await secureServer(asking);
      expect(await ask(`https://shop.test:${port}`, { ca, cert: clientPem, key: clientPem })).toMatchObject(greeted);
      expect(handshakes.map(({ client }) => client)).toEqual(['contend test client']);
    });

    // With TLS 1.3 the client is done before the server has looked: the alert comes on an open connection.
    test.each(['TLSv1.2', 'TLSv1.3'] as const)('refuses a client without one (%s)', async (version) => {
      const { port } = await secureServer({ ...asking, maxVersion: version });
      const exchange = await ask(`https://shop.test:${port}`, { ca });
      expect(['tls', 'reset', 'connect']).toContain(exchange.failure);
      expect(exchange.status).toBe(0);
    });
  });

  test.each(['TLSv1.2', 'TLSv1.3'] as const)('a session is used again (%s)', async (version) => {
    const { port, handshakes } = await secureServer({ maxVersion: version });
    const transport = transportTo(open, { origin: `https://shop.test:${port}`, tls: { insecure: false, ca } });
    for (let at = 0; at < 3; at++) expect(await send(transport)).toMatchObject(greeted);
    expect(handshakes.map(({ resumed }) => resumed)).toEqual([false, true, true]);
  });

  test('a server that does not speak TLS is a failure of kind tls', async () => {
    const port = await listening(createHttpServer(hello));
    expect(await ask(`https://127.0.0.1:${port}`)).toMatchObject(refused);
  });

  describe('a unix socket', () => {
    const socketPath = (): string => {
      const folder = socketFolder();
      closing.push(async () => rm(folder, { recursive: true }));
      return join(folder, 'shop.sock');
    };

    test('is a target, with a base before its paths and localhost for its host', async () => {
      const path = socketPath();
      const asked: string[] = [];
      await listening(
        createHttpServer((request, response) => {
          asked.push(`${request.headers.host} ${request.url}`);
          response.end('hello');
        }),
        { path },
      );
      const transport = transportTo(open, { origin: `http://unix:${path}:/v1`, addresses: [] });
      expect(await send(transport, { path: '/a' })).toMatchObject(greeted);
      expect(asked).toEqual(['localhost /v1/a']);
    });

    test('may speak TLS', async () => {
      const path = socketPath();
      await secureServer({}, { path });
      const endpoint = { origin: `https://unix:${path}`, addresses: [], tls: { insecure: false, ca } };
      expect(await send(transportTo(open, endpoint))).toMatchObject(greeted);
    });

    test('that does not exist is a failure of kind connect', async () => {
      const transport = transportTo(open, { origin: `http://unix:${socketPath()}`, addresses: [] });
      expect(await send(transport)).toMatchObject({ status: 0, failure: 'connect', maybeApplied: false });
    });
  });

  describe('addresses', () => {
    const resolved = async (origin: string, tls: Partial<Credentials> = {}): Promise<Transport> =>
      transportTo(open, { origin, addresses: await resolveAddresses(origin), tls: { insecure: false, ...tls } });
    const closes: RequestListener = (_request, response) => void response.setHeader('connection', 'close').end('hello');

    test('of IPv6 are taken, in plain and with TLS', async ({ skip }) => {
      withoutIpv6(skip);
      const port = await listening(createHttpServer(hello), { host: '::1' });
      expect(await send(await resolved(`http://[::1]:${port}`))).toMatchObject(greeted);
      const secure = await secureServer({}, { host: '::1' });
      expect(await send(await resolved(`https://[::1]:${secure.port}`, { ca }))).toMatchObject(greeted);
    });

    test.for(['127.0.0.1', '::1'])(
      'of localhost are both tried: a server on %s alone is found',
      async (host, { skip }) => {
        if (host === '::1') withoutIpv6(skip);
        const port = await listening(createHttpServer(closes), { host });
        const transport = await resolved(`http://localhost:${port}`);
        for (let at = 0; at < 4; at++) expect(await send(transport)).toMatchObject(greeted);
      },
    );

    test('are used in turn', async ({ skip }) => {
      withoutIpv6(skip);
      const seen: string[] = [];
      const server = createHttpServer(closes).on('connection', (socket) => seen.push(socket.localAddress!));
      const port = await listening(server, { host: '::', ipv6Only: false });
      const transport = transportTo(open, { origin: `http://shop.test:${port}`, addresses: ['127.0.0.1', '::1'] });
      for (let at = 0; at < 8; at++) expect(await send(transport)).toMatchObject(greeted);
      expect(seen.filter((address) => address === '::1')).toHaveLength(4);
      expect(seen.filter((address) => address === '::ffff:127.0.0.1')).toHaveLength(4);
    });

    test('that say nothing leave time for the others', async ({ skip }) => {
      withoutIpv6(skip);
      const { port } = await secureServer({}, { host: '::1' });
      const held: Socket[] = [];
      const mute = createTcpServer((socket) => void held.push(socket.on('error', () => undefined)));
      closing.push(() => held.forEach((socket) => socket.destroy()));
      await listening(mute, { host: '127.0.0.1', port });
      const origin = `https://localhost:${port}`;
      const endpoint = { origin, addresses: ['127.0.0.1', '::1'], tls: { insecure: false, ca } };
      const exchange = await send(transportTo(open, endpoint, 1200));
      expect(exchange).toMatchObject(greeted);
      expect(exchange.connectUs).toBeGreaterThan(500_000);
    });

    test('of which one answers with a certificate that nobody vouches for fail as tls', async ({ skip }) => {
      withoutIpv6(skip);
      const { port } = await secureServer({}, { host: '::1' });
      for (const addresses of [
        ['127.0.0.1', '::1'],
        ['::1', '127.0.0.1'],
      ]) {
        const transport = transportTo(open, { origin: `https://localhost:${port}`, addresses });
        expect(await send(transport)).toMatchObject(refused);
      }
    });

    test('at none of which anybody listens fail as connect, in the words of the first that says something', async () => {
      const gone = createHttpServer();
      const port = await listening(gone);
      gone.close();
      const transport = transportTo(open, { origin: `http://localhost:${port}`, addresses: ['::1', '127.0.0.1'] });
      const exchange = await send(transport);
      expect(exchange).toMatchObject({ status: 0, failure: 'connect', maybeApplied: false });
      expect(exchange.detail).toContain('ECONNREFUSED');
    });
  });
});
