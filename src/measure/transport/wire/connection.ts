import type { Socket } from 'node:net';
import type { Clock } from '../../../core/clock.ts';
import type { FailureClass } from '../../../core/recording/failure.ts';
import type { After, End, User } from '../../user.ts';
import type { Asked, Line } from '../connect/answering.ts';
import { CloseNotice } from '../connect/close-notice.ts';
import type { Keeping } from '../connect/keeping.ts';
import { detailOf, sentFailure } from '../failure.ts';
import type { HeadMemo } from './memo.ts';
import { AnswerParser } from './parser.ts';
import type { RequestParts } from '../transport.ts';

/** A request, ready to be sent any number of times. */
export interface WireRequest extends Asked {
  readonly keep: RequestParts['keep'];
  readonly timeoutUs: number;
  readonly isHead: boolean;
  /** According to HTTP, sending it twice has the same effect as once: GET, HEAD and OPTIONS. */
  readonly isIdempotent: boolean;
  readonly memo: HeadMemo;
}

/** Receives what becomes of a connection. */
export interface Pool {
  /** Its answer has arrived and it can carry another request. */
  readonly free: (connection: WireConnection) => void;
  /** It can no longer be used. */
  readonly lost: (connection: WireConnection) => void;
  /** The target had closed it before it read a byte: the request is sent once more. */
  readonly again: (user: User, request: WireRequest, bytes: Buffer | string, answered: After) => Promise<End>;
}

/**
 * One open connection, and the one request on it.
 *
 * @cost a request allocates its promise and no more
 */
