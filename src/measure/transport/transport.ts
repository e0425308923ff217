import type { ConnectionCounts } from '../../core/recording/recording.ts';
import type { HttpVersion } from '../../core/result/result.ts';
import type { Clock } from '../../core/clock.ts';
import type { Endpoint } from '../../core/slot.ts';
import type { Micros } from '../../core/units.ts';
import type { Text } from '../../template/compile.ts';
import type { After, End, User } from '../user.ts';

/** What a request sends: constant, or made for a user. */
export type Payload = Text<User> | Buffer | ((user: User) => Buffer);

/** One request of a scenario, its templates compiled. A transport encodes constant parts once. */
export interface RequestParts {
  readonly method: string;
  readonly path: Text<User>;
  /** The path is already valid in a request. Otherwise a transport percent-encodes the invalid characters. */
  readonly isTarget?: boolean;
  /** Names in lower case. */
  readonly headers: readonly (readonly [name: string, value: Text<User>])[];
  /** Left out of a request if empty. Names in lower case. */
  readonly optional?: readonly (readonly [name: string, value: (user: User) => string])[];
  /** No base is put before the path, as it comes from a redirect. */
  readonly isWholePath?: boolean;
  readonly body?: Payload;
  /** How much of the answer is read. */
  readonly keep: 'status' | 'head' | 'body';
  readonly timeoutUs: Micros;
}

/**
 * Sends one request for a user, fills in `user.exchange`, and resolves with what `answered` gives. That is called as soon as
 * the exchange is over, and is the same function for every user; without it the result is `completed`.
 *
 * What happens in the network is data in the exchange, never a rejection. A template without a value throws
 * `TemplateValueError`, at once, before anything is sent.
 */
export type Send = (user: User, answered?: After) => Promise<End>;

/** How requests are sent. Users borrow a connection, the most recently used first, for the duration of one request. */
export interface Transport {
  /** The version last spoken with the target. */
  readonly httpVersion: HttpVersion;
  /** What became of the connections opened so far; `undefined` where requests share them. */
  readonly connections: ConnectionCounts | undefined;
  /** No connection is opened before a request needs it. */
  prepare(request: RequestParts): Send;
  /**
   * Waits until this many requests can be sent at once, on open connections, one for each, or over HTTP/2 as streams of one.
   * Then calls `send`, which sends them in that same turn. If a connection cannot be opened, it is called all the same, and
   * the requests report why.
   *
   * @param send gets the time that opening the missing ones took, in µs; 0 if none was missing
   */
  together(requests: number, send: (openedUs: number) => void): Promise<void>;
  /** Closes connections without a request. */
  closeIdle(): void;
  /** Ends every connection; requests in flight end as `aborted`. */
  close(): Promise<void>;
}

/** How HTTP/2 requests share connections. */
export interface Sharing {
  /** Requests in flight on one of them; fewer if the target accepts fewer. */
  readonly streams: number;
  /** The number of connections that users are spread over; another is opened when none has room. */
  readonly connections: number;
  /** A target that does not speak HTTP/2 is asked in HTTP/1.1. */
  readonly mayFallBack: boolean;
}

/** What a transport is made for. */
export interface TransportOptions {
  /** The base of its origin is put before every path. */
  readonly endpoint: Endpoint;
  readonly connectTimeoutUs: Micros;
  /** HTTP/1.1: each request has its own connection, opened for it and closed after it; absent: connections are reused. */
  readonly keepAlive?: false;
  readonly clock: Clock;
  /** Once aborted, requests in flight end as `aborted`, at once. */
  readonly signal: AbortSignal;
}

/** Makes a transport. */
export type OpenTransport = (options: TransportOptions) => Transport;
