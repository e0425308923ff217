import { createServer } from 'node:http';
import { createServer as createHttpsServer, type ServerOptions } from 'node:https';
import type { AddressInfo, Server } from 'node:net';
import { afterEach, describe, expect, test } from 'vitest';
import type { Endpoint } from '../../src/core/slot.ts';
import { microsFromMs } from '../../src/core/units.ts';
import type { OpenTransport, Transport } from '../../src/measure/transport/transport.ts';
import { http2 as http2Over } from '../../src/measure/transport/http2/http2.ts';
import { freePort } from '../redis.ts';
import { Http2Server, saying } from './http2-server.ts';
import { ca, clientPem, serverPem } from './pem.ts';
import { TestProxy, type ProxyOptions } from './proxy.ts';
import { clock, direct, send } from './transport-rig.ts';

const closing: (() => Promise<void> | void)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).toReversed()) await close();
});

const proxyWith = async (options: ProxyOptions = {}): Promise<TestProxy> => {
  const proxy = await TestProxy.open(options);
  closing.push(async () => proxy.close());
  return proxy;
};

const listening = async (server: Server): Promise<number> => {
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
  closing.push(() => void server.close());
  return (server.address() as AddressInfo).port;
};

/** Servers that tell which host they were asked for, and what came with it. */
const plainPort = async (): Promise<number> =>
  listening(
    createServer((request, response) =>
      response
        .setHeader('connection', 'close')
        .end(`${request.headers.host} ${request.url} ${request.headers['proxy-authorization']}`),
    ),
  );
const securePort = async (options: ServerOptions = {}): Promise<number> =>
  listening(
    createHttpsServer({ key: serverPem, cert: serverPem, ...options }, (request, response) =>
      response
        .setHeader('connection', 'close')
        .end(`${request.headers.host} ${request.url} ${request.headers['proxy-authorization']}`),
    ),
  );

const http2: OpenTransport = (options) =>
  http2Over({ ...options, http2: { streams: 100, connections: 1, mayFallBack: true } });

const transportTo = (open: OpenTransport, endpoint: Partial<Endpoint>): Transport => {
  const transport = open({
    endpoint: { origin: '', addresses: ['127.0.0.1'], tls: { insecure: false, ca }, ...endpoint },
    connectTimeoutUs: microsFromMs(10_000),
    clock,
    signal: new AbortController().signal,
  });
  closing.push(async () => transport.close());
  return transport;
};