export class WireConnection {
  readonly socket: Socket;
  /** When the request on it is too late; Infinity if there is none. */
  deadlineUs = Infinity;
  isOpen = true;
  isNew = true;
  answers = 0;
  readonly #clock: Clock;
  readonly #pool: Pool;
  readonly #line: Line;
  /** A byte has come on it. */
  #isHeard = false;
  readonly #keeping: Keeping;
  #notice: CloseNotice | undefined;
  readonly #parser = new AnswerParser();
  #user: User | undefined;
  #request: WireRequest | undefined;
  /** What was written, in case it has to be sent again. */
  #bytes: Buffer | string = '';
  #then: After = () => 'completed';
  #settle: (end: End) => void = nothing;
  #fail: (bug: unknown) => void = nothing;
  readonly #executor = (resolve: (end: End) => void, reject: (bug: unknown) => void): void => {
    this.#settle = resolve;
    this.#fail = reject;
  };

  constructor(socket: Socket, clock: Clock, pool: Pool, line: Line, keeping: Keeping) {
    this.#line = line;
    this.#keeping = keeping;
    this.socket = socket;
    this.#clock = clock;
    this.#pool = pool;
    socket.on('error', (error) => this.#broken(sentFailure(error), detailOf(error)));
    socket.on('end', () => this.#ended());
    socket.on('close', () => this.#broken('reset', this.#cutOff()));
  }

  /** Sends a request; resolves with what `answered` gives once `user.exchange` is filled in. Only on a connection without one. */
  send(user: User, request: WireRequest, bytes: Buffer | string, answered: After): Promise<End> {
    this.#then = answered;
    this.#write(user, request, bytes);
    return new Promise(this.#executor);
  }

  /** Takes in what the socket has read; the bytes are overwritten afterwards. */
  read(size: number, bytes: Buffer): void {
    if (this.#user === undefined) {
      // An answer to nothing: whatever comes next on the connection would answer the wrong request.
      if (!this.#parser.isBlank(bytes, size)) this.discard();
      return;
    }
    if (!this.#isHeard) this.#hear();
    this.#user.exchange.bytes += size;
    const progress = this.#parser.push(bytes, size);
    if (progress === 'done') this.#answered();
    else if (progress === 'bad') this.#broken('protocol', this.#parser.error);
    else if (this.#parser.isUntilEnd) (this.#notice ??= new CloseNotice(this.socket)).read();
  }

  #hear(): void {
    this.#isHeard = true;
    this.#line.heard(this.#clock.now());
  }

  /** Ends the request on it, if any, with this failure, and the connection, too. */
  interrupt(why: 'timeout' | 'aborted'): void {
    const request = this.#request;
    if (this.#user === undefined || request === undefined) return;
    this.#broken(why, why === 'aborted' ? 'the slot was over' : this.#late(request));
  }

  /** Closes it at once. */
  discard(): void {
    if (!this.isOpen) return;
    this.isOpen = false;
    this.#line.closed(this.#clock.now());
    this.#pool.lost(this);
    this.socket.destroy();
  }

  #write(user: User, request: WireRequest, bytes: Buffer | string): void {
    const { exchange } = user;
    this.#user = user;
    this.#request = request;
    this.#bytes = bytes;
    this.#parser.begin(request.keep, request.isHead, request.memo);
    exchange.status = 0;
    exchange.bytes = 0;
    exchange.failure = undefined;
    exchange.isTimed = false;
    exchange.maybeApplied = true;
    const sentUs = this.#clock.now();
    exchange.sentUs = sentUs;
    this.deadlineUs = sentUs + request.timeoutUs;
    if (!this.#isHeard) this.#line.asks(request, sentUs);
    if (typeof bytes === 'string') this.socket.write(bytes, 'latin1');
    else this.socket.write(bytes);
  }

  #answered(): void {
    const user = this.#user!;
    const { exchange } = user;
    const parser = this.#parser;
    exchange.doneUs = this.#clock.now();
    exchange.status = parser.status;
    if (parser.isTimed) {
      exchange.isTimed = true;
      exchange.serverLockUs = parser.serverLockUs;
      exchange.serverQueryUs = parser.serverQueryUs;
    }
    const request = this.#request!;
    const { keep } = request;
    if (keep !== 'status') {
      exchange.head = parser.head;
      if (keep === 'body') this.#decode();
    }
    this.#user = undefined;
    this.#request = undefined;
    this.deadlineUs = Infinity;
    if (this.isNew) this.isNew = false;
    else request.kept++;
    this.answers++;
    this.#over(user);
    // The rest of a request that is not completely written would run into the next one.
    if (parser.isReusable && parser.surplus === 0 && this.isOpen && this.socket.writableLength === 0) {
      this.#keeping.answered(this.answers);
      this.#pool.free(this);
    } else this.discard();
  }

  #decode(): void {
    const { exchange } = this.#user!;
    const decoded = this.#parser.text();
    if (typeof decoded === 'string') exchange.body = decoded;
    else {
      exchange.status = 0;
      exchange.failure = 'protocol';
      exchange.detail = decoded.failure;
    }
  }

  #ended(): void {
    if (this.#user !== undefined && this.#parser.hasBegun && this.#parser.end() === 'done') {
      if (this.#notice?.isMissing() === true) this.#keeping.unclosed();
      this.#answered();
    } else this.#broken('reset', this.#cutOff());
  }

  #broken(failure: FailureClass, detail: string): void {
    const user = this.#user;
    const request = this.#request;
    const isUnread = failure === 'reset' && !this.#parser.hasBegun;
    this.deadlineUs = Infinity;
    this.#user = undefined;
    this.#request = undefined;
    // Closed by the target between two answers, without having announced it.
    if (this.isOpen && failure === 'reset' && this.answers > 0 && (user === undefined || isUnread)) {
      this.#keeping.closed(this.answers, user !== undefined);
    }
    this.discard();
    if (user === undefined || request === undefined) return;
    const { exchange } = user;
    if (isUnread && request.isIdempotent && !exchange.resent && !this.isNew) {
      exchange.resent = true;
      this.#pool.again(user, request, this.#bytes, this.#then).then(this.#settle, this.#fail);
      return;
    }
    exchange.status = 0;
    exchange.failure = failure;
    exchange.detail = detail;
    exchange.doneUs = this.#clock.now();
    this.#over(user);
  }

  #over(user: User): void {
    let end: End;
    try {
      end = this.#then(user);
    } catch (bug) {
      this.#fail(bug);
      return;
    }
    this.#settle(end);
  }

  #late({ timeoutUs }: WireRequest): string {
    const ms = timeoutUs / 1000;
    const { status } = this.#parser;
    return status >= 200
      ? `the answer (status ${status}) was not complete within ${ms} ms`
      : `no answer within ${ms} ms`;
  }

  #cutOff(): string {
    const { status } = this.#parser;
    return status >= 200
      ? `the answer (status ${status}) was cut off: the connection was closed before its end`
      : 'the connection was closed without an answer';
  }
}

const nothing = (): void => undefined;
