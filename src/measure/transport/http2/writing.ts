import type { Socket } from 'node:net';
import { connectionWindow, streamWindow } from './answers.ts';
import { defaultWindow, FrameType, preface, Setting, writeNumber } from './frame.ts';
import type { Outbox, Writer } from './outbox.ts';
import type { Sending } from './sending.ts';

/** How much may wait in the socket before bodies have to wait. */
const mostUnwritten = 256 * 1024;

/** How long the rest may take to be written when a connection ends. */
const partingMs = 1000;

/** Writes what a connection sends, once per turn of the event loop. */
export class Writing implements Writer {
  /** Replies that the target has to read, written since it had last read everything. */
  replies = 0;
  readonly #socket: Socket;
  readonly #outbox: Outbox;
  readonly #sending: Sending;
  readonly #before: () => void;
  #isDue = false;
  #isOver = false;

  /** @param before called when a turn is about to be written */
  constructor(socket: Socket, outbox: Outbox, sending: Sending, before: () => void) {
    this.#socket = socket;
    this.#outbox = outbox;
    this.#sending = sending;
    this.#before = before;
  }

  /** Something is to be written at the end of this turn. */
  due(): void {
    if (this.#isDue) return;
    this.#isDue = true;
    this.#outbox.add(this);
  }

  flush(): void {
    this.#isDue = false;
    if (this.#isOver) return;
    this.#before();
    const room = mostUnwritten - this.#socket.writableLength;
    if (room > 0) this.#sending.pump(room);
    this.#write();
  }

  /** Sends what a client sends first: no server push, and large windows for answers. */
  introduce(): void {
    const { output } = this.#sending;
    const settings = Buffer.alloc(12);
    settings.writeUInt16BE(Setting.enablePush, 0);
    settings.writeUInt16BE(Setting.initialWindowSize, 6);
    writeNumber(settings, 8, streamWindow);
    output.put(preface);
    output.frame(FrameType.settings, 0, 0, settings);
    output.number(FrameType.windowUpdate, 0, connectionWindow - defaultWindow);
    this.#write();
  }

  /** Sends a GOAWAY with a reason. */
  part(code: number): void {
    const payload = Buffer.alloc(8);
    writeNumber(payload, 4, code);
    this.#sending.output.frame(FrameType.goaway, 0, 0, payload);
    this.#write();
  }

  /** Closes the socket once everything written has gone out, if that does not take long. */
  end(): void {
    this.#isOver = true;
    this.#socket.destroySoon();
    setTimeout(() => this.#socket.destroy(), partingMs).unref();
  }

  #write(): void {
    const { output } = this.#sending;
    if (output.at === 0) return;
    const { buffer, bytes } = output.take();
    this.#socket.write(buffer.subarray(0, bytes), () => {
      this.#outbox.giveBack(buffer);
      if (this.#socket.writableLength > 0) return;
      this.replies = 0;
      if (this.#sending.hasBodies) this.due();
    });
  }
}
