import type { TLSSocket } from 'node:tls';
import { isSafe } from '../../../core/plan/plan.ts';
import { octetsOf } from '../../../core/octets.ts';
import type { ConnectionCounts } from '../../../core/recording/recording.ts';
import type { After, End, User } from '../../user.ts';
import { diallerOf, type Dialler } from '../connect/dial.ts';
import { detailOf } from '../failure.ts';
import { Http2Connection } from './connection.ts';
import { openFailure } from './failure.ts';
import { compileHeaders, type Http2Request } from './request.ts';
import { parseOrigin, type Origin } from '../connect/origin.ts';
import { routeOf } from '../connect/route.ts';
import type { OpenTransport, RequestParts, Send, Transport, TransportOptions } from '../transport.ts';
import { unsent } from '../unsent.ts';

/** Deadlines are swept, not armed one by one. */
const sweepsPerTimeout = 50;
const sweepMs = { least: 5, most: 100 };

/** Others may fill a connection before those do who have opened it; nobody opens one after the other for ever. */
const mostDials = 10;

/** A connection on its way, and how many requests count on it. */
interface Dial {
  readonly connected: Promise<Http2Connection | undefined>;
  claimed: number;
}

/** What speaks HTTP/1.1 with a target that speaks no HTTP/2: it takes the connection that this turned out on. */
export type Fallback = Transport & { adopt(socket: TLSSocket): void };

/**
 * HTTP/2 over TLS, by node:http2: requests share connections, the fullest with room first, and a new one is opened when none
 * has room. What a target speaks is found out with its first connection (ALPN); one of HTTP/1.1 is left to `fallbackOf`.
 *
 * @cost about twice the CPU that undici takes for a request of HTTP/1.1 over TLS: 130 µs where that takes 63 and wire 33
 */
export const http2Over = (
  options: TransportOptions & { readonly http2: { readonly streams: number } },
  fallbackOf: () => Fallback,
): ReturnType<OpenTransport> => new Http2Transport(parseOrigin(options.endpoint.origin), options, fallbackOf);

const complete: After = () => 'completed';

class Http2Transport implements Transport {
  readonly #origin: Origin;
  readonly #options: TransportOptions;
  readonly #streams: number;
  readonly #fallbackOf: () => Fallback;
  readonly #dialler: Dialler;
  readonly #connections = new Set<Http2Connection>();
  readonly #dials: Dial[] = [];
  #fallback: Fallback | undefined;
  /** The one that requests go out on which are sent together, while they are. */
  #chosen: Http2Connection | undefined;
  #sweeping: NodeJS.Timeout | undefined;
  #sweepEveryMs: number = sweepMs.most;
  #isClosed = false;

