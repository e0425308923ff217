import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';

/** What a script writes: a string stands for its latin1 bytes. */
export type Bytes = string | Uint8Array;

/** An answer as bytes: each chunk written in a turn of the event loop of its own, as long as somebody takes them, and then perhaps an end. */
export interface Answer {
  readonly chunks: Iterable<Bytes>;
  /** `fin`: no more bytes; `rst`: the connection is torn down. Without it, it stays open. */
  readonly end?: 'fin' | 'rst';
}

/** One request, byte for byte. */
export interface SeenRequest {
  readonly method: string;
  /** As it stands in the request line. */
  readonly path: string;
  /** The request line without its end. */
  readonly line: string;
  readonly headers: readonly (readonly [name: string, value: string])[];
  readonly body: Buffer;
  /** Which connection it came on; the first one is 0. */
  readonly connection: number;
}

/** What to answer a request with. */
export type Script = (request: SeenRequest) => Answer | Promise<Answer>;

/** One connection as the server sees it. */
export interface SeenConnection {
  readonly socket: Socket;
  /** Settles when it is closed, by whichever side; rejects if that takes more than two seconds. */
  readonly closed: () => Promise<void>;
  isOpen: boolean;
  received: Buffer;
}

/** One turn of the event loop. On loopback, what was written before it is there to be read after it. */
const turn = async (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/** So many turns that a socket's end has been noticed by both sides. */
export const turns = async (count = 6): Promise<void> => {
  for (let at = 0; at < count; at++) await turn();
};

/** A server that knows no HTTP but where a request ends: it answers with the bytes of a script and keeps what it received. */
export class RawServer {
  answer: Script;
  /** Answer when the head is in, without waiting for the body. */
  answersAtHead = false;
  readonly requests: SeenRequest[] = [];
  readonly connections: SeenConnection[] = [];
  readonly #server: Server;
  readonly #answering = new Set<Promise<void>>();

  private constructor(answer: Script) {
    this.answer = answer;
    this.#server = createServer((socket) => this.#accept(socket));
  }

  /** Listens on a free port of the loopback. */
  static async open(answer: Script): Promise<RawServer> {
    const server = new RawServer(answer);
    await new Promise<void>((resolve) => void server.#server.listen(0, '127.0.0.1', resolve));
    return server;
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  get origin(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  /** Forgets what it has seen; connections are numbered from 0 again. Those still open are torn down. */
  forget(): void {
    for (const { socket } of this.connections) socket.destroy();
    this.connections.length = 0;
    this.requests.length = 0;
    this.answersAtHead = false;
  }

  /** Settles when every answer is written to its end, and whatever followed from it has been noticed. */
  async settled(): Promise<void> {
    await Promise.all(this.#answering);
    await turns();
  }

  async close(): Promise<void> {
    this.forget();
    await new Promise((resolve) => void this.#server.close(resolve));
  }

  #accept(socket: Socket): void {
    socket.setNoDelay(true);
    const closing = new Promise<void>((resolve) => void socket.on('close', () => resolve()));
    const closed = async (): Promise<void> => {
      if (!connection.isOpen) return;
      const late = new Promise<void>((_resolve, reject) => {
        const timer = setTimeout(() => reject(new Error(`connection ${number} is still open`)), 2000);
        socket.on('close', () => clearTimeout(timer));
      });
      await Promise.race([closing, late]);
    };
    const connection: SeenConnection = { socket, closed, isOpen: true, received: Buffer.alloc(0) };
    const number = this.connections.push(connection) - 1;
    let at = 0;
    let answered = 0;
    let seen = 0;
    socket.on('close', () => (connection.isOpen = false));
    // A client that tears its connection down is seen by `closed`.
    socket.on('error', () => undefined);
    socket.on('data', (bytes) => {
      connection.received = Buffer.concat([connection.received, bytes]);
      for (;;) {
        const request = parseRequest(connection.received, at, number);
        if (request === undefined) return;
        if (this.answersAtHead && answered === seen) {
          answered++;
          this.#respond(socket, request);
        }
        if (!request.isWhole) return;
        at = request.end;
        seen++;
        this.requests.push(request);
        if (answered === seen) continue;
        answered++;
        this.#respond(socket, request);
      }
    });
  }

  #respond(socket: Socket, request: SeenRequest): void {
    const answering = this.#write(socket, request).finally(() => this.#answering.delete(answering));
    this.#answering.add(answering);
  }

  async #write(socket: Socket, request: SeenRequest): Promise<void> {
    const { chunks, end } = await this.answer(request);
    for (const chunk of chunks) {
      // Written where the sockets are looked at next, so that the one chunk has been read when the other is written.
      await turn();
      if (socket.destroyed) return;
      const isRoomLeft = typeof chunk === 'string' ? socket.write(chunk, 'latin1') : socket.write(chunk);
      if (!isRoomLeft) await new Promise<void>((resolve) => void socket.once('drain', resolve).once('close', resolve));
    }
    if (end === undefined) return;
    await turn();
    if (end === 'fin') socket.end();
    else socket.resetAndDestroy();
  }
}

interface Parsed extends SeenRequest {
  readonly isWhole: boolean;
  readonly end: number;
}

const parseRequest = (received: Buffer, from: number, connection: number): Parsed | undefined => {
  const headEnd = received.indexOf('\r\n\r\n', from, 'latin1');
  if (headEnd < 0) return undefined;
  const [line = '', ...lines] = received.toString('latin1', from, headEnd).split('\r\n');
  const [method = '', path = ''] = line.split(' ');
  const headers = lines.map((header) => {
    const colon = header.indexOf(':');
    return [header.slice(0, colon), header.slice(colon + 1).trim()] as const;
  });
  const length = Number(headers.find(([name]) => name.toLowerCase() === 'content-length')?.[1] ?? 0);
  const end = headEnd + 4 + length;
  const body = received.subarray(headEnd + 4, end);
  return { method, path, line, headers, body, connection, isWhole: received.length >= end, end };
};
