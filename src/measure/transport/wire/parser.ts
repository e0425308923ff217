import { tooLarge, largestBodyBytes, type Undecoded } from '../decode.ts';
import { Between } from './between.ts';
import { ChunkedBody } from './chunks.ts';
import { headEnd, type AnswerHead } from './head.ts';
import { KeptBody } from './kept-body.ts';
import type { HeadMemo } from './memo.ts';

/** A head of more than this, including interim ones before it, is no answer. */
const largestHeadBytes = 64 * 1024;

/** With a status that has no body, no target sends a larger one without giving its length. */
const mostUnasked = 16 * 1024;

/** How far an answer is: more is to come, it is complete, or it is invalid, and `error` says why. */
export type Progress = 'more' | 'done' | 'bad';

/**
 * Reads one HTTP/1.1 answer after the other, in pieces of any size.
 *
 * @cost an answer that arrives whole takes one pass over its head, without a copy; if it comes in pieces, the head is copied
 * once more, and so is the part of the body that is read
 */
export class AnswerParser implements AnswerHead {
  status = 0;
  /** The connection may carry another request once the answer is complete. */
  isReusable = false;
  closes = false;
  /** Length of the body; -1 if not given. */
  length = -1;
  isChunked = false;
  transfer: string | undefined;
  /** Content codings of the body, as in the header; empty for none. */
  encoding = '';
  /** Each header as `\r\nname: value`, names in lower case, if it is kept. */
  head = '';
  isTimed = false;
  serverLockUs = 0;
  serverQueryUs = 0;
  keepsHead = false;
  /** What is wrong with the answer. */
  error = '';
  /** Bytes of an answer have come, not counting empty lines before it and the rest of the previous one. */
  hasBegun = false;
  /** Bytes after the answer, in the last piece, that were not asked for. */
  surplus = 0;
  #memo: HeadMemo | undefined;
  readonly #chunked = new ChunkedBody();
  #keepsBody = false;
  #isBodiless = false;
  #phase: 'head' | 'length' | 'chunked' | 'close' = 'head';
  #pending: Buffer | undefined;
  #headBytes = 0;
  #left = 0;
  readonly #kept = new KeptBody();
  readonly #between = new Between();