  constructor(
    origin: Origin,
    options: TransportOptions & { readonly http2: { readonly streams: number } },
    fallbackOf: () => Fallback,
  ) {
    this.#origin = origin;
    this.#options = options;
    this.#streams = options.http2.streams;
    this.#fallbackOf = fallbackOf;
    this.#dialler = diallerOf(options, routeOf(options.endpoint, origin, ['h2', 'http/1.1']));
    options.signal.addEventListener('abort', this.#abortAll, { once: true });
  }

  get httpVersion(): '1.1' | '2' {
    return this.#fallback === undefined ? '2' : '1.1';
  }

  get connections(): ConnectionCounts | undefined {
    return this.#fallback?.connections;
  }

  prepare(parts: RequestParts): Send {
    const { method, keep, timeoutUs, body } = parts;
    this.#sweepEveryMs = Math.min(this.#sweepEveryMs, Math.max(sweepMs.least, timeoutUs / 1000 / sweepsPerTimeout));
    const headers = compileHeaders(parts, this.#origin);
    const request = { keep, timeoutUs, isHead: method === 'HEAD', isIdempotent: isSafe(method) };
    let plain: Send | undefined;
    return (user, answered = complete) => {
      if (this.#fallback !== undefined) return (plain ??= this.#fallback.prepare(parts))(user, answered);
      const content = typeof body === 'function' ? body(user) : body;
      const bytes = typeof content === 'string' ? octetsOf(content) : content;
      return this.#send(
        user,
        { ...request, headers: headers(user, bytes), body: bytes },
        answered,
        () => (plain ??= this.#fallback!.prepare(parts)),
      );
    };
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    clearInterval(this.#sweeping);
    this.#options.signal.removeEventListener('abort', this.#abortAll);
    this.#abortAll();
    for (const connection of this.#connections) connection.discard();
    await this.#fallback?.close();
  }

  async together(requests: number, send: (openedUs: number) => void): Promise<void> {
    const { clock } = this.#options;
    const sinceUs = clock.now();
    let connection = this.#withRoom(requests);
    let dials = 0;
    for (; connection === undefined && dials < mostDials && !this.#isOver(); dials++) {
      if (this.#fallback !== undefined) break;
      const opened = await this.#dialFor(requests).catch(() => undefined);
      // One that takes fewer at a time never has room for all of them.
      if (opened === undefined || opened.limit < requests) break;
      connection = opened.hasRoomFor(requests) ? opened : this.#withRoom(requests);
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
    // One of HTTP/2 is shared, and holds nobody off.
    this.#fallback?.closeIdle();
  }

  async #send(user: User, request: Http2Request, answered: After, plain: () => Send): Promise<End> {
    const { exchange } = user;
    exchange.connectUs = -1;
    exchange.resent = false;
    this.#sweeping ??= setInterval(() => this.#sweep(), this.#sweepEveryMs).unref();
    for (let sent = 0; ;) {
      if (this.#isOver()) {
        this.#fail(user, 'aborted', 'the slot was over');
        return answered(user);
      }
      const connection = this.#chosen ?? this.#withRoom(1) ?? (await this.#connectFor(user));
      if (this.#fallback !== undefined) return viaFallback(user, answered, plain());
      if (connection === undefined) return answered(user);
      if (!connection.hasRoom) {
        // Those who waited for it with this one have filled it.
        if (connection.brokenBy === undefined) continue;
        const { failure, detail } = connection.brokenBy;
        this.#fail(user, failure, detail);
        return answered(user);
      }
      if ((await connection.send(user, request, sent)) === 'over') return answered(user);
      sent++;
      exchange.resent = true;
    }
  }

  /** The fullest: the others may then be left idle, as with HTTP/1.1. */
  #withRoom(requests: number): Http2Connection | undefined {
    let best: Http2Connection | undefined;
    for (const one of this.#connections)
      if (one.hasRoomFor(requests) && one.inFlight >= (best?.inFlight ?? 0)) best = one;
    return best;
  }

  /** @returns undefined where there is none to be had: the exchange then says why, unless the target speaks HTTP/1.1 */
  async #connectFor(user: User): Promise<Http2Connection | undefined> {
    const { clock } = this.#options;
    const { exchange } = user;
    const startedUs = clock.now();
    try {
      return await this.#dialFor(1);
    } catch (error) {
      if (this.#isOver()) this.#fail(user, 'aborted', 'the slot was over');
      else this.#fail(user, openFailure(error as Error), detailOf(error as Error));
      // Users who try again at once would leave no time for anybody else's answers: see wire.ts.
      await new Promise((resolve) => setImmediate(resolve));
      return undefined;
    } finally {
      exchange.connectUs = Math.max(0, exchange.connectUs) + clock.now() - startedUs;
    }
  }

  /** A connection that is on its way and has room for so many more, or a new one. */
  async #dialFor(requests: number): Promise<Http2Connection | undefined> {
    let dial = this.#dials.find(({ claimed }) => claimed + requests <= this.#streams);
    if (dial === undefined) {
      dial = { connected: this.#connect(), claimed: 0 };
      this.#dials.push(dial);
    }
    dial.claimed += requests;
    try {
      return await dial.connected;
    } finally {
      if (this.#dials.includes(dial)) this.#dials.splice(this.#dials.indexOf(dial), 1);
    }
  }

  /** @returns undefined where the target speaks HTTP/1.1: its connection is then the fallback's */
  async #connect(): Promise<Http2Connection | undefined> {
    const { clock, connectTimeoutUs } = this.#options;
    const untilUs = clock.now() + connectTimeoutUs;
    const socket = (await this.#dialler.dial()) as TLSSocket;
    if (this.#isOver()) {
      socket.destroy();
      throw new Error('the slot was over');
    }
    if (socket.alpnProtocol !== 'h2') {
      this.#fallback ??= this.#fallbackOf();
      this.#fallback.adopt(socket);
      return undefined;
    }
    const connection: Http2Connection = new Http2Connection(socket, clock, this.#streams, () =>
      this.#connections.delete(connection),
    );
    this.#connections.add(connection);
    await connection.ready(untilUs - clock.now(), connectTimeoutUs);
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
    for (const connection of this.#connections) connection.interruptLate(nowUs);
  }

  readonly #abortAll = (): void => {
    for (const connection of this.#connections) connection.interruptAll();
    this.#dialler.hangUp();
  };
}

/** Sends what was to find out that the target speaks HTTP/1.1: the connection that it waited for is part of it. */
const viaFallback = async (user: User, answered: After, send: Send): Promise<End> => {
  const { connectUs } = user.exchange;
  return send(user, (after) => {
    after.exchange.connectUs = Math.max(0, after.exchange.connectUs) + connectUs;
    return answered(after);
  });
};
