import type { Socket } from 'node:net';
import { Client, type buildConnector, type Dispatcher } from 'undici';
import type { Clock } from '../../../core/clock.ts';
import { asLatin1, writable } from '../../../core/octets.ts';
import { isSafe } from '../../../core/plan/plan.ts';
import type { ConnectionCounts } from '../../../core/recording/recording.ts';
import type { User } from '../../user.ts';
import { Answering } from '../connect/answering.ts';
import { diallerOf, type Dialler } from '../connect/dial.ts';
import { Keeping } from '../connect/keeping.ts';
import { Lending, moment } from '../connect/lending.ts';
import { parseOrigin, type Origin } from '../connect/origin.ts';
import { routeOf, type Route } from '../connect/route.ts';
import type { OpenTransport, Payload, RequestParts, Send, Transport, TransportOptions } from '../transport.ts';
import { connectFailure, detailOf } from '../failure.ts';
import { Connection, type Keep } from './connection.ts';
import { asTarget } from '../target.ts';
import { unsent } from '../unsent.ts';

/** Deadlines are swept, not armed one by one: a timer per request costs more than the request's own bookkeeping. */
const sweepsPerTimeout = 50;
const sweepMs = { least: 5, most: 100 };

/**
 * HTTP/1.1 through undici: one `Client` for each connection, so that a request's connection is known and nothing queues.
 *
 * @cost about 20 µs of CPU per request, nearly all of it undici's own
 */
export const undici: OpenTransport = (options) => new UndiciTransport(parseOrigin(options.endpoint.origin), options);

class UndiciTransport implements Transport {
  readonly httpVersion = '1.1';
  /** Without the base, which undici does not accept. */
  readonly #origin: string;
  readonly #base: string;
  readonly #options: TransportOptions;
  readonly #route: Route;
  readonly #dialler: Dialler;
  readonly #lending: Lending<Connection>;
  readonly #answering = new Answering();
  readonly #keeping = new Keeping();
  readonly #all = new Set<Connection>();
  #sweeping: NodeJS.Timeout | undefined;
  #sweepEveryMs: number = sweepMs.most;
  #isClosed = false;

  constructor(origin: Origin, options: TransportOptions) {
    this.#origin = `http${origin.isSecure ? 's' : ''}://${origin.host}`;
    this.#base = origin.base;
    this.#options = options;
    this.#route = routeOf(options.endpoint, origin);
    this.#dialler = diallerOf(options, this.#route);
    this.#lending = new Lending({
      open: async () => this.#connectionOn(await this.#dialler.dial()),
      clock: options.clock,
      timeoutUs: options.connectTimeoutUs,
      keeping: this.#keeping,
    });
    options.signal.addEventListener('abort', this.#abortAll, { once: true });
  }

  get connections(): ConnectionCounts {
    return { ...this.#answering.counts, ...this.#keeping.counts };
  }

  prepare(request: RequestParts): Send {
    const { method, optional = [], body, timeoutUs } = request;
    const { ahead, headers: ofProxy } = this.#route;
    const taken = new Set(request.headers.map(([name]) => name));
    const headers = [...request.headers, ...ofProxy.filter(([name]) => !taken.has(name))];
    const path = withBase(request.isWholePath === true ? ahead : ahead + this.#base, request.path);
    const keep = { head: request.keep !== 'status', body: request.keep === 'body', kept: 0 };
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
    if (this.#isOver()) return abortedUnsent(user, this.#options.clock);
    this.#sweeping ??= setInterval(() => this.#sweep(), this.#sweepEveryMs).unref();
    user.exchange.connectUs = -1;
    const connection = (await this.#kept(isSafe(options.method))) ?? (await this.#wait(user));
    if (connection === undefined) return undefined;
    await connection.send(user, options, keep, timeoutUs);
    connection.isNew = false;
    if (connection.isOpen) this.#lending.giveBack(connection);
    else connection.discard();
    return undefined;
  }

  /** An idle connection. For a request that may only be sent once, it is known not to have been closed right after the last answer. */
  async #kept(isIdempotent: boolean): Promise<Connection | undefined> {
    for (;;) {
      const connection = this.#lending.take(isIdempotent);
      if (connection === undefined || isIdempotent || !this.#lending.isDoubtful(connection)) return connection;
      await moment();
      if (connection.isOpen) return connection;
      connection.discard();
    }
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    clearInterval(this.#sweeping);
    this.#options.signal.removeEventListener('abort', this.#abortAll);
    this.#abortAll();
    for (const connection of this.#all) connection.discard();
  }

  async together(requests: number, send: (openedUs: number) => void): Promise<void> {
    return this.#lending.together(requests, send);
  }

  closeIdle(): void {
    this.#lending.closeIdle();
  }

  /** @returns `undefined` if there is none to be had: the exchange then says why */
  async #wait(user: User): Promise<Connection | undefined> {
    const { clock } = this.#options;
    const { exchange } = user;
    const startedUs = clock.now();
    exchange.resent = false;
    try {
      for (;;) {
        const connection = await this.#lending.wait(false);
        exchange.connectUs = clock.now() - startedUs;
        if (connection.isOpen) return connection;
      }
    } catch (error) {
      exchange.connectUs = clock.now() - startedUs;
      if (this.#isOver()) unsent(exchange, clock, 'aborted', 'the slot was over');
      else unsent(exchange, clock, connectFailure(error as Error), detailOf(error as Error));
      // As in `wire`: a failure that comes at once must leave the event loop its turn.
      await new Promise((resolve) => setImmediate(resolve));
      return undefined;
    }
  }

  #connectionOn(socket: Socket): Connection {
    const connection: Connection = new Connection(
      this.#options.clock,
      socket,
      this.#answering,
      this.#keeping,
      new Client(this.#origin, {
        connect: (_options, callback) => this.#socketFor(connection, callback),
        // undici decides nothing here: deadlines are this transport's, and idle connections stay.
        headersTimeout: 0,
        bodyTimeout: 0,
        keepAliveTimeout: 3_600_000,
        keepAliveMaxTimeout: 3_600_000,
      }),
      () => this.#all.delete(connection),
    );
    this.#all.add(connection);
    return connection;
  }

  /**
   * The socket that it was made on; or a new one if that turned out to be closed, with the time it takes counted as the
   * request's `connect`.
   */
  #socketFor(connection: Connection, callback: buildConnector.Callback): void {
    const open = connection.takeSocket();
    if (open !== undefined) {
      // Not at once: undici is still working on its queue and would not look at it again.
      return queueMicrotask(() => callback(null, open));
    }
    const { clock } = this.#options;
    const startedUs = clock.now();
    connection.isDialling = true;
    const dialled = (...[error, socket]: Parameters<buildConnector.Callback>): void => {
      connection.dialled(clock.now() - startedUs, socket ?? undefined);
      callback(...([error, socket] as Parameters<buildConnector.Callback>));
    };
    this.#dialler.dial().then(
      (socket) => dialled(null, socket),
      (error) => dialled(error as Error, null),
    );
    return undefined;
  }

  #sweep(): void {
    const nowUs = this.#options.clock.now();
    for (const connection of this.#all) if (connection.deadlineUs <= nowUs) connection.interrupt('timeout');
    this.#lending.sweep(nowUs);
  }

  readonly #abortAll = (): void => {
    for (const connection of this.#all) connection.interrupt('aborted');
    this.#dialler.hangUp();
    this.#lending.end(new Error('the slot was over'));
  };

  #isOver(): boolean {
    return this.#isClosed || this.#options.signal.aborted;
  }
}

/** In the form that a request line may have. */
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
