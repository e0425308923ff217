import type { Socket } from 'node:net';
import { Client, type buildConnector, type Dispatcher } from 'undici';
import type { Clock } from '../../../core/clock.ts';
import { asLatin1, writable } from '../../../core/octets.ts';
import { micros, type Micros } from '../../../core/units.ts';
import type { User } from '../../user.ts';
import { http2Over } from '../http2/http2.ts';
import { diallerOf, type Dialler } from '../connect/dial.ts';
import { parseOrigin, type Origin } from '../connect/origin.ts';
import { routeOf, type Route } from '../connect/route.ts';
import type { OpenTransport, Payload, RequestParts, Send, Transport, TransportOptions } from '../transport.ts';
import { Connection, type Keep } from './connection.ts';
import { asTarget } from '../target.ts';
import { unsent } from '../unsent.ts';

/** Deadlines are swept, not armed one by one: a timer per request costs more than the request's own bookkeeping. */
const sweepsPerTimeout = 50;
const sweepMs = { least: 5, most: 100 };

/** How many connections are opened at a time: beyond what a server's backlog holds, they wait a second for their next try. */
const dialsAtOnce = 128;

/**
 * HTTP/1.1 through undici: one `Client` for each connection, so that a request's connection is known and nothing queues.
 * HTTP/2, where it is asked for and spoken, is not left to undici: docs/decisions says why.
 *
 * @cost about 20 µs of CPU per request, nearly all of it undici's own
 */
export const undici: OpenTransport = (options) => {
  const plain = (): UndiciTransport => new UndiciTransport(parseOrigin(options.endpoint.origin), options);
  const { http2 } = options;
  return http2 === undefined ? plain() : http2Over({ ...options, http2 }, plain);
};

class UndiciTransport implements Transport {
  readonly httpVersion = '1.1';
  /** Without the base, which undici does not take. */
  readonly #origin: string;
  readonly #base: string;
  readonly #options: TransportOptions;
  readonly #route: Route;
  readonly #dialler: Dialler;
  /** Last in, first out: idle connections stay idle, and few of them are in use. */
  readonly #idle: Connection[] = [];
  readonly #all: Connection[] = [];
  readonly #spare: Socket[] = [];
  #sweeping: NodeJS.Timeout | undefined;
  #sweepEveryMs: number = sweepMs.most;
  #isClosed = false;

