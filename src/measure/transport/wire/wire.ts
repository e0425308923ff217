import type { Socket } from 'node:net';
import { isSafe } from '../../../core/plan/plan.ts';
import type { ConnectionCounts } from '../../../core/recording/recording.ts';
import type { After, End, User } from '../../user.ts';
import { Answering } from '../connect/answering.ts';
import { diallerOf, type Dialler } from '../connect/dial.ts';
import { Keeping } from '../connect/keeping.ts';
import { Lending, moment } from '../connect/lending.ts';
import { connectFailure, detailOf } from '../failure.ts';
import { parseOrigin, type Origin } from '../connect/origin.ts';
import { routeOf, type Route } from '../connect/route.ts';
import type { OpenTransport, RequestParts, Send, Transport, TransportOptions } from '../transport.ts';
import { WireConnection, type Pool, type WireRequest } from './connection.ts';
import { HeadMemo } from './memo.ts';
import { compileWritten } from './request.ts';
import { unsent } from '../unsent.ts';

/** Deadlines are swept, not armed one by one: a timer per request costs more than the request's own bookkeeping. */
const sweepsPerTimeout = 50;
const sweepMs = { least: 5, most: 100 };

const pieceBytes = 64 * 1024;

/**
 * HTTP/1.1 by contend itself, over node:net and node:tls.
 *
 * @cost about 10 µs of CPU per request, two thirds of it in the kernel
 */
export const wire: OpenTransport = (options) => wireOn(options);

/** A transport that can also take over a connection that another one has opened and found to speak HTTP/1.1. */
export interface Adopting extends Transport {
  /** @returns the function to call with what the socket reads, which is overwritten afterwards */
  adopt(socket: Socket): (size: number, bytes: Buffer) => void;
}

/** {@link wire}, able to adopt connections. */
export const wireOn = (options: TransportOptions): Adopting =>
  new WireTransport(parseOrigin(options.endpoint.origin), options);

const complete: After = () => 'completed';

/** The same request, but the target is to close the connection after it. */
const closing = (parts: RequestParts): RequestParts => ({
  ...parts,
  headers: [...parts.headers, ['connection', 'close']],
});

class WireTransport implements Adopting {
  readonly httpVersion = '1.1';
  readonly #origin: Origin;
  readonly #options: TransportOptions;
  readonly #route: Route;
  readonly #dialler: Dialler;
  /** Where every socket's data is put: it is taken in before the next socket reads. */
  readonly #piece = Buffer.allocUnsafeSlow(pieceBytes);
  readonly #lending: Lending<WireConnection>;
  readonly #answering = new Answering();
  readonly #keeping = new Keeping();
  readonly #all = new Set<WireConnection>();
  #sweeping: NodeJS.Timeout | undefined;
  #sweepEveryMs: number = sweepMs.most;
  #isClosed = false;
  readonly #pool: Pool;

