import type { ConnectionCounts } from '../../core/recording/recording.ts';
import type { HttpVersion } from '../../core/result/result.ts';
import type { Clock } from '../../core/clock.ts';
import type { Endpoint } from '../../core/slot.ts';
import type { Micros } from '../../core/units.ts';
import type { Text } from '../../template/compile.ts';
import type { After, End, User } from '../user.ts';

/** What a request sends: constant, or made for a user. */
export type Payload = Text<User> | Buffer | ((user: User) => Buffer);

/** One request of a scenario, its templates compiled. A transport encodes what is constant once. */
export interface RequestParts {
  readonly method: string;
  readonly path: Text<User>;
  /** The path was made of what may stand in a request. Otherwise a transport percent-encodes what may not. */
  readonly isTarget?: boolean;
  /** Names in lower case. */
  readonly headers: readonly (readonly [name: string, value: Text<User>])[];
  /** Left out of a request for which they are empty. Names in lower case. */
  readonly optional?: readonly (readonly [name: string, value: (user: User) => string])[];
  /** No base is put before the path: it is that of a redirect. */
  readonly isWholePath?: boolean;
  readonly body?: Payload;
  /** How much of the answer somebody reads. */
  readonly keep: 'status' | 'head' | 'body';
  readonly timeoutUs: Micros;
}

/**
 * Sends one request for a user, fills in `user.exchange`, and resolves with what follows it: what `answered` gives, which is
 * called as soon as the exchange is over, and is the same function for every user; `completed` without one.
 *
 * What the network does is data in the exchange, never a rejection. A template without a value throws `TemplateValueError`,
 * at once, before anything is sent.
 */
export type Send = (user: User, answered?: After) => Promise<End>;

/** How requests are sent. Users borrow a connection, the most recently used first, for the length of one request. */
export interface Transport {
  /** What was spoken last with the target. */
  readonly httpVersion: HttpVersion;
  /** What became of those that were opened so far; undefined where requests share them. */
  readonly connections: ConnectionCounts | undefined;
  /** Nothing is opened before a request needs it. */
  prepare(request: RequestParts): Send;
  /**
   * Waits until so many requests can be sent at once, on connections that are open, one for each, or over HTTP/2 as streams of
   * one; then calls `send`, which sends them in that very turn. Where one cannot be opened, it is called all the same, and the
   * requests tell why.
   *
   * @param send is told how long it took to open what was missing, in µs; 0: nothing was
   */
  together(requests: number, send: (openedUs: number) => void): Promise<void>;
  /** Closes connections on which there is no request. */
  closeIdle(): void;
  /** Ends every connection; what is in flight ends as `aborted`. */
  close(): Promise<void>;
}

/** How requests of HTTP/2 share connections. */
export interface Sharing {
  /** Requests in flight on one of them; fewer where the target takes fewer. */
  readonly streams: number;
  /** Over how many users are spread; another is opened where none has room. */
  readonly connections: number;
  /** A target that speaks no HTTP/2 is asked in HTTP/1.1. */
  readonly mayFallBack: boolean;
}

/** What a transport is made for. */
export interface TransportOptions {
  /** The base of its origin is put before every path. */
  readonly endpoint: Endpoint;
  readonly connectTimeoutUs: Micros;
  /** HTTP/1.1: each request has a connection of its own, opened for it and closed after it; absent: connections are used again. */
  readonly keepAlive?: false;
  readonly clock: Clock;
  /** Aborted: what is in flight ends as `aborted`, at once. */
  readonly signal: AbortSignal;
}

/** Makes a transport. */
export type OpenTransport = (options: TransportOptions) => Transport;
