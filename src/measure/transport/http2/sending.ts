import {
  defaultFrameBytes,
  defaultWindow,
  ErrorCode,
  Flag,
  FrameType,
  headBytes,
  largestWindow,
  Setting,
} from './frame.ts';
import { Encoder } from './hpack/encoder.ts';
import { Output } from './output.ts';
import type { Outbox } from './outbox.ts';
import type { Violation } from './reader.ts';
import { writeBlock, type Blocks } from './request.ts';
import type { Stream } from './stream.ts';

/** Used even if a target accepts larger ones: those would keep the other bodies waiting. */
const largestFrame = defaultFrameBytes;

/** What a connection sends, within the target's limits: heads, and bodies as far as its windows allow. */
export class Sending {
  readonly output: Output;
  readonly #encoder = new Encoder();
  readonly #blocks: Blocks = [];
  /** Streams with a body left and a window for it, in turn. */
  readonly #bodies: Stream[] = [];
  #initialWindow = defaultWindow;
  /** How much may be sent on all streams together. */
  #window = defaultWindow;
  /** How many requests the target accepts at a time, as far as it says. */
  mostStreams = Infinity;

  constructor(outbox: Outbox) {
    this.output = new Output(outbox);
  }

  /** Whether waiting bodies may go on. */
  get hasBodies(): boolean {
    return this.#bodies.length > 0 && this.#window > 0;
  }

  /** Writes the head of a request, and its body if that fits into one frame. */
  begin(stream: Stream): void {
    const { output } = this;
    const { body, bytes: length } = stream.filled!;
    const from = output.at;
    output.ensure(headBytes);
    output.at += headBytes;
    writeBlock(stream.request!, stream.filled!, this.#encoder, this.#blocks, output);
    output.headers(from, stream.id, length === 0, largestFrame);
    stream.window = this.#initialWindow;
    if (length === 0) return;
    if (this.#bodies.length > 0 || length > Math.min(largestFrame, this.#initialWindow, this.#window)) {
      // It is sent in pieces, and has to be bytes for that.
      if (typeof body === 'string') stream.filled = { ...stream.filled!, body: Buffer.from(body) };
      this.#queue(stream);
      return;
    }
    if (typeof body === 'string') output.text(FrameType.data, Flag.endStream, stream.id, body, length);
    else output.frame(FrameType.data, Flag.endStream, stream.id, body);
    this.#window -= length;
    stream.bodyAt = length;
  }

  /** Writes some of the waiting bodies, a frame of each in turn, up to about `room` bytes. */
  pump(room: number): void {
    const { output } = this;
    const until = output.at + room;
    while (output.at < until && this.#window > 0) {
      const stream = this.#bodies.shift();
      if (stream === undefined) return;
      stream.isQueued = false;
      const bytes = Math.min(stream.left, stream.window, this.#window, largestFrame);
      // It has ended meanwhile, or waits for its own window.
      if (bytes <= 0) continue;
      const isEnd = bytes === stream.left;
      output.frame(
        FrameType.data,
        isEnd ? Flag.endStream : 0,
        stream.id,
        stream.filled!.body as Buffer,
        stream.bodyAt,
        stream.bodyAt + bytes,
      );
      stream.bodyAt += bytes;
      stream.window -= bytes;
      this.#window -= bytes;
      if (!isEnd) this.#queue(stream);
    }
  }

  /** More may be sent on the connection. @returns whether the window is within its limit */
  widen(bytes: number): boolean {
    this.#window += bytes;
    return this.#window <= largestWindow;
  }

  /** More may be sent on a stream. @returns whether the window is within its limit */
  widenStream(stream: Stream, bytes: number): boolean {
    stream.window += bytes;
    if (stream.left > 0) this.#queue(stream);
    return stream.window <= largestWindow;
  }

  /** Applies a setting of the target. @returns what is wrong with it */
  setting(name: number, value: number, streams: readonly Stream[]): Violation | undefined {
    if (name === Setting.headerTableSize) this.#encoder.limit(value);
    else if (name === Setting.maxConcurrentStreams) this.mostStreams = value;
    else if (name === Setting.enablePush && value !== 0) {
      return { code: ErrorCode.PROTOCOL_ERROR, what: `SETTINGS_ENABLE_PUSH ${value} of a server` };
    } else if (name === Setting.maxFrameSize) {
      if (value < defaultFrameBytes || value >= 2 ** 24) {
        return { code: ErrorCode.PROTOCOL_ERROR, what: `SETTINGS_MAX_FRAME_SIZE ${value}` };
      }
    } else if (name === Setting.initialWindowSize) return this.#initial(value, streams);
    return undefined;
  }

  #initial(value: number, streams: readonly Stream[]): Violation | undefined {
    const violation = { code: ErrorCode.FLOW_CONTROL_ERROR, what: `SETTINGS_INITIAL_WINDOW_SIZE ${value}` };
    if (value > largestWindow) return violation;
    const more = value - this.#initialWindow;
    this.#initialWindow = value;
    for (const stream of streams) if (!this.widenStream(stream, more)) return violation;
    return undefined;
  }

  #queue(stream: Stream): void {
    if (stream.isQueued) return;
    stream.isQueued = true;
    this.#bodies.push(stream);
  }
}
