import { micros, microsFromMs } from '../../src/core/units.ts';
import { newUser, type Exchange, type User } from '../../src/measure/user.ts';
import { transports } from '../../src/measure/transport/index.ts';
import type { OpenTransport, RequestParts, Transport } from '../../src/measure/transport/transport.ts';
import { localEndpoint } from '../measure/mode.ts';
import { TestProxy } from './proxy.ts';
import type { Answer } from './raw-server.ts';

type Named = readonly [name: string, open: OpenTransport];

/** Every transport that a scenario can name. */
export const direct: readonly Named[] = await Promise.all(
  Object.entries(transports).map(async ([name, load]): Promise<Named> => [name, await load()]),
);

/** One for the file that asks for it. */
const proxy = await TestProxy.open();

/** A transport by way of a proxy, which hands on what it gets byte for byte. */
export const viaProxy =
  (open: OpenTransport): OpenTransport =>
  (options) =>
    open({ ...options, endpoint: { ...options.endpoint, proxy: proxy.url, addresses: ['127.0.0.1'] } });

/** The same transports so. */
const throughProxy: readonly Named[] = direct.map(([name, open]): Named => [`${name} through a proxy`, viaProxy(open)]);

/** All of them. */
export const all: readonly Named[] = [...direct, ...throughProxy];

/** Real time; a few places need it to tell one moment from the next. */
export const clock = { now: () => micros(performance.now() * 1000) };

/** A transport to that origin, with five seconds to connect. */
export const openTo = (
  open: OpenTransport,
  origin: string,
  signal: AbortSignal = new AbortController().signal,
  connectTimeoutMs = 5000,
): Transport =>
  open({ endpoint: localEndpoint(origin), connectTimeoutUs: microsFromMs(connectTimeoutMs), clock, signal });

/** A GET of `/` that keeps the body, with five seconds to end. */
export const request = (parts: Partial<RequestParts> = {}): RequestParts => ({
  method: 'GET',
  path: '/',
  headers: [],
  keep: 'body',
  timeoutUs: microsFromMs(5000),
  ...parts,
});

/** Sends one request and gives what became of it. */
export const send = async (
  transport: Transport,
  parts: Partial<RequestParts> = {},
  user: User = newUser(0, 0),
): Promise<Exchange> => {
  await transport.prepare(request(parts))(user);
  return user.exchange;
};

/** A well-behaved answer. */
export const ok = (body = 'next'): Answer => ({
  chunks: [`HTTP/1.1 200 OK\r\nContent-Length: ${body.length}\r\n\r\n${body}`],
});
