import type { Socket } from 'node:net';
import type { Client, Dispatcher } from 'undici';
import { textOfOctets } from '../../../core/octets.ts';
import { isSafe } from '../../../core/plan/plan.ts';
import type { Clock } from '../../../core/clock.ts';
import type { Exchange, User } from '../../user.ts';
import { decodeBody, largestBodyBytes, tooLarge } from '../decode.ts';
import type { Answering, Asked, Line } from '../connect/answering.ts';
import { CloseNotice } from '../connect/close-notice.ts';
import type { Keeping } from '../connect/keeping.ts';
import type { Lent } from '../connect/lending.ts';
import { codeOf, detailOf } from '../failure.ts';
import { addServerTimes } from '../../server-timing.ts';
import { classOf } from './failure.ts';

/**
 * In such an answer a length is that of a body that it does not have (RFC 9110, 8.6); undici waits for the body, and gives
 * the connection up.
 */
const isBodiless = (status: number): boolean => status === 204 || status === 304;

/** How much of an answer is read. */
export interface Keep extends Asked {
  readonly head: boolean;
  readonly body: boolean;
}

/** One connection and the one request on it: its own dispatch handler, so that a request allocates no handler. */
export class Connection implements Dispatcher.DispatchHandler, Lent {
  isNew = true;
  answers = 0;
  deadlineUs = Infinity;
  /** A connection is being opened for the request. */
  isDialling = false;
  readonly #client: Client;
  readonly #lost: () => void;
  readonly #answering: Answering;
  readonly #keeping: Keeping;
  /** The body goes on until the connection ends. */
  #notice: CloseNotice | undefined;
  #line: Line;
  #socket: Socket | undefined;
  /** The client has not asked for its first socket yet. */
  #isUntouched = true;
  #isDiscarded = false;
  readonly #clock: Clock;
  #user: User | undefined;
  #settle: (() => void) | undefined;
  #abort: ((error: Error) => void) | undefined;
  #interruption: 'timeout' | 'aborted' | undefined;
  #timeoutUs = 0;
  #keep: Keep = { head: false, body: false, kept: 0 };
  #options: Dispatcher.DispatchOptions | undefined;
  /** The bytes read on the connection before the request went out. */
  #bytesReadBefore = 0;
  #encoding = '';
  #chunks: Buffer[] = [];
  #bytes = 0;

  constructor(clock: Clock, socket: Socket, answering: Answering, keeping: Keeping, client: Client, lost: () => void) {
    this.#keeping = keeping;
    this.#answering = answering;
    this.#line = answering.open();
    this.#clock = clock;
    this.#socket = socket;
    this.#client = client;
    this.#lost = lost;
    // Until its first use nothing else listens: a reset then only makes it unfit.
    socket.on('error', () => undefined);
    this.#watch(socket);
  }

  get isOpen(): boolean {
    const socket = this.#socket;
    return socket !== undefined && !socket.destroyed && socket.writable && !this.#client.destroyed;
  }

  /** The socket that it was made on, once, unless that was closed meanwhile. */
  takeSocket(): Socket | undefined {
    const isFirst = this.#isUntouched;
    this.#isUntouched = false;
    return isFirst && this.isOpen ? this.#socket : undefined;
  }

  /** Another socket was opened for the request, or could not be. */
  dialled(tookUs: number, socket: Socket | undefined): void {
    this.isDialling = false;
    this.isNew = true;
    this.answers = 0;
    this.#socket = socket;
    if (socket !== undefined) this.#watch(socket);
    this.#line.closed(this.#clock.now());
    this.#line = this.#answering.open();
    // The request may have been interrupted meanwhile.
    const exchange = this.#user?.exchange;
    if (exchange !== undefined) exchange.connectUs = Math.max(0, exchange.connectUs) + tookUs;
  }

