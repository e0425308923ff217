import { Duplex } from 'node:stream';
import type { Socket } from 'node:net';
import { micros } from '../../../../src/core/units.ts';
import { Http2Connection } from '../../../../src/measure/transport/http2/connection.ts';
import { headBytes, preface, readId } from '../../../../src/measure/transport/http2/frame.ts';
import { Decoder } from '../../../../src/measure/transport/http2/hpack/decoder.ts';
import { Outbox } from '../../../../src/measure/transport/http2/outbox.ts';
import { compileRequest } from '../../../../src/measure/transport/http2/request.ts';
import { parseOrigin } from '../../../../src/measure/transport/connect/origin.ts';
import type { RequestParts } from '../../../../src/measure/transport/transport.ts';
import { newUser, type Exchange } from '../../../../src/measure/user.ts';
import { request } from '../../../conformance/transport-rig.ts';

/** A frame as it stands on the wire: none of the client's own making, so that it may be wrong. */
export const frame = (type: number, flags: number, id: number, payload: Uint8Array | string = ''): Buffer => {
  const bytes = typeof payload === 'string' ? Buffer.from(payload) : payload;
  const head = Buffer.alloc(headBytes);
  head.writeUIntBE(bytes.length, 0, 3);
  head.writeUInt8(type, 3);
  head.writeUInt8(flags, 4);
  head.writeUInt32BE(id, 5);
  return Buffer.concat([head, bytes]);
};

/** 32 bits. */
export const u32 = (number: number): Buffer => {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(number);
  return bytes;
};

/** A field that is spelled out, in no table. */
export const literal = (name: string, value: string): Buffer =>
  Buffer.concat([Buffer.of(0, name.length), Buffer.from(name), Buffer.of(value.length), Buffer.from(value, 'latin1')]);

/** SETTINGS of these numbers and values. */
export const settings = (...all: readonly (readonly [number, number])[]): Buffer =>
  frame(4, 0, 0, Buffer.concat(all.map(([name, value]) => Buffer.concat([u32(name).subarray(2), u32(value)]))));

/** A frame that the client has sent. */
export interface Heard {
  readonly type: number;
  readonly flags: number;
  readonly id: number;
  readonly payload: Buffer;
}

/** A socket that keeps what is written, and reads nothing by itself. */
class Pipe extends Duplex {
  written = Buffer.alloc(0);
  /** The other side reads nothing: what is written stays where it is. */
  isStuck = false;

  override _read(): void {
    // What is read is handed over by the test.
  }

  override _write(chunk: Buffer, _encoding: string, done: () => void): void {
    this.written = Buffer.concat([this.written, chunk]);
    if (!this.isStuck) done();
  }

  destroySoon(): void {
    this.destroy();
  }
}

/** The other side of a connection, without a network. */
export class Peer {
  readonly pipe = new Pipe();
  readonly connection: Http2Connection;
  /** Requests that are to be sent once more. */
  readonly resent: Exchange[] = [];
  isLost = false;
  nowUs = 1000;
  #requests = 0;

  constructor(mostStreams = 100, firstStream = 1) {
    this.connection = new Http2Connection(this.pipe as unknown as Socket, {
      clock: { now: () => micros(this.nowUs++) },
      outbox: new Outbox(),
      mostStreams,
      firstStream,
      connectTimeoutUs: 200_000,
      lost: () => (this.isLost = true),
      again: async ({ exchange }) => {
        this.resent.push(exchange);
        return Promise.resolve('failed');
      },
    });
  }

  /** One that has said its settings, none of its own. */
  static ready(...first: readonly (readonly [number, number])[]): Peer {
    const peer = new Peer();
    peer.say(settings(...first));
    return peer;
  }

  /** Has the client read these bytes, in pieces of so many. */
  say(bytes: Buffer, pieceBytes = 65_536): void {
    for (let at = 0; at < bytes.length; at += pieceBytes) {
      const piece = Buffer.from(bytes.subarray(at, at + pieceBytes));
      this.connection.read(piece.length, piece);
      piece.fill(0xff);
    }
  }

  /** Sends a request; what became of it is there once it is settled. */
  send(parts: Partial<RequestParts> = {}): { readonly exchange: Exchange; readonly settled: Promise<unknown> } {
    const compiled = compileRequest(request(parts), parseOrigin('http://shop.test'), this.#requests++);
    const user = newUser(0, 0);
    user.exchange.connectUs = -1;
    return {
      exchange: user.exchange,
      settled: this.connection.send(user, compiled, compiled.fill(user), () => 'completed', 0),
    };
  }

  /** Settles when what was to be written in this turn is written. */
  async turn(): Promise<void> {
    await new Promise((resolve) => setImmediate(() => setImmediate(resolve)));
  }

  /** What the client has sent, behind what it says first. */
  get heard(): readonly Heard[] {
    const { written } = this.pipe;
    const all: Heard[] = [];
    for (let at = preface.length; at + headBytes <= written.length;) {
      const end = at + headBytes + written.readUIntBE(at, 3);
      all.push({
        type: written[at + 3]!,
        flags: written[at + 4]!,
        id: readId(written, at + 5),
        payload: written.subarray(at + headBytes, end),
      });
      at = end;
    }
    return all;
  }

  /** Codes of what the client has ended: `GOAWAY 1`, `RST_STREAM 8`. */
  get ended(): readonly string[] {
    return this.heard.flatMap(({ type, payload }) => {
      if (type === 3) return [`RST_STREAM ${payload.readUInt32BE(0)}`];
      return type === 7 ? [`GOAWAY ${payload.readUInt32BE(4)}`] : [];
    });
  }

  /** The heads of requests, each as `name: value`. */
  get heads(): readonly (readonly string[])[] {
    const decoder = new Decoder();
    const all: string[][] = [];
    let block = Buffer.alloc(0);
    for (const { type, flags, payload } of this.heard) {
      if (type !== 1 && type !== 9) continue;
      block = Buffer.concat([block, payload]);
      if ((flags & 4) === 0) continue;
      if (!decoder.decode(block, 0, block.length)) throw new Error(decoder.error);
      all.push(decoder.fields.slice(0, decoder.count).map(({ name, value }) => `${name}: ${value}`));
      block = Buffer.alloc(0);
    }
    return all;
  }
}
