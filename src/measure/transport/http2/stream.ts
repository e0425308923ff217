import {
  constants,
  type ClientHttp2Session,
  type ClientHttp2Stream,
  type IncomingHttpHeaders,
  type IncomingHttpStatusHeader,
} from 'node:http2';
import type { Clock } from '../../../core/clock.ts';
import { textOfOctets } from '../../../core/octets.ts';
import { micros } from '../../../core/units.ts';
import type { Exchange, User } from '../../user.ts';
import { decodeBody, largestBodyBytes, tooLarge } from '../decode.ts';
import { detailOf } from '../failure.ts';
import { streamFailure, type Broken } from './failure.ts';
import type { Http2Request } from './request.ts';
import { addServerTimes } from '../../server-timing.ts';

/**
 * A target that gives up connections after so many requests leaves one out more than once, with many users on each of them;
 * nobody does so for ever.
 */
const mostSent = 100;

/** Who is told what becomes of a request. */
export interface Told {
  /** How often it was sent before. */
  readonly sent: number;
  /** Whether the target has said that it gives the connection up. */
  readonly isLeaving: () => boolean;
  readonly over: (what: 'over' | 'again') => void;
  /** It was not answered in time. */
  readonly late: () => void;
  /** Whether there is no connection any more: it will then say itself why. */
  readonly isGone: () => boolean;
}

/** One request and its answer. */
export class Http2Stream {
  deadlineUs: number;
  readonly #user: User;
  readonly #request: Http2Request;
  readonly #clock: Clock;
  readonly #told: Told;
  readonly #chunks: Buffer[] = [];
  #stream: ClientHttp2Stream | undefined;
  #status = 0;
  #bytes = 0;
  #length = -1;
  #encoding = '';
  #isOver = false;

  constructor(user: User, request: Http2Request, clock: Clock, told: Told) {
    this.#user = user;
    this.#request = request;
    this.#clock = clock;
    this.#told = told;
    const { exchange } = user;
    exchange.status = 0;
    exchange.failure = undefined;
    exchange.isTimed = false;
    exchange.maybeApplied = true;
    exchange.bytes = 0;
    exchange.sentUs = clock.now();
    this.deadlineUs = exchange.sentUs + request.timeoutUs;
  }

