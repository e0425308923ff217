import { ErrorCode, Flag, FrameType, readId, readNumber } from './frame.ts';
import { FrameReader, type Frames, type Violation } from './reader.ts';

/** A block of header fields of more than this, including the heads of its frames, is an attack or a bug. */
const largestBlock = 256 * 1024;

const longestDebug = 200;

/** Receives the contents of answers. Each method returns whether to go on. */
export interface Contents {
  /** A whole block of header fields. */
  block(id: number, bytes: Buffer, from: number, to: number, isEnd: boolean): boolean;
  /** A DATA frame begins, with this many bytes of flow control. */
  data(id: number, length: number): boolean;
  /** Some of its content; `isLast`: nothing follows it in its stream. */
  piece(bytes: Buffer, from: number, to: number, isLast: boolean): boolean;
  dataEnd(isEnd: boolean): boolean;
}

/** Receives all other frames. Each method returns whether to go on. */
export interface Handler {
  reset(id: number, code: number): boolean;
  setting(name: number, value: number): boolean;
  /** All settings of a frame have been passed on. */
  settled(): boolean;
  /** Eight bytes to be sent back. */
  ping(bytes: Buffer, from: number): boolean;
  goaway(lastId: number, code: number, debug: string): void;
  /** `id` 0: for the connection. */
  windowUpdate(id: number, bytes: number): boolean;
  /** Wrong for one stream only. */
  spoilt(id: number, violation: Violation): boolean;
  violated(violation: Violation): void;
}

/**
 * Reads the frames of a target and passes on what they say; frames that are invalid, or come in an invalid order, end the
 * connection.
 */
export class Incoming implements Frames {
  readonly #handler: Handler;
  readonly #contents: Contents;
  readonly #reader = new FrameReader(this);
  /** Stream of a block that goes on in CONTINUATIONs; 0 if there is none. */
  #blockId = 0;
  #isEnd = false;
  #parts: Buffer[] = [];
  #blockBytes = 0;

  constructor(handler: Handler, contents: Contents) {
    this.#handler = handler;
    this.#contents = contents;
  }

  /** Reads bytes, which may be overwritten afterwards; false if nothing more is to be read. */
  push(bytes: Buffer, size: number): boolean {
    return this.#reader.push(bytes, size);
  }

