import type { Socket } from 'node:net';
import type { TLSSocket } from 'node:tls';
import type { ConnectionCounts } from '../../../core/recording/recording.ts';
import type { After, End, User } from '../../user.ts';
import { diallerOf, type Dialler } from '../connect/dial.ts';
import { parseOrigin, type Origin } from '../connect/origin.ts';
import { routeOf } from '../connect/route.ts';
import { detailOf } from '../failure.ts';
import type { RequestParts, Send, Sharing, Transport, TransportOptions } from '../transport.ts';
import { unsent } from '../unsent.ts';
import { wireOn, type Adopting } from '../wire/wire.ts';
import { Http2Connection, type Pool } from './connection.ts';
import { noHttp2, openFailure } from './failure.ts';
import { Outbox } from './outbox.ts';
import { compileRequest, type Filled, type Http2Request } from './request.ts';
import { Spread } from './spread.ts';

/** Deadlines are swept, not armed one by one. */
const sweepsPerTimeout = 50;
const sweepMs = { least: 5, most: 100 };

/** How many connections are opened in a row at most: other requests may fill a new one first. */
const mostDials = 10;

const pieceBytes = 64 * 1024;

/** If a target ends this many connections in a row before anything is sent on them, it accepts nothing. */
const mostGone = 100;

/** What an HTTP/2 transport is made for. */
export type Http2TransportOptions = TransportOptions & {
  readonly http2: Sharing;
  /** The number of the first request of each connection, odd; 1 unless given. They end at 2^31 - 1. */
  readonly firstStream?: number;
};

/**
 * HTTP/2 by contend itself: over TLS as agreed there (ALPN), over TCP because the target is known to speak it (RFC 9113,
 * 3.3). Requests share connections. If the target speaks HTTP/1.1, and that is acceptable, `wire` takes over the connection.
 *
 * @cost about 6 µs of CPU per request, with many in flight on a connection
 */
export const http2 = (options: Http2TransportOptions): Transport =>
  new Http2Transport(parseOrigin(options.endpoint.origin), options);

const complete: After = () => 'completed';

class Http2Transport implements Transport {
  readonly #origin: Origin;
  readonly #options: Http2TransportOptions;
  readonly #dialler: Dialler;
  /** Where every socket's data is put: it is taken in before the next socket reads. */
  readonly #piece = Buffer.allocUnsafeSlow(pieceBytes);
  readonly #spread: Spread<Http2Connection>;
  readonly #pool: Pool;
  #requests = 0;
  #fallback: Adopting | undefined;
  /** The same requests on the fallback, by their number. */
  readonly #plain: Send[] = [];
  readonly #parts: RequestParts[] = [];
  /** The connection for requests that are sent together, while they are being sent. */
  #chosen: Http2Connection | undefined;
  #sweeping: NodeJS.Timeout | undefined;
  #sweepEveryMs: number = sweepMs.most;
  #isClosed = false;

  constructor(origin: Origin, options: Http2TransportOptions) {
    const { clock, connectTimeoutUs, endpoint, signal, http2: sharing, firstStream = 1 } = options;
    this.#origin = origin;
    this.#options = options;
    this.#dialler = diallerOf(options, routeOf(endpoint, origin, ['h2', 'http/1.1']));
    this.#spread = new Spread({ ...sharing, open: async () => this.#open() });
    this.#pool = {
      clock,
      outbox: new Outbox(),
      mostStreams: sharing.streams,
      firstStream,
      connectTimeoutUs,
      lost: (connection) => void this.#spread.all.delete(connection),
      again: async (...resent) => this.#sendWhenOpen(...resent),
    };
    signal.addEventListener('abort', this.#abortAll, { once: true });
  }

  get httpVersion(): '1.1' | '2' {
    return this.#fallback === undefined ? '2' : '1.1';
  }

  get connections(): ConnectionCounts | undefined {
    return this.#fallback?.connections;
  }

