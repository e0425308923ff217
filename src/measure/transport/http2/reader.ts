import { defaultFrameBytes, ErrorCode, Flag, FrameType, headBytes, readId } from './frame.ts';

/** What ends a connection: the code for the other side, and what it did in words. */
export interface Violation {
  readonly code: number;
  readonly what: string;
}

/** Receives frames; each method returns whether to go on. */
export interface Frames {
  /** A frame other than DATA, its payload between `from` and `to`: the bytes are overwritten afterwards. */
  frame(type: number, flags: number, id: number, bytes: Buffer, from: number, to: number): boolean;
  /** A DATA frame begins, with this many bytes including its padding. */
  data(id: number, length: number): boolean;
  /** Some of its content; `isLast`: nothing follows it in its stream. */
  piece(bytes: Buffer, from: number, to: number, isLast: boolean): boolean;
  /** The DATA frame is over. */
  dataEnd(flags: number): boolean;
  violated(violation: Violation): void;
}

/**
 * Cuts what comes on a connection into frames (RFC 9113, 4.1), in pieces of any size.
 *
 * @cost a frame that comes whole is parsed in place, and DATA is never copied; any other frame that comes in pieces is put
 * together once
 */
export class FrameReader {
  readonly #frames: Frames;
  /** The head of a frame that is still incomplete. */
  readonly #head = Buffer.alloc(headBytes);
  #headBytes = 0;
  /** The payload of an incomplete frame other than DATA. */
  #payload: Buffer | undefined;
  #payloadBytes = 0;
  #type = 0;
  #flags = 0;
  #id = 0;
  /** State of the current DATA frame. */
  #isData = false;
  #left = 0;
  #padding = 0;
  #isPaddingDue = false;
  /** The first frame of a connection is SETTINGS (RFC 9113, 3.4). */
  #isFirst = true;

  constructor(frames: Frames) {
    this.#frames = frames;
  }

  /** Reads the first `size` bytes; false if nothing more is to be read. */
  push(bytes: Buffer, size: number): boolean {
    for (let at = 0; at < size;) {
      if (this.#isData) {
        at = this.#goOn(bytes, at, size);
        if (at < 0) return false;
        continue;
      }
      if (this.#payload !== undefined) {
        const taken = bytes.copy(this.#payload, this.#payloadBytes, at, size);
        this.#payloadBytes += taken;
        if (this.#payloadBytes < this.#payload.length) return true;
        at += taken;
        const whole = this.#payload;
        this.#payload = undefined;
        if (!this.#frames.frame(this.#type, this.#flags, this.#id, whole, 0, whole.length)) return false;
        continue;
      }
      if (this.#headBytes === 0 && size - at >= headBytes) {
        if (!this.#begin(bytes, at)) return false;
        at += headBytes;
      } else {
        const taken = bytes.copy(this.#head, this.#headBytes, at, size);
        this.#headBytes += taken;
        at += taken;
        if (this.#isFirst && !this.#maySpeak()) return false;
        if (this.#headBytes < headBytes) return true;
        this.#headBytes = 0;
        if (!this.#begin(this.#head, 0)) return false;
      }
      if (this.#isData) continue;
      const length = this.#left;
      if (size - at >= length) {
        if (!this.#frames.frame(this.#type, this.#flags, this.#id, bytes, at, at + length)) return false;
        at += length;
      } else {
        this.#payload = Buffer.allocUnsafe(length);
        this.#payloadBytes = 0;
      }
    }
    return true;
  }

  /** A frame's head is complete. */
  #begin(bytes: Buffer, at: number): boolean {
    const length = (bytes[at]! << 16) | (bytes[at + 1]! << 8) | bytes[at + 2]!;
    const type = bytes[at + 3]!;
    this.#type = type;
    this.#flags = bytes[at + 4]!;
    this.#id = readId(bytes, at + 5);
    this.#left = length;
    if (this.#isFirst) {
      this.#isFirst = false;
      if (type !== FrameType.settings || (this.#flags & Flag.ack) !== 0) return this.#noHttp2(bytes, at);
    }
    if (length > defaultFrameBytes) {
      return this.#violated(
        ErrorCode.FRAME_SIZE_ERROR,
        `a frame of ${length} bytes, where ${defaultFrameBytes} are allowed`,
      );
    }
    if (type !== FrameType.data) return true;
    this.#isData = true;
    this.#padding = 0;
    this.#isPaddingDue = (this.#flags & Flag.padded) !== 0;
    if (this.#isPaddingDue && length === 0)
      return this.#violated(ErrorCode.FRAME_SIZE_ERROR, 'a padded DATA of no bytes');
    if (!this.#frames.data(this.#id, length)) return false;
    return length > 0 || this.#end();
  }

  /** Goes on with a DATA. @returns where it stopped; negative if nothing more is to be read */
  #goOn(bytes: Buffer, from: number, size: number): number {
    let at = from;
    if (this.#isPaddingDue) {
      this.#isPaddingDue = false;
      this.#padding = bytes[at++]!;
      this.#left--;
      if (this.#padding > this.#left) {
        this.#violated(ErrorCode.PROTOCOL_ERROR, 'a DATA of more padding than it has bytes');
        return -1;
      }
    }
    const carried = Math.min(size - at, this.#left - this.#padding);
    if (carried > 0) {
      const isLast = (this.#flags & Flag.endStream) !== 0 && carried === this.#left - this.#padding;
      if (!this.#frames.piece(bytes, at, at + carried, isLast)) return -1;
      this.#left -= carried;
      at += carried;
    }
    if (this.#left === this.#padding) {
      const skipped = Math.min(size - at, this.#left);
      this.#left -= skipped;
      this.#padding -= skipped;
      at += skipped;
    }
    if (this.#left === 0 && !this.#end()) return -1;
    return at;
  }

  #end(): boolean {
    this.#isData = false;
    return this.#frames.dataEnd(this.#flags);
  }

  /** Whether what has come so far may be the head of SETTINGS; an HTTP/1.1 server does not always send nine bytes. */
  #maySpeak(): boolean {
    if (this.#headBytes < 5 || this.#head.toString('latin1', 0, 5) !== 'HTTP/') return true;
    return this.#noHttp2(this.#head, 0);
  }

  #noHttp2(bytes: Buffer, at: number): boolean {
    const isHttp1 = bytes.toString('latin1', at, at + 5) === 'HTTP/';
    return this.#violated(ErrorCode.PROTOCOL_ERROR, isHttp1 ? 'it speaks HTTP/1.1' : 'its first frame is not SETTINGS');
  }

  #violated(code: number, what: string): false {
    this.#frames.violated({ code, what });
    return false;
  }
}