  frame(type: number, flags: number, id: number, bytes: Buffer, from: number, to: number): boolean {
    if (this.#blockId !== 0 && (type !== FrameType.continuation || id !== this.#blockId)) return this.#interrupted();
    switch (type) {
      case FrameType.headers:
        return this.#headers(flags, id, bytes, from, to);
      case FrameType.continuation:
        return this.#continuation(flags, bytes, from, to);
      case FrameType.rstStream:
        if (to - from !== 4) return this.#wrongSize('RST_STREAM', to - from);
        return id === 0 ? this.#noStream('RST_STREAM') : this.#handler.reset(id, readNumber(bytes, from));
      case FrameType.settings:
        return this.#settings(flags, id, bytes, from, to);
      case FrameType.ping:
        if (to - from !== 8) return this.#wrongSize('PING', to - from);
        if (id !== 0) return this.#aStream('PING');
        return (flags & Flag.ack) !== 0 || this.#handler.ping(bytes, from);
      case FrameType.goaway:
        return this.#goaway(id, bytes, from, to);
      case FrameType.windowUpdate:
        return this.#windowUpdate(id, bytes, from, to);
      case FrameType.priority:
        if (id === 0) return this.#noStream('PRIORITY');
        return to - from === 5 || this.#handler.spoilt(id, ofSize('PRIORITY', to - from));
      case FrameType.pushPromise:
        return this.#violated(ErrorCode.PROTOCOL_ERROR, 'a PUSH_PROMISE, which was ruled out');
      default:
        return true;
    }
  }

  data(id: number, length: number): boolean {
    if (this.#blockId !== 0) return this.#interrupted();
    return id === 0 ? this.#noStream('DATA') : this.#contents.data(id, length);
  }

  piece(bytes: Buffer, from: number, to: number, isLast: boolean): boolean {
    return this.#contents.piece(bytes, from, to, isLast);
  }

  dataEnd(flags: number): boolean {
    return this.#contents.dataEnd((flags & Flag.endStream) !== 0);
  }

  violated(violation: Violation): void {
    this.#handler.violated(violation);
  }

  #headers(flags: number, id: number, bytes: Buffer, from: number, to: number): boolean {
    if (id === 0) return this.#noStream('HEADERS');
    let begin = from;
    let padding = 0;
    if ((flags & Flag.padded) !== 0) {
      if (to === begin) return this.#wrongSize('HEADERS', 0);
      padding = bytes[begin++]!;
    }
    if ((flags & Flag.priority) !== 0) begin += 5;
    const end = to - padding;
    if (begin > to) return this.#wrongSize('HEADERS', to - from);
    if (begin > end) return this.#violated(ErrorCode.PROTOCOL_ERROR, 'a HEADERS of more padding than it has bytes');
    const isEnd = (flags & Flag.endStream) !== 0;
    if ((flags & Flag.endHeaders) !== 0) return this.#contents.block(id, bytes, begin, end, isEnd);
    this.#blockId = id;
    this.#isEnd = isEnd;
    return this.#part(bytes, begin, end);
  }

  #continuation(flags: number, bytes: Buffer, from: number, to: number): boolean {
    const id = this.#blockId;
    if (id === 0) return this.#violated(ErrorCode.PROTOCOL_ERROR, 'a CONTINUATION of nothing');
    if (!this.#part(bytes, from, to)) return false;
    if ((flags & Flag.endHeaders) === 0) return true;
    const block = Buffer.concat(this.#parts);
    this.#blockId = 0;
    this.#parts = [];
    this.#blockBytes = 0;
    return this.#contents.block(id, block, 0, block.length, this.#isEnd);
  }

  #part(bytes: Buffer, from: number, to: number): boolean {
    // Each has its cost, even an empty one.
    this.#blockBytes += to - from + 64;
    if (this.#blockBytes > largestBlock) {
      return this.#violated(ErrorCode.ENHANCE_YOUR_CALM, `header fields of more than ${largestBlock / 1024} KiB`);
    }
    if (to > from) this.#parts.push(Buffer.from(bytes.subarray(from, to)));
    return true;
  }

  #settings(flags: number, id: number, bytes: Buffer, from: number, to: number): boolean {
    if (id !== 0) return this.#aStream('SETTINGS');
    if ((flags & Flag.ack) !== 0) return to === from || this.#wrongSize('SETTINGS', to - from);
    if ((to - from) % 6 !== 0) return this.#wrongSize('SETTINGS', to - from);
    for (let at = from; at < to; at += 6) {
      if (!this.#handler.setting(bytes.readUInt16BE(at), readNumber(bytes, at + 2))) return false;
    }
    return this.#handler.settled();
  }

  #goaway(id: number, bytes: Buffer, from: number, to: number): boolean {
    if (id !== 0) return this.#aStream('GOAWAY');
    if (to - from < 8) return this.#wrongSize('GOAWAY', to - from);
    const debug = bytes.toString('latin1', from + 8, Math.min(to, from + 8 + longestDebug));
    this.#handler.goaway(readId(bytes, from), readNumber(bytes, from + 4), debug);
    return true;
  }

  #windowUpdate(id: number, bytes: Buffer, from: number, to: number): boolean {
    if (to - from !== 4) return this.#wrongSize('WINDOW_UPDATE', to - from);
    const more = readId(bytes, from);
    if (more > 0) return this.#handler.windowUpdate(id, more);
    const violation = { code: ErrorCode.PROTOCOL_ERROR, what: 'a WINDOW_UPDATE of nothing' };
    if (id !== 0) return this.#handler.spoilt(id, violation);
    this.#handler.violated(violation);
    return false;
  }

  #interrupted(): false {
    return this.#violated(ErrorCode.PROTOCOL_ERROR, 'another frame in the midst of header fields');
  }

  #noStream(type: string): false {
    return this.#violated(ErrorCode.PROTOCOL_ERROR, `a ${type} frame without a stream`);
  }

  #aStream(type: string): false {
    return this.#violated(ErrorCode.PROTOCOL_ERROR, `a ${type} of a stream`);
  }

  #wrongSize(type: string, bytes: number): false {
    this.#handler.violated(ofSize(type, bytes));
    return false;
  }

  #violated(code: number, what: string): false {
    this.#handler.violated({ code, what });
    return false;
  }
}

const ofSize = (type: string, bytes: number): Violation => ({
  code: ErrorCode.FRAME_SIZE_ERROR,
  what: `a ${type} of ${bytes} bytes`,
});