  /** Closes it at once. */
  discard(): void {
    if (this.#isDiscarded) return;
    this.#isDiscarded = true;
    this.#line.closed(this.#clock.now());
    this.#lost();
    this.#socket?.destroy();
    void this.#client.destroy();
  }

  async send(user: User, options: Dispatcher.DispatchOptions, keep: Keep, timeoutUs: number): Promise<void> {
    const { exchange } = user;
    exchange.status = 0;
    exchange.failure = undefined;
    exchange.isTimed = false;
    exchange.resent = false;
    exchange.maybeApplied = false;
    this.#user = user;
    this.#options = options;
    this.#keep = keep;
    this.#timeoutUs = timeoutUs;
    this.#abort = undefined;
    this.#interruption = undefined;
    return new Promise((resolve) => {
      this.#settle = resolve;
      this.#client.dispatch(options, this);
    });
  }

  /** Ends the current request, if any, with this failure. */
  interrupt(why: 'timeout' | 'aborted'): void {
    if (this.#user === undefined) return;
    this.#interruption = why;
    const error = new Error(why);
    if (this.#abort !== undefined) this.#abort(error);
    // Not on a connection yet. The client fails its queue and cannot be used again, and neither can this connection.
    else void this.#client.destroy(error);
  }

  onConnect(abort: (error?: Error) => void): void {
    const { exchange } = this.#user!;
    exchange.sentUs = this.#clock.now();
    exchange.bytes = 0;
    exchange.maybeApplied = true;
    this.#bytesReadBefore = this.#socket?.bytesRead ?? 0;
    this.deadlineUs = exchange.sentUs + this.#timeoutUs;
    if (!this.#line.isHeard) this.#line.asks(this.#keep, exchange.sentUs);
    this.#abort = abort;
  }

  onHeaders(status: number, headers: Buffer[]): boolean {
    if (!this.#line.isHeard) this.#line.heard(this.#clock.now());
    if (status < 200) return true;
    const { exchange } = this.#user!;
    exchange.status = status;
    timesIn(headers, exchange);
    if (this.#keep.head) exchange.head = headText(headers);
    if (this.#keep.body) this.#encoding = encodingIn(headers);
    const isUntilEnd = this.#options!.method !== 'HEAD' && !isBodiless(status) && isWithoutEnd(headers);
    this.#notice = isUntilEnd && this.#socket !== undefined ? new CloseNotice(this.#socket) : undefined;
    this.#notice?.read();
    return true;
  }

  onData(chunk: Buffer): boolean {
    this.#notice?.read();
    if (!this.#keep.body) return true;
    this.#bytes += chunk.length;
    if (this.#bytes > largestBodyBytes) throw new Error(tooLarge(largestBodyBytes));
    this.#chunks.push(chunk);
    return true;
  }

  onComplete(): void {
    const { exchange } = this.#user!;
    if (!this.isNew) this.#keep.kept++;
    if (this.#notice?.isMissing() === true) this.#keeping.unclosed();
    if (this.#keep.body) {
      const bytes = this.#chunks.length === 1 ? this.#chunks[0]! : Buffer.concat(this.#chunks);
      const body = decodeBody(bytes, this.#encoding, largestBodyBytes);
      if (typeof body === 'string') exchange.body = body;
      else {
        exchange.status = 0;
        exchange.failure = 'protocol';
        exchange.detail = body.failure;
      }
    }
    exchange.bytes = (this.#socket?.bytesRead ?? 0) - this.#bytesReadBefore;
    exchange.doneUs = this.#clock.now();
    this.answers++;
    if (this.isOpen) this.#keeping.answered(this.answers);
    this.#end();
  }

  onError(error: Error): void {
    const { exchange } = this.#user!;
    const isSent = this.#abort !== undefined;
    if (isBodiless(exchange.status) && codeOf(error) === 'UND_ERR_RES_CONTENT_LENGTH_MISMATCH')
      return this.onComplete();
    if (isSent && this.#isStale(error)) return this.#resend();
    if (!isSent) exchange.sentUs = this.#clock.now();
    exchange.detail = this.#interruption === 'timeout' ? this.#late(exchange.status) : detailOf(error);
    exchange.status = 0;
    exchange.failure =
      this.#interruption ?? classOf(error, isSent ? 'sent' : this.#isUnconnected() ? 'unconnected' : 'unsent');
    exchange.doneUs = this.#clock.now();
    // A failure before sending may come without a turn of the event loop, as with EMFILE: users that try again at once would
    // leave it no time for the answers of others, nor for timers and signals.
    if (isSent) this.#end();
    else setImmediate(() => this.#end());
  }

  /** Reports if the target closes it between two answers without having announced it. */
  #watch(socket: Socket): void {
    socket.on('close', () => {
      // undici closes connections that the target said it would close.
      if (this.#isDiscarded || this.answers === 0 || codeOf(socket.errored) === 'UND_ERR_INFO') return;
      const isLost = this.#user !== undefined;
      if (isLost && (this.#interruption !== undefined || socket.bytesRead !== this.#bytesReadBefore)) return;
      this.#keeping.closed(this.answers, isLost);
    });
  }

  /** The server had closed an idle connection before the request reached it, and the request may safely be sent twice. */
  #isStale(error: Error): boolean {
    const { method } = this.#options!;
    return (
      isSafe(method) &&
      !this.isNew &&
      this.#interruption === undefined &&
      this.#socket?.bytesRead === this.#bytesReadBefore &&
      classOf(error, 'sent') === 'reset'
    );
  }

  #resend(): void {
    const { exchange } = this.#user!;
    exchange.resent = true;
    exchange.maybeApplied = false;
    this.#abort = undefined;
    this.deadlineUs = Infinity;
    // Not at once: undici is still giving up its connection.
    queueMicrotask(() => void this.#client.dispatch(this.#options!, this));
  }

  #isUnconnected(): boolean {
    return this.isDialling || this.isNew;
  }

  #late(status: number): string {
    const ms = this.#timeoutUs / 1000;
    return status === 0
      ? `no answer within ${ms} ms`
      : `the answer (status ${status}) was not complete within ${ms} ms`;
  }

  #end(): void {
    this.deadlineUs = Infinity;
    this.#user = undefined;
    if (this.#chunks.length > 0) this.#chunks = [];
    this.#bytes = 0;
    this.#settle!();
  }
}

const headText = (headers: readonly Buffer[]): string => {
  let text = '';
  for (let at = 0; at + 1 < headers.length; at += 2) {
    text += `\r\n${headers[at]!.toString('latin1').toLowerCase()}: ${headers[at + 1]!.toString('latin1')}`;
  }
  return textOfOctets(text);
};

const timesIn = (headers: readonly Buffer[], exchange: Exchange): void => {
  for (let at = 0; at + 1 < headers.length; at += 2) {
    const name = headers[at]!;
    if (name.length !== 13 || name.toString('latin1').toLowerCase() !== 'server-timing') continue;
    addServerTimes(headers[at + 1]!.toString('latin1'), exchange);
  }
};

/** The content codings, and the transfer codings before a last `chunked`, which undici does not undo. */
const encodingIn = (headers: readonly Buffer[]): string => {
  const transfer = valuesOf(headers, 'transfer-encoding');
  const codings = transfer.split(',').map((coding) => coding.trim().toLowerCase());
  const isChunked = codings.pop() === 'chunked';
  return [valuesOf(headers, 'content-encoding'), ...(isChunked ? codings : [])].filter((one) => one !== '').join(', ');
};

/** Neither a length nor chunks say where the body ends. */
const isWithoutEnd = (headers: readonly Buffer[]): boolean =>
  valuesOf(headers, 'content-length') === '' && !/chunked$/iu.test(valuesOf(headers, 'transfer-encoding'));

const valuesOf = (headers: readonly Buffer[], wanted: string): string => {
  const values: string[] = [];
  for (let at = 0; at + 1 < headers.length; at += 2) {
    const name = headers[at]!;
    if (name.length === wanted.length && name.toString('latin1').toLowerCase() === wanted) {
      values.push(headers[at + 1]!.toString('latin1'));
    }
  }
  return values.join(', ');
};
