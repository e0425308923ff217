import type { Outbox } from './outbox.ts';
import { Flag, FrameType, headBytes, writeHead, writeNumber } from './frame.ts';

/** What a connection writes in a turn, one frame after the other. */
export class Output {
  buffer: Buffer;
  at = 0;
  readonly #outbox: Outbox;

  constructor(outbox: Outbox) {
    this.#outbox = outbox;
    this.buffer = nothing;
  }

  /** Makes room for this many more bytes. */
  ensure(bytes: number): void {
    const needed = this.at + bytes;
    if (this.buffer.length >= needed) return;
    if (this.buffer.length === 0) {
      this.buffer = this.#outbox.take();
      if (this.buffer.length >= needed) return;
    }
    const larger = Buffer.allocUnsafeSlow(Math.max(needed, this.buffer.length * 2));
    this.buffer.copy(larger, 0, 0, this.at);
    this.buffer = larger;
  }

  /** Appends bytes. */
  put(bytes: Buffer): void {
    this.ensure(bytes.length);
    // Calling `copy` costs more than it saves for so few.
    if (bytes.length <= 64) for (let at = 0; at < bytes.length; at++) this.buffer[this.at + at] = bytes[at]!;
    else bytes.copy(this.buffer, this.at);
    this.at += bytes.length;
  }

  /** Appends a frame whose payload is some of these bytes. */
  frame(type: number, flags: number, id: number, bytes: Buffer = nothing, from = 0, to = bytes.length): void {
    this.ensure(headBytes + to - from);
    writeHead(this.buffer, this.at, to - from, type, flags, id);
    this.at += headBytes;
    bytes.copy(this.buffer, this.at, from, to);
    this.at += to - from;
  }

  /** Appends a frame whose payload is a text of this many bytes. */
  text(type: number, flags: number, id: number, text: string, bytes: number): void {
    this.ensure(headBytes + bytes);
    writeHead(this.buffer, this.at, bytes, type, flags, id);
    this.buffer.write(text, this.at + headBytes, bytes);
    this.at += headBytes + bytes;
  }

  /** Appends a frame whose payload is a number: RST_STREAM, WINDOW_UPDATE. */
  number(type: number, id: number, number: number): void {
    this.ensure(headBytes + 4);
    writeHead(this.buffer, this.at, 4, type, 0, id);
    writeNumber(this.buffer, this.at + headBytes, number);
    this.at += headBytes + 4;
  }

  /**
   * Makes a HEADERS frame of the block written from `from` on, after {@link headBytes} left free for it; what is too long
   * for one frame goes on in CONTINUATIONs.
   */
  headers(from: number, id: number, isEnd: boolean, largestFrame: number): void {
    const begin = from + headBytes;
    const length = this.at - begin;
    const end = isEnd ? Flag.endStream : 0;
    if (length <= largestFrame) {
      writeHead(this.buffer, from, length, FrameType.headers, end | Flag.endHeaders, id);
      return;
    }
    const block = Buffer.from(this.buffer.subarray(begin, this.at));
    this.at = from;
    for (let at = 0; at < length; at += largestFrame) {
      const to = Math.min(length, at + largestFrame);
      const flags = (at === 0 ? end : 0) | (to === length ? Flag.endHeaders : 0);
      this.frame(at === 0 ? FrameType.headers : FrameType.continuation, flags, id, block, at, to);
    }
  }

  /** Hands over what was written, which is to go back to the outbox; the next turn starts empty. */
  take(): { readonly buffer: Buffer; readonly bytes: number } {
    const taken = { buffer: this.buffer, bytes: this.at };
    this.buffer = nothing;
    this.at = 0;
    return taken;
  }
}

const nothing = Buffer.alloc(0);
