import { once } from 'node:events';
import { createServer, type AddressInfo, type Server, type Socket, connect } from 'node:net';

/** How long bytes take on each way, in ms. */
export interface Delays {
  readonly thereMs: number;
  readonly backMs: number;
}

/** A link to a server of this machine that takes its time, each way its own, and can be cut as a cable is: nobody is told. */
export class DelayingLink implements AsyncDisposable {
  readonly port: number;
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();
  #isCut = false;

  private constructor(server: Server, to: number, { thereMs, backMs }: Delays) {
    this.#server = server;
    this.port = (server.address() as AddressInfo).port;
    server.on('connection', (client: Socket) => {
      const target = connect(to, '127.0.0.1');
      this.#forward(client, target, thereMs);
      this.#forward(target, client, backMs);
    });
  }

  /** @param host the address that it listens on */
  static async open(to: number, delays: Delays, host = '127.0.0.1'): Promise<DelayingLink> {
    const server = createServer({ noDelay: true }).listen(0, host);
    await once(server, 'listening');
    return new DelayingLink(server, to, delays);
  }

  /** Nothing arrives any more on either side, and no connection ends. */
  cut(): void {
    this.#isCut = true;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    this.#server.close();
    await once(this.#server, 'close');
  }

  #forward(from: Socket, to: Socket, delayMs: number): void {
    this.#sockets.add(from);
    from.setNoDelay(true);
    const later = (then: () => void): void =>
      void setTimeout(() => {
        if (!this.#isCut) then();
      }, delayMs);
    from.on('data', (bytes) => later(() => void to.write(bytes)));
    from.on('end', () => later(() => void to.end()));
    from.on('error', () => to.destroy()).on('close', () => this.#sockets.delete(from));
  }
}