  begin(session: ClientHttp2Session): void {
    const { headers, body } = this.#request;
    let stream: ClientHttp2Stream;
    try {
      stream = session.request(headers, { endStream: body === undefined || body.length === 0 });
    } catch (error) {
      // Headers that no request can have, or a connection that ended this very moment.
      this.#user.exchange.maybeApplied = false;
      const isGone = this.#told.isGone() || session.closed;
      this.#fail(
        { failure: isGone ? 'reset' : 'generator', detail: detailOf(error as Error) },
        isGone && this.#told.sent < mostSent,
      );
      return;
    }
    this.#stream = stream;
    stream.on('response', (answer) => this.#answered(answer));
    stream.on('data', (chunk: Buffer) => this.#take(chunk));
    stream.on('end', () => this.#ended());
    // `close` follows, and has the code.
    stream.on('error', () => undefined);
    stream.on('close', () => this.#closed());
    if (body !== undefined && body.length > 0) stream.end(body);
  }

  /** Ends it with this failure; the connection goes on. */
  interrupt(why: 'timeout' | 'aborted'): void {
    if (this.#isOver) return;
    const stream = this.#stream;
    const ms = this.#request.timeoutUs / 1000;
    const late =
      this.#status === 0
        ? `no answer within ${ms} ms`
        : `the answer (status ${this.#status}) was not complete within ${ms} ms`;
    if (why === 'timeout') this.#told.late();
    this.#fail({ failure: why, detail: why === 'aborted' ? 'the slot was over' : late });
    stream?.close(constants.NGHTTP2_CANCEL);
  }

  /** The connection is no more. */
  breakOff(broken: Broken): void {
    const { exchange } = this.#user;
    const { isIdempotent } = this.#request;
    // It was idle, and the target had closed it before it read a byte.
    const isUnread = broken.failure === 'reset' && this.#status === 0 && exchange.connectUs < 0;
    const { failure, detail } = broken;
    const told = this.#status === 0 ? detail : `the answer (status ${this.#status}) was cut off: ${detail}`;
    this.#fail({ failure, detail: told }, isUnread && isIdempotent && this.#told.sent === 0);
  }

  #answered(headers: IncomingHttpHeaders & IncomingHttpStatusHeader): void {
    if (this.#isOver) return;
    const { exchange } = this.#user;
    this.#status = Number(headers[':status']);
    const { keep } = this.#request;
    const times = headers['server-timing'];
    if (times !== undefined) addServerTimes(String(times), exchange);
    const length = headers['content-length'];
    if (length !== undefined) this.#length = Number(length);
    if (keep === 'status') return;
    this.#encoding = headers['content-encoding'] ?? '';
    exchange.head = headText(headers);
  }

  #take(chunk: Buffer): void {
    if (this.#isOver) return;
    this.#bytes += chunk.length;
    if (this.#request.keep !== 'body') return;
    if (this.#bytes <= largestBodyBytes) {
      this.#chunks.push(chunk);
      return;
    }
    this.#fail({ failure: 'protocol', detail: tooLarge(largestBodyBytes) });
    this.#stream!.close(constants.NGHTTP2_CANCEL);
  }

  #ended(): void {
    // Without a status it is no answer, and `close` tells why.
    if (this.#isOver || this.#status === 0 || this.#isCutOff()) return;
    const { exchange } = this.#user;
    const { keep } = this.#request;
    exchange.doneUs = this.#clock.now();
    exchange.status = this.#status;
    exchange.bytes = this.#bytes;
    exchange.failure = undefined;
    if (keep === 'body') this.#decode(exchange);
    this.#isOver = true;
    // An answer may come before all of the request is written: what is left of it concerns nobody.
    if (!this.#stream!.writableEnded || this.#stream!.writableLength > 0) this.#stream!.close(constants.NGHTTP2_CANCEL);
    this.#told.over('over');
  }

  /** A stream that is reset with CANCEL, as those of a connection that ends, or with NO_ERROR ends like one that is whole. */
  #isCutOff(): boolean {
    const isBodiless = this.#request.isHead || this.#status === 204 || this.#status === 304;
    if (!isBodiless && this.#length >= 0) return this.#bytes !== this.#length;
    return (this.#stream!.rstCode ?? 0) !== constants.NGHTTP2_NO_ERROR;
  }

  #decode(exchange: Exchange): void {
    const bytes = this.#chunks.length === 1 ? this.#chunks[0]! : Buffer.concat(this.#chunks);
    const body = decodeBody(bytes, this.#encoding, largestBodyBytes);
    if (typeof body === 'string') {
      exchange.body = body;
      return;
    }
    exchange.status = 0;
    exchange.failure = 'protocol';
    exchange.detail = body.failure;
  }

  #closed(): void {
    if (this.#isOver) return;
    const stream = this.#stream!;
    const code = stream.rstCode ?? constants.NGHTTP2_NO_ERROR;
    // Also what a GOAWAY has left out: nobody has looked at it, whatever it was.
    const isRefused = code === constants.NGHTTP2_REFUSED_STREAM && this.#status === 0;
    if (isRefused) this.#user.exchange.maybeApplied = false;
    else if (this.#told.isGone()) return;
    // What a busy target refuses is sent once more and is then told, as it says something of the target.
    const most = this.#told.isLeaving() ? mostSent : 1;
    this.#fail(streamFailure(code, this.#status), isRefused && this.#told.sent < most);
  }

  #fail({ failure, detail }: Broken, mayBeSentAgain = false): void {
    if (this.#isOver) return;
    this.#isOver = true;
    const { exchange } = this.#user;
    if (mayBeSentAgain) return this.#told.over('again');
    exchange.doneUs = micros(Math.max(exchange.sentUs, this.#clock.now()));
    exchange.status = 0;
    exchange.failure = failure;
    exchange.detail = detail;
    return this.#told.over('over');
  }
}

const headText = (headers: IncomingHttpHeaders): string => {
  let text = '';
  for (const [name, value] of Object.entries(headers)) {
    if (name.startsWith(':') || value === undefined) continue;
    for (const one of typeof value === 'string' ? [value] : value) text += `\r\n${name}: ${one}`;
  }
  // Of each byte node:http2 makes a character.
  return textOfOctets(text);
};
