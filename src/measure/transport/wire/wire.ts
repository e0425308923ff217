import { isSafe } from '../../../core/plan/plan.ts';
import { micros, type Micros } from '../../../core/units.ts';
import type { After, End, User } from '../../user.ts';
import { diallerOf, type Dialler } from '../connect/dial.ts';
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

/** How many connections are opened at a time: beyond what a server's backlog holds, they wait a second for their next try. */
const dialsAtOnce = 128;

const pieceBytes = 64 * 1024;

/**
 * HTTP/1.1 by contend itself, over node:net and node:tls.
 *
 * @cost about 10 µs of CPU per request, of which the kernel has two thirds
 */
export const wire: OpenTransport = (options) => new WireTransport(parseOrigin(options.endpoint.origin), options);

const complete: After = () => 'completed';

/** The same request, after which the target is to close the connection. */
const closing = (parts: RequestParts): RequestParts => ({
  ...parts,
  headers: [...parts.headers, ['connection', 'close']],
});

class WireTransport implements Transport {
  readonly httpVersion = '1.1';
  readonly #origin: Origin;
  readonly #options: TransportOptions;
  readonly #route: Route;
  readonly #dialler: Dialler;
  /** What every socket reads is put here: it is taken in before the next one reads. */
  readonly #piece = Buffer.allocUnsafeSlow(pieceBytes);
  readonly #memo = new HeadMemo(this.#piece);
  /** Last in, first out: idle connections stay idle, and few of them are in use. */
  readonly #idle: WireConnection[] = [];
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
    this.#pool = {
      free:
        options.keepAlive === false
          ? (connection) => connection.discard()
          : (connection) => void this.#idle.push(connection),
      lost: (connection) => void this.#all.delete(connection),
      again: async (...resent) => this.#sendAnew(...resent),
    };
    options.signal.addEventListener('abort', this.#abortAll, { once: true });
  }

  async open(connections: number): Promise<readonly Micros[]> {
    const { clock, keepAlive } = this.#options;
    const opened: Micros[] = [];
    let left = keepAlive === false ? 0 : connections;
    const line = async (): Promise<void> => {
      while (left > 0 && !this.#isOver()) {
        left--;
        const startedUs = clock.now();
        const connection = await this.#connection().catch(() => undefined);
        // What cannot be opened now fails at its first request, where it is counted.
        if (connection === undefined) continue;
        opened.push(micros(clock.now() - startedUs));
        this.#idle.push(connection);
      }
    };
    await Promise.all(Array.from({ length: Math.min(connections, dialsAtOnce) }, line));
    return opened;
  }

  prepare(parts: RequestParts): Send {
    const { method, keep, timeoutUs } = parts;
    const request: WireRequest = {
      keep,
      timeoutUs,
      isHead: method === 'HEAD',
      isIdempotent: isSafe(method),
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

  // Not async, and nor is what it calls: a promise that waits for another is half a microsecond.
  #send(user: User, request: WireRequest, bytes: Buffer | string, answered: After): Promise<End> {
    const { exchange } = user;
    exchange.connectUs = -1;
    exchange.resent = false;
    if (this.#isOver()) {
      this.#fail(user, 'aborted', 'the slot was over');
      return Promise.resolve(answered(user));
    }
    this.#sweeping ??= setInterval(() => this.#sweep(), this.#sweepEveryMs).unref();
    for (let connection = this.#idle.pop(); connection !== undefined; connection = this.#idle.pop()) {
      if (connection.isOpen) return connection.send(user, request, bytes, answered);
    }
    return this.#sendAnew(user, request, bytes, answered);
  }

  async #sendAnew(user: User, request: WireRequest, bytes: Buffer | string, answered: After): Promise<End> {
    const connection = await this.#connectFor(user);
    return connection === undefined ? answered(user) : connection.send(user, request, bytes, answered);
  }

  /** @returns undefined where there is none to be had: the exchange then says why */
  async #connectFor(user: User): Promise<WireConnection | undefined> {
    const { clock } = this.#options;
    const startedUs = clock.now();
    try {
      const connection = await this.#connection();
      user.exchange.connectUs = clock.now() - startedUs;
      return connection;
    } catch (error) {
      user.exchange.connectUs = clock.now() - startedUs;
      if (this.#isOver()) this.#fail(user, 'aborted', 'the slot was over');
      else this.#fail(user, connectFailure(error as Error), detailOf(error as Error));
      // It may have failed without the event loop having turned, as EMFILE does: users who try again at once would leave it
      // no time for anybody else's answers, nor for timers and signals.
      await new Promise((resolve) => setImmediate(resolve));
    }
    return undefined;
  }

  async #connection(): Promise<WireConnection> {
    let connection: WireConnection | undefined;
    const socket = await this.#dialler.dial({
      piece: this.#piece,
      read: (size, bytes) => connection?.read(size, bytes),
    });
    connection = new WireConnection(socket, this.#options.clock, this.#pool, this.#memo);
    if (this.#isOver()) {
      socket.destroy();
      throw new Error('the slot was over');
    }
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
  }

  readonly #abortAll = (): void => {
    for (const connection of this.#all) connection.interrupt('aborted');
    this.#dialler.hangUp();
  };
}
