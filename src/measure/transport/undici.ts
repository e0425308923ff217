import type { Socket } from 'node:net';
import { buildConnector, Client, type Dispatcher } from 'undici';
import type { Clock } from '../../core/clock.ts';
import { micros, type Micros } from '../../core/units.ts';
import type { User } from '../iteration/user.ts';
import type { OpenTransport, RequestParts, Transport, TransportOptions } from './transport.ts';
import { Connection } from './undici-connection.ts';

/** Deadlines are swept, not armed one by one: a timer per request costs more than the request's own bookkeeping. */
const sweepsPerTimeout = 50;
const sweepMs = { least: 5, most: 100 };

/**
 * HTTP/1.1 through undici: one `Client` for each connection, so that a request's connection is known and nothing queues.
 *
 * @cost about 20 µs of CPU per request, nearly all of it undici's own
 */
export const undici: OpenTransport = (options) => {
  const { origin, pathname } = new URL(options.endpoint.origin);
  return new UndiciTransport(origin, pathname.replace(/\/$/u, ''), options);
};

class UndiciTransport implements Transport {
  readonly #origin: string;
  readonly #base: string;
  readonly #options: TransportOptions;
  readonly #connect: buildConnector.connector;
  /** Last in, first out: idle connections stay idle, and few of them are in use. */
  readonly #idle: Connection[] = [];
  readonly #all: Connection[] = [];
  readonly #spare: Socket[] = [];
  /** On their way: a run that ends does not wait for them. */
  readonly #connecting = new Set<Socket>();
  #sweeping: NodeJS.Timeout | undefined;
  #sweepEveryMs: number = sweepMs.most;

  constructor(origin: string, base: string, options: TransportOptions) {
    this.#origin = origin;
    this.#base = base;
    this.#options = options;
    this.#connect = buildConnector({ timeout: options.connectTimeoutUs / 1000 });
    options.signal.addEventListener('abort', this.#abortAll, { once: true });
  }

  async open(connections: number): Promise<readonly Micros[]> {
    const { clock, signal } = this.#options;
    if (signal.aborted) return [];
    const { hostname, host, protocol, port } = new URL(this.#origin);
    const opened = Array.from(
      { length: connections },
      async () =>
        new Promise<Micros | undefined>((resolve) => {
          const startedUs = clock.now();
          this.#dial({ hostname: hostname.replace(/^\[|\]$/gu, ''), host, protocol, port }, (_error, socket) => {
            // `null`, say the types; in fact there is none.
            if (!socket) return resolve(undefined);
            // Between here and its first use nobody else listens: a reset then only makes it unfit, see #socket.
            socket.on('error', () => undefined);
            this.#spare.push(socket);
            return resolve(micros(clock.now() - startedUs));
          });
        }),
    );
    return (await Promise.all(opened)).filter((time) => time !== undefined);
  }

  prepare(request: RequestParts): (user: User) => Promise<void> {
    const { method, headers, body, timeoutUs } = request;
    const path = withBase(this.#base, request.path);
    const keep = { head: request.keep !== 'status', body: request.keep === 'body' };
    const constant = headers.every(([, value]) => typeof value === 'string')
      ? headers.flatMap(([name, value]) => [name, value as string])
      : undefined;
    this.#sweepEveryMs = Math.min(this.#sweepEveryMs, Math.max(sweepMs.least, timeoutUs / 1000 / sweepsPerTimeout));
    return async (user) => {
      const options: Dispatcher.DispatchOptions = {
        method,
        path: typeof path === 'string' ? path : path(user),
        headers:
          constant ?? headers.flatMap(([name, value]) => [name, typeof value === 'string' ? value : value(user)]),
        body: body === undefined ? null : typeof body === 'string' ? body : body(user),
      };
      if (this.#options.signal.aborted) return abortedUnsent(user, this.#options.clock);
      this.#sweeping ??= setInterval(() => this.#sweep(), this.#sweepEveryMs).unref();
      const connection = this.#idle.pop() ?? this.#newConnection();
      await connection.send(user, options, keep, timeoutUs);
      this.#idle.push(connection);
    };
  }

  async close(): Promise<void> {
    clearInterval(this.#sweeping);
    this.#options.signal.removeEventListener('abort', this.#abortAll);
    for (const socket of this.#spare) socket.destroy();
    this.#hangUp();
    await Promise.all(this.#all.map(async (connection) => connection.client.destroy()));
  }

  #newConnection(): Connection {
    const connection: Connection = new Connection(
      this.#options.clock,
      new Client(this.#origin, {
        connect: (options, callback) => this.#socket(connection, options, callback),
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

  /** A connection that was opened beforehand, if one is left and still open; else a new one, whose time is the request's `connect`. */
  #socket(connection: Connection, options: buildConnector.Options, callback: buildConnector.Callback): void {
    for (let socket = this.#spare.pop(); socket !== undefined; socket = this.#spare.pop()) {
      if (socket.destroyed || !socket.writable) continue;
      const open = socket;
      // Not at once: undici is in the midst of its queue and would not look at it again.
      return queueMicrotask(() => callback(null, open));
    }
    const { clock } = this.#options;
    const startedUs = clock.now();
    connection.isDialling = true;
    this.#dial(options, (...result) => {
      connection.isDialling = false;
      connection.connectUs = clock.now() - startedUs;
      callback(...result);
    });
  }

  #dial(options: buildConnector.Options, callback: buildConnector.Callback): void {
    // The types do not say so, but it gives the socket that it opens: the only way to stop it before its own time limit.
    const dial = this.#connect as (...args: Parameters<buildConnector.connector>) => Socket;
    const socket = dial(options, (...result) => {
      this.#connecting.delete(socket);
      callback(...result);
    });
    this.#connecting.add(socket);
  }

  #hangUp(): void {
    for (const socket of this.#connecting) socket.destroy(new Error('the slot was over'));
  }

  #sweep(): void {
    const nowUs = this.#options.clock.now();
    for (const connection of this.#all) if (connection.deadlineUs <= nowUs) connection.interrupt('timeout');
  }

  readonly #abortAll = (): void => {
    for (const connection of this.#all) connection.interrupt('aborted');
    this.#hangUp();
  };
}

const withBase = (base: string, path: RequestParts['path']): RequestParts['path'] => {
  if (base === '') return path;
  return typeof path === 'string' ? base + path : (user) => base + path(user);
};

const abortedUnsent = ({ exchange }: User, clock: Clock): void => {
  exchange.sentUs = clock.now();
  exchange.doneUs = exchange.sentUs;
  exchange.connectUs = -1;
  exchange.status = 0;
  exchange.failure = 'aborted';
  exchange.maybeApplied = false;
  exchange.detail = 'the slot was over';
};