describe.each([...direct, ['HTTP/2', http2] as const])('%s', (name, open) => {
  const isHttp2 = name === 'HTTP/2';

  test('goes to https in a tunnel, which the proxy gives for credentials that the target never sees', async () => {
    const proxy = await proxyWith({ credentials: 'us@er:p:w' });
    const port = await securePort();
    const url = proxy.url.replace('//', '//us%40er:p%3Aw@');
    const transport = transportTo(open, { origin: `https://shop.test:${port}`, proxy: url });
    const exchange = await send(transport, { path: '/a' });
    expect(exchange).toMatchObject({ status: 200, body: `shop.test:${port} /a undefined` });
    expect(exchange.connectUs).toBeGreaterThan(0);
    expect(proxy.asked).toEqual([`CONNECT shop.test:${port} HTTP/1.1 (us@er:p:w)`]);
  });

  test.skipIf(isHttp2)('goes to http in the absolute form, with credentials in each request', async () => {
    const proxy = await proxyWith({ credentials: 'user:word' });
    const port = await plainPort();
    const url = proxy.url.replace('//', '//user:word@');
    const transport = transportTo(open, { origin: `http://shop.test:${port}/v1`, proxy: url });
    expect((await send(transport, { path: '/a?b=c' })).body).toBe(`shop.test:${port} /v1/a?b=c Basic dXNlcjp3b3Jk`);
    expect((await send(transport, { path: '/x', isWholePath: true })).body).toContain(' /x ');
    expect(proxy.asked[0]).toBe(`GET http://shop.test:${port}/v1/a?b=c HTTP/1.1 (user:word)`);
  });

  test('speaks TLS with a proxy of https, and within it with the target', async () => {
    const proxy = await proxyWith({ pem: serverPem });
    const port = await securePort();
    const transport = transportTo(open, { origin: `https://shop.test:${port}`, proxy: proxy.url });
    expect(await send(transport)).toMatchObject({ status: 200 });
    expect(await send(transport)).toMatchObject({ status: 200 });
    const stranger = transportTo(open, {
      origin: `https://shop.test:${port}`,
      proxy: proxy.url,
      tls: { insecure: false },
    });
    const refused = await send(stranger);
    expect(refused).toMatchObject({ status: 0, failure: 'tls', maybeApplied: false });
    expect(refused.detail).toContain(`proxy ${proxy.url}: `);
  });

  test.each<readonly [string, ProxyOptions, string]>([
    ['wants credentials', { credentials: 'a:b' }, 'it requires credentials (407): http://user:password@…'],
    ['refuses the way', { refusal: '502 Bad Gateway' }, 'no way to shop.test:443: 502 Bad Gateway'],
  ])('fails as connect where the proxy %s', async (_what, options, detail) => {
    const proxy = await proxyWith(options);
    const transport = transportTo(open, { origin: 'https://shop.test', proxy: proxy.url });
    expect(await send(transport, { method: 'POST', body: '{}' })).toMatchObject({
      status: 0,
      failure: 'connect',
      maybeApplied: false,
      resent: false,
      detail: `proxy ${proxy.url}: ${detail}`,
    });
  });

  test('fails as connect where the proxy is not there, does not answer, or is none', async () => {
    const nobody = `http://127.0.0.1:${await freePort()}`;
    const gone = await send(transportTo(open, { origin: 'https://shop.test', proxy: nobody }));
    expect(gone).toMatchObject({ failure: 'connect', maybeApplied: false });
    expect(gone.detail).toMatch(/^proxy http:\/\/127\.0\.0\.1:\d+: .*ECONNREFUSED/);
    const wrong = await proxyWith({ refusal: 'x' });
    const answered = await send(transportTo(open, { origin: 'https://shop.test', proxy: wrong.url }));
    expect(answered).toMatchObject({ failure: 'connect' });
    expect(answered.detail).toContain('the server there is not an HTTP proxy');
  });

  test('tells the target’s certificate from the proxy’s', async () => {
    const proxy = await proxyWith();
    const port = await securePort();
    const exchange = await send(transportTo(open, { origin: `https://other.test:${port}`, proxy: proxy.url }));
    expect(exchange).toMatchObject({ status: 0, failure: 'tls', maybeApplied: false });
    expect(exchange.detail).not.toContain('proxy');
    expect(exchange.detail).toContain('other.test');
  });

  describe('to another place than the target’s host and port', () => {
    test('asks for the target’s name all the same', async () => {
      const port = await securePort();
      const dial = { host: '127.0.0.1', port };
      const transport = transportTo(open, { origin: 'https://shop.test/v1', dial });
      expect((await send(transport, { path: '/a' })).body).toBe('shop.test /v1/a undefined');
    });

    test('goes through a tunnel, also to http, since no other way has a word for it', async () => {
      const proxy = await proxyWith();
      const dial = { host: '127.0.0.1', port: isHttp2 ? await securePort() : await plainPort() };
      const origin = `http${isHttp2 ? 's' : ''}://shop.test`;
      const transport = transportTo(open, { origin, dial, proxy: proxy.url });
      expect((await send(transport, { path: '/a' })).body).toBe('shop.test /a undefined');
      expect(proxy.asked).toEqual([`CONNECT 127.0.0.1:${dial.port} HTTP/1.1`]);
    });
  });

  test.each([false, true])('shows its certificate to the target (through a proxy: %s)', async (isThrough) => {
    const proxy = await proxyWith();
    const port = await securePort({ ca, requestCert: true, rejectUnauthorized: true });
    const tls = { insecure: false, ca, cert: clientPem, key: clientPem };
    const origin = `https://shop.test:${port}`;
    const transport = transportTo(open, { origin, tls, ...(isThrough ? { proxy: proxy.url } : {}) });
    expect(await send(transport)).toMatchObject({ status: 200 });
  });

  test.each([false, true])('trusts authorities beside those that it knows (through a proxy: %s)', async (isThrough) => {
    const proxy = await proxyWith();
    const origin = `https://shop.test:${await securePort()}`;
    const through = isThrough ? { proxy: proxy.url } : {};
    for (const trust of [{ extraCa: ca }, { ca: clientPem, extraCa: ca }]) {
      const tls = { insecure: false, ...trust };
      expect(await send(transportTo(open, { origin, tls, ...through }))).toMatchObject({ status: 200 });
    }
    const tls = { insecure: false, extraCa: clientPem };
    expect(await send(transportTo(open, { origin, tls, ...through }))).toMatchObject({ failure: 'tls' });
  });
});

test('HTTP/2 through a proxy is HTTP/2', async () => {
  const server = await Http2Server.open(saying('two'));
  closing.push(async () => server.close());
  const proxy = await proxyWith();
  const transport = transportTo(http2, { origin: server.origin, proxy: proxy.url });
  expect(await send(transport)).toMatchObject({ status: 200, body: 'two' });
  expect(transport.httpVersion).toBe('2');
  expect(proxy.asked).toEqual([`CONNECT shop.test:${server.port} HTTP/1.1`]);
});