  prepare(parts: RequestParts): Send {
    const { timeoutUs } = parts;
    this.#sweepEveryMs = Math.min(this.#sweepEveryMs, Math.max(sweepMs.least, timeoutUs / 1000 / sweepsPerTimeout));
    const request = compileRequest(parts, this.#origin, this.#requests++);
    this.#parts.push(parts);
    return (user, answered = complete) =>
      this.#fallback === undefined
        ? this.#send(user, request, request.fill(user), answered)
        : this.#plainly(request)(user, answered);
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    clearInterval(this.#sweeping);
    this.#options.signal.removeEventListener('abort', this.#abortAll);
    this.#abortAll();
    for (const connection of this.#spread.all) connection.discard();
    await this.#fallback?.close();
  }

  async together(requests: number, send: (openedUs: number) => void): Promise<void> {
    const { clock } = this.#options;
    const sinceUs = clock.now();
    let connection = this.#spread.withRoom(requests);
    let dials = 0;
    for (; connection === undefined && dials < mostDials && !this.#isOver(); dials++) {
      if (this.#fallback !== undefined) break;
      const opened = await this.#spread.waitForAll(requests).catch(() => undefined);
      // One that accepts fewer at a time never has room for all of them.
      if (opened === undefined || opened.limit < requests) break;
      connection = opened.hasRoomFor(requests) ? opened : this.#spread.withRoom(requests);
    }
    if (this.#fallback !== undefined) return this.#fallback.together(requests, send);
    this.#chosen = connection;
    try {
      send(dials === 0 ? 0 : clock.now() - sinceUs);
    } finally {
      this.#chosen = undefined;
    }
    return undefined;
  }

  closeIdle(): void {
    // An HTTP/2 connection is shared, and keeps no one waiting.
    this.#fallback?.closeIdle();
  }

  // Not async: a promise that waits for another costs half a microsecond.
  #send(user: User, request: Http2Request, filled: Filled, answered: After): Promise<End> {
    const { exchange } = user;
    exchange.connectUs = -1;
    exchange.resent = false;
    this.#sweeping ??= setInterval(() => this.#sweep(), this.#sweepEveryMs).unref();
    const connection = this.#isOver() ? undefined : (this.#chosen ?? this.#spread.take(user.index));
    return connection === undefined
      ? this.#sendWhenOpen(user, request, filled, answered, 0)
      : connection.send(user, request, filled, answered, 0);
  }

  async #sendWhenOpen(user: User, request: Http2Request, filled: Filled, answered: After, sent: number): Promise<End> {
    for (let gone = 0; ;) {
      if (this.#isOver()) {
        unsent(user.exchange, this.#options.clock, 'aborted', 'the slot was over');
        return answered(user);
      }
      // Others that waited for the same connection may have filled it.
      const connection = this.#spread.take(user.index) ?? (await this.#wait(user));
      if (connection === undefined) {
        return this.#fallback === undefined ? answered(user) : viaFallback(user, answered, this.#plainly(request));
      }
      if (connection.hasRoom) return connection.send(user, request, filled, answered, sent);
      if (!connection.isOpen && ++gone >= mostGone) {
        unsent(user.exchange, this.#options.clock, 'reset', connection.whyGone);
        return answered(user);
      }
    }
  }

  /** @returns `undefined` if there is none to be had: the exchange then says why, unless the target speaks HTTP/1.1 */
  async #wait(user: User): Promise<Http2Connection | undefined> {
    const { clock } = this.#options;
    const { exchange } = user;
    const startedUs = clock.now();
    const before = Math.max(0, exchange.connectUs);
    try {
      const connection = await this.#spread.wait(user.index);
      exchange.connectUs = before + clock.now() - startedUs;
      return connection;
    } catch (error) {
      exchange.connectUs = before + clock.now() - startedUs;
      if (this.#isOver()) unsent(exchange, clock, 'aborted', 'the slot was over');
      else unsent(exchange, clock, openFailure(error as Error), detailOf(error as Error));
      // Users that try again at once would leave no time for the answers of others: see wire.ts.
      await new Promise((resolve) => setImmediate(resolve));
      return undefined;
    }
  }

  /** @returns `undefined` if the target speaks HTTP/1.1: its connection is then the fallback's */
  async #open(): Promise<Http2Connection | undefined> {
    const { clock, connectTimeoutUs, http2: sharing } = this.#options;
    const untilUs = clock.now() + connectTimeoutUs;
    let read: ((size: number, bytes: Buffer) => void) | undefined;
    const socket = await this.#dialler.dial({ piece: this.#piece, read: (size, bytes) => read?.(size, bytes) });
    if (this.#isOver()) {
      socket.destroy();
      throw new Error('the slot was over');
    }
    if (this.#origin.isSecure && (socket as TLSSocket).alpnProtocol !== 'h2') {
      if (!sharing.mayFallBack) {
        socket.destroy();
        throw noHttp2();
      }
      read = this.#fallBack(socket);
      return undefined;
    }
    const connection = new Http2Connection(socket, this.#pool);
    read = (size, bytes) => connection.read(size, bytes);
    this.#spread.all.add(connection);
    await connection.ready(untilUs - clock.now(), connectTimeoutUs);
    return connection;
  }

  #fallBack(socket: Socket): (size: number, bytes: Buffer) => void {
    const { http2: _, ...options } = this.#options;
    this.#fallback ??= wireOn(options);
    return this.#fallback.adopt(socket);
  }

  #plainly({ number }: Http2Request): Send {
    return (this.#plain[number] ??= this.#fallback!.prepare(this.#parts[number]!));
  }

  #isOver(): boolean {
    return this.#isClosed || this.#options.signal.aborted;
  }

  #sweep(): void {
    const nowUs = this.#options.clock.now();
    for (const connection of this.#spread.all) connection.interruptLate(nowUs);
  }

  readonly #abortAll = (): void => {
    for (const connection of this.#spread.all) connection.interruptAll();
    this.#dialler.hangUp();
  };
}

/** Sends the request that found out that the target speaks HTTP/1.1: its wait for the connection counts. */
const viaFallback = async (user: User, answered: After, send: Send): Promise<End> => {
  const { connectUs } = user.exchange;
  return send(user, (after) => {
    after.exchange.connectUs = Math.max(0, after.exchange.connectUs) + connectUs;
    return answered(after);
  });
};
