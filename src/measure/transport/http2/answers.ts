import { largestBodyBytes, tooLarge } from '../decode.ts';
import { ErrorCode } from './frame.ts';
import { readHead, readTrailers } from './head.ts';
import { Decoder } from './hpack/decoder.ts';
import type { Contents } from './incoming.ts';
import type { Violation } from './reader.ts';
import type { Stream } from './stream.ts';

/**
 * How much a stream may send before it is told to go on. It is large, as what is not read is not kept either, so that a
 * large answer never waits for a round trip.
 */
export const streamWindow = 16 * 1024 * 1024;

/** For all streams of a connection together. */
export const connectionWindow = 1024 * 1024 * 1024;

/** Owns the streams of a connection. */
export interface Owner {
  /**
   * The stream of a frame; `undefined` if it is over, and what comes on it does not matter; `null` if the frame ends the
   * connection.
   */
  find(id: number): Stream | undefined | null;
  /** Nothing more comes on a stream that is over. */
  over(id: number): void;
  /** An answer is complete. */
  answered(stream: Stream): void;
  /** An answer is invalid: the stream ends with this code. */
  refused(stream: Stream, code: number, why: string): void;
  /** The target may send this many more bytes; with `id` 0: on the connection. */
  grant(id: number, bytes: number): void;
  violated(violation: Violation): void;
}

/** Puts answers together from the blocks and DATA that come on a connection. */
export class Answers implements Contents {
  readonly #owner: Owner;
  readonly #decoder = new Decoder();
  /** The stream of the current DATA; `undefined` if it has none. */
  #current: Stream | undefined;
  /** Its number when the DATA began: by its end the stream may belong to another request. */
  #currentId = 0;
  /** Bytes received on the connection that were not yet granted to the target again. */
  #unannounced = 0;

  constructor(owner: Owner) {
    this.#owner = owner;
  }

  /** A head, or trailers; @returns whether the connection goes on */
  block(id: number, bytes: Buffer, from: number, to: number, isEnd: boolean): boolean {
    const stream = this.#owner.find(id);
    if (stream === null) return false;
    if (stream !== undefined && !stream.isBody && stream.headBytes === 0) {
      const { memo } = stream.request!;
      if (memo.recall(bytes, from, to, this.#decoder, stream)) return this.#headIn(stream, isEnd);
    }
    if (!this.#decoder.decode(bytes, from, to)) {
      this.#owner.violated({ code: ErrorCode.COMPRESSION_ERROR, what: this.#decoder.error });
      return false;
    }
    if (stream === undefined) {
      if (isEnd) this.#owner.over(id);
      return true;
    }
    return stream.isBody ? this.#trailers(stream, isEnd) : this.#head(stream, bytes, from, to, isEnd);
  }

  data(id: number, length: number): boolean {
    this.#unannounced += length;
    if (this.#unannounced >= connectionWindow / 2) {
      this.#owner.grant(0, this.#unannounced);
      this.#unannounced = 0;
    }
    const stream = this.#owner.find(id);
    if (stream === null) return false;
    this.#current = stream;
    this.#currentId = id;
    if (stream === undefined) return true;
    if (!stream.isBody) {
      this.#malformed(stream, 'DATA before the head of an answer');
      return true;
    }
    stream.unannounced += length;
    if (stream.unannounced >= streamWindow / 2) {
      this.#owner.grant(id, stream.unannounced);
      stream.unannounced = 0;
    }
    return true;
  }

  piece(bytes: Buffer, from: number, to: number, isLast: boolean): boolean {
    const stream = this.#current;
    if (stream === undefined || stream.id !== this.#currentId) return true;
    stream.bytes += to - from;
    if (stream.request!.keep !== 'body') return true;
    if (stream.bytes > largestBodyBytes) this.#owner.refused(stream, ErrorCode.CANCEL, tooLarge(largestBodyBytes));
    else if (isLast && stream.encoding === '' && stream.chunks.length === 0)
      stream.text = bytes.toString('utf8', from, to);
    else stream.chunks.push(Buffer.from(bytes.subarray(from, to)));
    return true;
  }

  dataEnd(isEnd: boolean): boolean {
    const stream = this.#current;
    this.#current = undefined;
    if (!isEnd) return true;
    if (stream?.id === this.#currentId) this.#ended(stream);
    else this.#owner.over(this.#currentId);
    return true;
  }

  #head(stream: Stream, bytes: Buffer, from: number, to: number, isEnd: boolean): boolean {
    const { request, user, headBytes } = stream;
    const { exchange } = user!;
    const problem = readHead(this.#decoder, request!.keep !== 'status', stream, exchange);
    if (problem !== '') {
      stream.status = 0;
      this.#malformed(stream, problem);
      return true;
    }
    if (stream.status >= 200) {
      // What interim heads said counts, too: the memo is only for answers without any.
      if (headBytes === 0) request!.memo.remember(bytes, from, to, this.#decoder, stream, exchange.isTimed);
      return this.#headIn(stream, isEnd);
    }
    const { status } = stream;
    // An interim head is no answer yet.
    stream.status = 0;
    if (isEnd) this.#malformed(stream, `an answer that ends with status ${status}`);
    return true;
  }

  #headIn(stream: Stream, isEnd: boolean): boolean {
    stream.isBody = true;
    if (isEnd) this.#ended(stream);
    return true;
  }

  #trailers(stream: Stream, isEnd: boolean): boolean {
    const problem = isEnd ? readTrailers(this.#decoder, stream) : 'trailers that do not end the answer';
    if (problem === '') this.#ended(stream);
    else this.#malformed(stream, problem);
    return true;
  }

  #ended(stream: Stream): void {
    const { length, bytes, status, request } = stream;
    const isBodiless = request!.isHead || status === 204 || status === 304;
    if (length < 0 || bytes === length || (isBodiless && bytes === 0)) this.#owner.answered(stream);
    else this.#malformed(stream, `a body of ${bytes} bytes, where its head says ${length}`);
  }

  #malformed(stream: Stream, what: string): void {
    this.#owner.refused(stream, ErrorCode.PROTOCOL_ERROR, `invalid HTTP/2: ${what}`);
  }
}
