import type { Socket } from 'node:net';
import { buildConnector, Client, type Dispatcher } from 'undici';
import type { Clock } from '../../core/clock.ts';
import { messageOf } from '../../core/errors.ts';
import { micros, type Micros } from '../../core/units.ts';
import type { User } from '../iteration/user.ts';
import type { OpenTransport, RequestParts, Transport, TransportOptions } from './transport.ts';
import { classOf } from './undici-failure.ts';

/** Deadlines are swept, not armed one by one: a timer per request costs more than the request's own bookkeeping. */
const sweepsPerTimeout = 50;
const sweepMs = { least: 5, most: 100 };

/**
 * HTTP/1.1 through undici: one `Client` for each connection, so that a request's connection is known and nothing queues.
 *
 * @cost about 20 µs of CPU per request, nearly all of it undici's own
 */
export const undici: OpenTransport = (options) => {
  const { origin, pathname } = new URL(options.target);
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
    const { clock } = this.#options;
    const { hostname, host, protocol, port } = new URL(this.#origin);
    const opened = Array.from(
      { length: connections },
      async () =>
        new Promise<Micros | undefined>((resolve) => {
          const startedUs = clock.now();
          this.#connect({ hostname: hostname.replace(/^\[|\]$/gu, ''), host, protocol, port }, (_error, socket) => {
            if (socket === null) return resolve(undefined);
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
    this.#connect(options, (...result) => {
      connection.connectUs = clock.now() - startedUs;
      callback(...result);
    });
  }

  #sweep(): void {
    const nowUs = this.#options.clock.now();
    for (const connection of this.#all) if (connection.deadlineUs <= nowUs) connection.interrupt('timeout');
  }

  readonly #abortAll = (): void => {
    for (const connection of this.#all) connection.interrupt('aborted');
  };
}

/** One connection and the one request on it: its own dispatch handler, so that a request allocates no handler. */
class Connection implements Dispatcher.DispatchHandler {
  readonly client: Client;
  deadlineUs = Infinity;
  connectUs = -1;
  readonly #clock: Clock;
  #user: User | undefined;
  #settle: (() => void) | undefined;
  #abort: ((error: Error) => void) | undefined;
  #interruption: 'timeout' | 'aborted' | undefined;
  #timeoutUs = 0;
  #keep = { head: false, body: false };
  #chunks: Buffer[] = [];

  constructor(clock: Clock, client: Client) {
    this.#clock = clock;
    this.client = client;
  }

  async send(
    user: User,
    options: Dispatcher.DispatchOptions,
    keep: { head: boolean; body: boolean },
    timeoutUs: number,
  ): Promise<void> {
    const { exchange } = user;
    exchange.status = 0;
    exchange.failure = undefined;
    exchange.maybeApplied = false;
    this.#user = user;
    this.#keep = keep;
    this.#timeoutUs = timeoutUs;
    this.#abort = undefined;
    this.#interruption = undefined;
    this.connectUs = -1;
    return new Promise((resolve) => {
      this.#settle = resolve;
      this.client.dispatch(options, this);
    });
  }

  /** Ends the request that is under way, if any, with this failure. */
  interrupt(why: 'timeout' | 'aborted'): void {
    if (this.#user === undefined) return;
    this.#interruption = why;
    const error = new Error(why);
    if (this.#abort !== undefined) this.#abort(error);
    // Not on a connection yet. The client fails its queue; as it cannot be used again, so does this connection.
    else void this.client.destroy(error);
  }

  onConnect(abort: (error?: Error) => void): void {
    const { exchange } = this.#user!;
    exchange.sentUs = this.#clock.now();
    exchange.maybeApplied = true;
    this.deadlineUs = exchange.sentUs + this.#timeoutUs;
    this.#abort = abort;
  }

  onHeaders(status: number, headers: Buffer[]): boolean {
    if (status < 200) return true;
    const { exchange } = this.#user!;
    exchange.status = status;
    if (this.#keep.head) exchange.head = headText(headers);
    return true;
  }

  onData(chunk: Buffer): boolean {
    if (this.#keep.body) this.#chunks.push(chunk);
    return true;
  }

  onComplete(): void {
    const { exchange } = this.#user!;
    if (this.#keep.body) {
      exchange.body = this.#chunks.length === 1 ? this.#chunks[0]!.toString() : Buffer.concat(this.#chunks).toString();
    }
    this.#end();
  }

  onError(error: Error): void {
    const { exchange } = this.#user!;
    if (this.#abort === undefined) exchange.sentUs = this.#clock.now();
    exchange.status = 0;
    exchange.failure = this.#interruption ?? classOf(error, this.#abort !== undefined);
    exchange.detail =
      this.#interruption === 'timeout' ? `no answer within ${this.#timeoutUs / 1000} ms` : messageOf(error);
    this.#end();
  }

  #end(): void {
    const { exchange } = this.#user!;
    exchange.doneUs = this.#clock.now();
    exchange.connectUs = this.connectUs;
    this.deadlineUs = Infinity;
    this.#user = undefined;
    if (this.#chunks.length > 0) this.#chunks = [];
    this.#settle!();
  }
}

const withBase = (base: string, path: RequestParts['path']): RequestParts['path'] => {
  if (base === '') return path;
  return typeof path === 'string' ? base + path : (user) => base + path(user);
};

const headText = (headers: readonly Buffer[]): string => {
  let text = '';
  for (let at = 0; at + 1 < headers.length; at += 2) {
    text += `\r\n${headers[at]!.toString('latin1').toLowerCase()}: ${headers[at + 1]!.toString('latin1')}`;
  }
  return text;
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