  constructor(origin: Origin, options: TransportOptions) {
    this.#origin = `http${origin.isSecure ? 's' : ''}://${origin.host}`;
    this.#base = origin.base;
    this.#options = options;
    this.#route = routeOf(options.endpoint, origin);
    this.#dialler = diallerOf(options, this.#route);
    options.signal.addEventListener('abort', this.#abortAll, { once: true });
  }

  async open(connections: number): Promise<readonly Micros[]> {
    const { clock, signal, keepAlive } = this.#options;
    const opened: Micros[] = [];
    let left = keepAlive === false ? 0 : connections;
    const line = async (): Promise<void> => {
      while (left > 0 && !signal.aborted) {
        left--;
        const startedUs = clock.now();
        if (await this.#openSpare()) opened.push(micros(clock.now() - startedUs));
      }
    };
    await Promise.all(Array.from({ length: Math.min(connections, dialsAtOnce) }, line));
    return opened;
  }

  prepare(request: RequestParts): Send {
    const { method, optional = [], body, timeoutUs } = request;
    const { ahead, headers: ofProxy } = this.#route;
    const taken = new Set(request.headers.map(([name]) => name));
    const headers = [...request.headers, ...ofProxy.filter(([name]) => !taken.has(name))];
    const path = withBase(request.isWholePath === true ? ahead : ahead + this.#base, request.path);
    const keep = { head: request.keep !== 'status', body: request.keep === 'body' };
    const constant =
      optional.length === 0 && headers.every(([, value]) => typeof value === 'string')
        ? headers.flatMap(([name, value]) => [name, asLatin1(value as string)])
        : undefined;
    const reset = this.#options.keepAlive === false;
    this.#sweepEveryMs = Math.min(this.#sweepEveryMs, Math.max(sweepMs.least, timeoutUs / 1000 / sweepsPerTimeout));
    return (user, answered) => {
      const options: Dispatcher.DispatchOptions = {
        method,
        reset,
        path: typeof path === 'string' ? path : path(user),
        headers: constant ?? [
          ...headers.flatMap(([name, value]) => [name, asLatin1(typeof value === 'string' ? value : value(user))]),
          ...optional.flatMap(([name, make]) => {
            const value = make(user);
            return value === '' ? [] : [name, asLatin1(value)];
          }),
        ],
        body: body === undefined ? null : contentOf(body, user),
      };
      const sent = this.#send(user, options, keep, timeoutUs);
      return sent.then(() => (answered === undefined ? 'completed' : answered(user)));
    };
  }

  async #send(user: User, options: Dispatcher.DispatchOptions, keep: Keep, timeoutUs: number): Promise<void> {
    if (this.#isClosed || this.#options.signal.aborted) return abortedUnsent(user, this.#options.clock);
    this.#sweeping ??= setInterval(() => this.#sweep(), this.#sweepEveryMs).unref();
    const connection = this.#idle.pop() ?? this.#newConnection();
    await connection.send(user, options, keep, timeoutUs);
    this.#idle.push(connection);
    return undefined;
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    clearInterval(this.#sweeping);
    this.#options.signal.removeEventListener('abort', this.#abortAll);
    for (const socket of this.#spare) socket.destroy();
    this.#abortAll();
    await Promise.all(this.#all.map(async (connection) => connection.client.destroy()));
  }

  #newConnection(): Connection {
    const connection: Connection = new Connection(
      this.#options.clock,
      new Client(this.#origin, {
        connect: (_options, callback) => this.#socket(connection, callback),
        // Nothing of the server's business is decided here: a deadline is this transport's, an idle connection stays.
        headersTimeout: 0,
        bodyTimeout: 0,
        keepAliveTimeout: 3_600_000,
        keepAliveMaxTimeout: 3_600_000,
      }),
    );
    this.#all.push(connection);
    return connection;
  }

  async #openSpare(): Promise<boolean> {
    try {
      this.adopt(await this.#dialler.dial());
      return true;
    } catch {
      // What cannot be opened now fails at its first request, where it is counted.
      return false;
    }
  }

  /** Takes a connection to the target that somebody else has opened. */
  adopt(socket: Socket): void {
    // Between here and its first use nobody else listens: a reset then only makes it unfit, see #takeSpare.
    socket.on('error', () => undefined);
    this.#spare.push(socket);
  }

  /** A connection that was opened beforehand, if one is left and still open; else a new one, whose time is the request's `connect`. */
  #socket(connection: Connection, callback: buildConnector.Callback): void {
    const open = connection.isResending ? undefined : this.#takeSpare();
    if (open !== undefined) {
      connection.socket = open;
      // Not at once: undici is in the midst of its queue and would not look at it again.
      return queueMicrotask(() => callback(null, open));
    }
    const { clock } = this.#options;
    const startedUs = clock.now();
    connection.isDialling = true;
    const dialled = (...result: Parameters<buildConnector.Callback>): void => {
      connection.isDialling = false;
      connection.connectUs = clock.now() - startedUs;
      connection.socket = result[1] ?? undefined;
      callback(...result);
    };
    this.#dialler.dial().then(
      (socket) => dialled(null, socket),
      (error) => dialled(error as Error, null),
    );
    return undefined;
  }

  #takeSpare(): Socket | undefined {
    let socket = this.#spare.pop();
    while (socket !== undefined && (socket.destroyed || !socket.writable)) socket = this.#spare.pop();
    return socket;
  }

  #sweep(): void {
    const nowUs = this.#options.clock.now();
    for (const connection of this.#all) if (connection.deadlineUs <= nowUs) connection.interrupt('timeout');
  }

  readonly #abortAll = (): void => {
    for (const connection of this.#all) connection.interrupt('aborted');
    this.#dialler.hangUp();
  };
}

/** As a request line may have it. */
const withBase = (base: string, path: RequestParts['path']): RequestParts['path'] =>
  typeof path === 'string' ? asTarget(base + path) : (user) => asTarget(base + path(user));

const contentOf = (body: Payload, user: User): string | Buffer => {
  const content = typeof body === 'function' ? body(user) : body;
  return typeof content === 'string' ? writable(content) : content;
};

const abortedUnsent = ({ exchange }: User, clock: Clock): void => {
  unsent(exchange, clock, 'aborted', 'the slot was over');
  exchange.connectUs = -1;
  exchange.resent = false;
};
