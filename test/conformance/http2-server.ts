import {
  createSecureServer,
  createServer,
  type Http2SecureServer,
  type Http2Server as PlainServer,
  type ServerHttp2Session,
  type ServerHttp2Stream,
} from 'node:http2';
import type { IncomingHttpHeaders, SecureServerOptions } from 'node:http2';
import type { AddressInfo } from 'node:net';
import { serverPem } from './pem.ts';

/** One request as it came. */
export interface SeenStream {
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
  /** Which connection it came on; the first one is 0. */
  readonly connection: number;
}

/** What to do with a request: its body is in. */
export type StreamScript = (stream: ServerHttp2Stream, seen: SeenStream) => void;

/** Over TLS, unless it says otherwise. */
type Options = SecureServerOptions & { readonly isSecure?: boolean };

/** A server that speaks HTTP/2, and HTTP/1.1 to none, with a script for its answers; it keeps what it received. */
export class Http2Server {
  answer: StreamScript;
  /** Answer when the head is in, without waiting for the body. */
  answersAtHead = false;
  readonly requests: SeenStream[] = [];
  readonly sessions: ServerHttp2Session[] = [];
  /** The most that were in flight on one connection. */
  mostStreams = 0;
  readonly #server: Http2SecureServer | PlainServer;
  readonly #isSecure: boolean;

  private constructor(answer: StreamScript, { isSecure = true, ...options }: Options) {
    this.answer = answer;
    this.#isSecure = isSecure;
    this.#server = isSecure
      ? createSecureServer({ key: serverPem, cert: serverPem, ...options })
      : createServer(options);
    this.#server.on('sessionError', () => undefined);
    this.#server.on('session', (session) => this.#accept(session));
  }

  /** Listens on a free port of the loopback. */
  static async open(answer: StreamScript, options: Options = {}): Promise<Http2Server> {
    const server = new Http2Server(answer, options);
    await new Promise<void>((resolve) => void server.#server.listen(0, '127.0.0.1', resolve));
    return server;
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  get origin(): string {
    return `http${this.#isSecure ? 's' : ''}://shop.test:${this.port}`;
  }

  async close(): Promise<void> {
    for (const session of this.sessions) session.destroy();
    await new Promise((resolve) => void this.#server.close(resolve));
  }

  #accept(session: ServerHttp2Session): void {
    const connection = this.sessions.push(session) - 1;
    let streams = 0;
    session.on('error', () => undefined);
    session.on('stream', (stream: ServerHttp2Stream, headers: IncomingHttpHeaders) => {
      this.mostStreams = Math.max(this.mostStreams, ++streams);
      const chunks: Buffer[] = [];
      const respond = (): void => {
        const seen = { headers, body: Buffer.concat(chunks), connection };
        this.requests.push(seen);
        this.answer(stream, seen);
      };
      stream.on('error', () => undefined).on('close', () => streams--);
      if (this.answersAtHead) return respond();
      stream.on('data', (chunk: Buffer) => chunks.push(chunk)).on('end', respond);
      return undefined;
    });
  }
}

/** A well-behaved answer. */
export const saying =
  (body: string, headers: { readonly [name: string]: string | number | readonly string[] } = {}): StreamScript =>
  (stream) => {
    stream.respond({ ':status': 200, ...headers });
    stream.end(body);
  };

/** Frames of HTTP/2 as they stand on the wire: none of a library, so that they may be wrong. */
const frame = (type: number, flags: number, stream: number, payload: Uint8Array): Buffer => {
  const head = Buffer.alloc(9);
  head.writeUIntBE(payload.length, 0, 3);
  head.writeUInt8(type, 3);
  head.writeUInt8(flags, 4);
  head.writeUInt32BE(stream, 5);
  return Buffer.concat([head, payload]);
};

/** The settings of a server, none of its own: what it says first. */
export const emptySettings = frame(4, 0, 0, Buffer.alloc(0));

/** The head of an answer with status 200, and the beginning of its body. */
export const halfAnswer = (stream: number): Buffer =>
  Buffer.concat([frame(1, 4, stream, Buffer.from([0x88])), frame(0, 0, stream, Buffer.from('half'))]);

/** The end of a stream, with this code. */
export const reset = (stream: number, code: number): Buffer => {
  const payload = Buffer.alloc(4);
  payload.writeUInt32BE(code);
  return frame(3, 0, stream, payload);
};

/** The stream of a request among what a client sent; 0: there is none yet. */
export const streamIn = (bytes: Buffer): number => {
  for (let at = 24; at + 9 <= bytes.length; at += 9 + bytes.readUIntBE(at, 3))
    if (bytes.readUInt8(at + 3) === 1) return bytes.readUInt32BE(at + 5);
  return 0;
};