  constructor(origin: Origin, options: TransportOptions) {
    this.#origin = origin;
    this.#options = options;
    this.#route = routeOf(options.endpoint, origin);
    this.#dialler = diallerOf(options, this.#route);
    this.#lending = new Lending({
      open: async () => this.#connection(),
      clock: options.clock,
      timeoutUs: options.connectTimeoutUs,
      keeping: this.#keeping,
    });
    this.#pool = {
      free:
        options.keepAlive === false
          ? (connection) => connection.discard()
          : (connection) => this.#lending.giveBack(connection),
      lost: (connection) => void this.#all.delete(connection),
      again: async (...resent) => this.#sendAnew(...resent, true),
    };
    options.signal.addEventListener('abort', this.#abortAll, { once: true });
  }

  get connections(): ConnectionCounts {
    return { ...this.#answering.counts, ...this.#keeping.counts };
  }

  prepare(parts: RequestParts): Send {
    const { method, keep, timeoutUs } = parts;
    const request: WireRequest = {
      keep,
      timeoutUs,
      isHead: method === 'HEAD',
      isIdempotent: isSafe(method),
      memo: new HeadMemo(this.#piece),
      kept: 0,
    };
    this.#sweepEveryMs = Math.min(this.#sweepEveryMs, Math.max(sweepMs.least, timeoutUs / 1000 / sweepsPerTimeout));
    const asked = this.#options.keepAlive === false ? closing(parts) : parts;
    const written = compileWritten(asked, this.#origin, this.#route);
    return typeof written === 'function'
      ? (user, answered = complete) => this.#send(user, request, written(user), answered)
      : (user, answered = complete) => this.#send(user, request, written, answered);
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

  adopt(socket: Socket): (size: number, bytes: Buffer) => void {
    const connection = this.#connectionOn(socket);
    this.#lending.adopt(connection);
    return (size, bytes) => connection.read(size, bytes);
  }

  closeIdle(): void {
    this.#lending.closeIdle();
  }

  // Not async, and neither is what it calls: a promise that waits for another costs half a microsecond.
  #send(user: User, request: WireRequest, bytes: Buffer | string, answered: After): Promise<End> {
    const { exchange } = user;
    exchange.connectUs = -1;
    exchange.resent = false;
    if (this.#isOver()) {
      this.#fail(user, 'aborted', 'the slot was over');
      return Promise.resolve(answered(user));
    }
    this.#sweeping ??= setInterval(() => this.#sweep(), this.#sweepEveryMs).unref();
    const connection = this.#lending.take(request.isIdempotent);
    if (connection === undefined) return this.#sendAnew(user, request, bytes, answered, false);
    if (!request.isIdempotent && this.#lending.isDoubtful(connection)) {
      return this.#sendIfKept(connection, user, request, bytes, answered);
    }
    return connection.send(user, request, bytes, answered);
  }

  /** Reads what comes right after an answer, such as an end, before the next request is written. */
  async #sendIfKept(
    connection: WireConnection,
    user: User,
    request: WireRequest,
    bytes: Buffer | string,
    answered: After,
  ): Promise<End> {
    await moment();
    return connection.isOpen
      ? connection.send(user, request, bytes, answered)
      : this.#send(user, request, bytes, answered);
  }

  async #sendAnew(
    user: User,
    request: WireRequest,
    bytes: Buffer | string,
    answered: After,
    mustBeNew: boolean,
  ): Promise<End> {
    const startedUs = this.#options.clock.now();
    for (;;) {
      const connection = await this.#wait(user, startedUs, mustBeNew);
      if (connection === undefined) return answered(user);
      if (connection.isOpen) return connection.send(user, request, bytes, answered);
    }
  }

  /** @returns `undefined` if there is none to be had: the exchange then says why */
  async #wait(user: User, sinceUs: number, mustBeNew: boolean): Promise<WireConnection | undefined> {
    const { clock } = this.#options;
    try {
      const connection = await this.#lending.wait(mustBeNew);
      user.exchange.connectUs = clock.now() - sinceUs;
      return connection;
    } catch (error) {
      user.exchange.connectUs = clock.now() - sinceUs;
      if (this.#isOver()) this.#fail(user, 'aborted', 'the slot was over');
      else this.#fail(user, connectFailure(error as Error), detailOf(error as Error));
      // It may have failed without a turn of the event loop, as with EMFILE: users that try again at once would leave it no
      // time for the answers of others, nor for timers and signals.
      await new Promise((resolve) => setImmediate(resolve));
      return undefined;
    }
  }

  async #connection(): Promise<WireConnection> {
    let connection: WireConnection | undefined;
    const socket = await this.#dialler.dial({
      piece: this.#piece,
      read: (size, bytes) => connection?.read(size, bytes),
    });
    connection = this.#connectionOn(socket);
    return connection;
  }

  #connectionOn(socket: Socket): WireConnection {
    const connection = new WireConnection(
      socket,
      this.#options.clock,
      this.#pool,
      this.#answering.open(),
      this.#keeping,
    );
    this.#all.add(connection);
    return connection;
  }

  #fail({ exchange }: User, failure: User['failure'], detail: string): void {
    unsent(exchange, this.#options.clock, failure, detail);
  }

  #isOver(): boolean {
    return this.#isClosed || this.#options.signal.aborted;
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
}