  /**
   * Prepares for the next answer.
   *
   * @param isBodiless it answers a HEAD: no body follows, whatever its head says
   * @param memo of the request that it answers; without one every head is parsed
   */
  begin(keep: 'status' | 'head' | 'body', isBodiless: boolean, memo?: HeadMemo): void {
    this.#memo = memo;
    this.keepsHead = keep !== 'status';
    this.#keepsBody = keep === 'body';
    this.#isBodiless = isBodiless;
    this.#phase = 'head';
    this.status = 0;
    this.hasBegun = false;
    this.surplus = 0;
    this.#headBytes = 0;
    if (this.#pending !== undefined) this.#pending = undefined;
    this.#kept.begin();
  }

  /** Reads the first `size` bytes of `piece`, which may be overwritten afterwards. */
  push(piece: Buffer, size: number): Progress {
    if (this.#phase !== 'head') return this.#body(piece, 0, size);
    if (this.#pending === undefined) return this.#firstHead(piece, size);
    // A head ends with a line feed: without one there is no point in parsing again, so short pieces of a long head are cheap.
    const whole = Buffer.concat([this.#pending, piece.subarray(0, size)]);
    const isWorthALook = whole.length < 16 || piece.subarray(0, size).includes(10);
    this.#pending = undefined;
    return isWorthALook ? this.#heads(whole, whole.length) : this.#wait(whole, 0, whole.length);
  }

  /** The body goes on until the connection ends. */
  get isUntilEnd(): boolean {
    return this.#phase === 'close';
  }

  /** Whether all that comes between two answers is empty lines, which are no answer (RFC 9112, 2.2). */
  isBlank(piece: Buffer, size: number): boolean {
    return this.#between.blank(piece, 0, size) === size;
  }

  /** The target has closed the connection: an answer without a length ends there; for any other it is too early. */
  end(): Progress {
    return this.#phase === 'close' ? 'done' : this.#bad('the connection was closed before the answer was complete');
  }

  /** The body, if it is kept; must be read before the next piece comes. @cost copies it if it came in pieces */
  body(): Buffer {
    return this.#kept.all();
  }

  /** The text of {@link body}, with its codings undone. */
  text(): string | Undecoded {
    return this.#kept.text(this.encoding);
  }

  /** A head that comes whole is often the same as the previous one. */
  #firstHead(piece: Buffer, size: number): Progress {
    const memo = this.#memo;
    if (memo === undefined || memo.piece !== piece || this.#between.isInLine) return this.#heads(piece, size);
    const known = memo.recall(size, this);
    if (known > 0) return this.#answer(piece, known, size);
    const end = headEnd(piece, 0, size, this);
    if (end <= 0 || this.status < 200 || end > largestHeadBytes) return this.#heads(piece, size);
    memo.remember(end, this);
    return this.#answer(piece, end, size);
  }

  #heads(bytes: Buffer, size: number): Progress {
    let from = 0;
    for (;;) {
      const begin = this.#between.end(bytes, from, size);
      if (begin < 0) return this.#invalid('a line that does not end in CR LF');
      this.#headBytes += begin - from;
      from = begin;
      if (from === size) return this.#wait(bytes, from, size);
      const end = headEnd(bytes, from, size, this);
      this.hasBegun = true;
      if (end === 0) return this.#wait(bytes, from, size);
      if (end < 0) return this.#invalid(this.error);
      this.#headBytes += end - from;
      if (this.#headBytes > largestHeadBytes) return this.#invalid('a head larger than 64 KiB');
      if (this.status >= 200) return this.#answer(bytes, end, size);
      if (this.status === 101) return this.#invalid('status 101, an upgrade that was not requested');
      from = end;
    }
  }

  #wait(bytes: Buffer, from: number, size: number): Progress {
    if (this.#headBytes + size - from > largestHeadBytes) return this.#invalid('a head larger than 64 KiB');
    if (from < size) this.#pending = Buffer.from(bytes.subarray(from, size));
    return 'more';
  }

  #answer(bytes: Buffer, from: number, size: number): Progress {
    const { status } = this;
    this.hasBegun = true;
    if (this.#between.isSpoilt) this.isReusable = false;
    if (this.#isBodiless || status === 204 || status === 304) return this.#bodiless(bytes, from, size);
    this.#between.settle();
    if (this.isChunked) {
      this.#phase = 'chunked';
      this.#chunked.begin();
    } else if (this.length >= 0) {
      this.#phase = 'length';
      this.#left = this.length;
    } else {
      this.#phase = 'close';
      this.isReusable = false;
    }
    return this.#body(bytes, from, size);
  }

  /**
   * For a HEAD and a 304 the head says how long the body would be, for a 204 it never does (RFC 9110, 8.6). Some targets
   * send a body all the same, some of them a moment later, when it would be taken for the next answer.
   */
  #bodiless(bytes: Buffer, from: number, size: number): Progress {
    if (this.status === 204 && this.length > 0) this.isReusable = false;
    this.#between.owe(this.length >= 0 ? this.length : mostUnasked);
    return this.#done(bytes, from, size);
  }

  #done(bytes: Buffer, from: number, size: number): Progress {
    this.surplus = from === size ? 0 : size - this.#between.blank(bytes, from, size);
    return 'done';
  }

  #body(bytes: Buffer, from: number, size: number): Progress {
    if (this.#phase === 'length') {
      const end = Math.min(size, from + this.#left);
      this.#left -= end - from;
      if (this.#left > 0) return this.#more(bytes, from, end);
      return this.#keepsBody && !this.#kept.addLast(bytes, from, end) ? this.#tooLarge() : this.#done(bytes, end, size);
    }
    return this.#phase === 'chunked' ? this.#chunks(bytes, from, size) : this.#more(bytes, from, size);
  }

  #chunks(bytes: Buffer, from: number, size: number): Progress {
    const chunked = this.#chunked;
    // Data that may be the last.
    let dataStart = 0;
    let dataEnd = 0;
    for (let at = from; at < size;) {
      const next = chunked.next(bytes, at, size);
      if (next < 0) return this.#invalid(chunked.error);
      if (this.#keepsBody && chunked.dataEnd > chunked.dataStart) {
        if (!this.#kept.add(bytes, dataStart, dataEnd)) return this.#tooLarge();
        ({ dataStart, dataEnd } = chunked);
      }
      if (chunked.isOver) {
        const isKept = !this.#keepsBody || this.#kept.addLast(bytes, dataStart, dataEnd);
        return isKept ? this.#done(bytes, next, size) : this.#tooLarge();
      }
      at = next;
    }
    return this.#more(bytes, dataStart, dataEnd);
  }

  #more(bytes: Buffer, from: number, to: number): Progress {
    return this.#keepsBody && !this.#kept.add(bytes, from, to) ? this.#tooLarge() : 'more';
  }

  #tooLarge(): 'bad' {
    return this.#bad(tooLarge(largestBodyBytes));
  }

  /** The user's message must name HTTP, as the details alone do not. */
  #invalid(why: string): 'bad' {
    return this.#bad(`invalid HTTP/1.1: ${why}`);
  }

  #bad(error: string): 'bad' {
    this.error = error;
    return 'bad';
  }
}
