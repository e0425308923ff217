import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { createServer as createSecureServer } from 'node:tls';

/** How a proxy is to behave. */
export interface ProxyOptions {
  /** `user:password` that it wants; it asks for none if not given. */
  readonly credentials?: string;
  /** Key and certificate: it is a proxy of https. */
  readonly pem?: string;
  /** What it says to every CONNECT, in place of opening a way. */
  readonly refusal?: string;
}

/**
 * A proxy that opens tunnels for CONNECT and hands on requests in absolute form, byte for byte: one connection to the target
 * for each that it is given, ended as that one is ended.
 */
export class TestProxy {
  /** The request lines of its own, each with the credentials that came with it. */
  readonly asked: string[] = [];
  readonly #server: Server;
  readonly #options: ProxyOptions;
  readonly #sockets = new Set<Socket>();

  private constructor(options: ProxyOptions) {
    this.#options = options;
    const { pem } = options;
    const accept = (socket: Socket): void => this.#accept(socket);
    this.#server =
      pem === undefined
        ? createServer(accept)
        : createSecureServer({ key: pem, cert: pem, ALPNProtocols: ['http/1.1'] }, accept);
  }

  /** Listens on a free port of the loopback; a process may end without closing it. */
  static async open(options: ProxyOptions = {}): Promise<TestProxy> {
    const proxy = new TestProxy(options);
    await new Promise<void>((resolve) => void proxy.#server.listen(0, '127.0.0.1', resolve));
    proxy.#server.unref();
    return proxy;
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  get url(): string {
    return `http${this.#options.pem === undefined ? '' : 's'}://127.0.0.1:${this.port}`;
  }

  async close(): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    await new Promise((resolve) => void this.#server.close(resolve));
  }

  #accept(client: Socket): void {
    client.setNoDelay(true);
    this.#sockets.add(client);
    client.on('close', () => this.#sockets.delete(client)).on('error', () => undefined);
    let head = Buffer.alloc(0);
    const take = (bytes: Buffer): void => {
      head = Buffer.concat([head, bytes]);
      const end = head.indexOf('\r\n\r\n');
      if (end < 0) return;
      client.off('data', take).pause();
      this.#open(client, head, end + 4);
    };
    client.on('data', take);
  }

  #open(client: Socket, bytes: Buffer, headEnd: number): void {
    const text = bytes.toString('latin1', 0, headEnd);
    const [line = ''] = text.split('\r\n');
    const [, given = ''] = /^proxy-authorization: Basic (\S+)/im.exec(text) ?? [];
    const credentials = Buffer.from(given, 'base64').toString();
    this.asked.push(credentials === '' ? line : `${line} (${credentials})`);
    const { credentials: wanted, refusal } = this.#options;
    if (wanted !== undefined && credentials !== wanted) {
      client.end(
        'HTTP/1.1 407 Proxy Authentication Required\r\nProxy-Authenticate: Basic\r\nContent-Length: 0\r\n\r\n',
      );
      return;
    }
    const [, method = '', host = '', port = ''] = /^(\S+) (?:http:\/\/)?([^/\s]*?)(?::(\d+))?[/\s]/.exec(line) ?? [];
    const isTunnel = method === 'CONNECT';
    if (isTunnel && refusal !== undefined) {
      client.end(`HTTP/1.1 ${refusal}\r\nContent-Length: 0\r\n\r\n`);
      return;
    }
    // A name that only the test knows is this machine.
    const upstream = connect(
      { port: Number(port), host: host.endsWith('.test') ? '127.0.0.1' : host, noDelay: true },
      () => {
        if (isTunnel) client.write('HTTP/1.1 200 Connection established\r\n\r\n');
        const first = isTunnel ? bytes.subarray(headEnd) : inOriginForm(bytes);
        if (first.length > 0) upstream.write(first);
        client.on('data', (chunk: Buffer) => {
          if (upstream.write(isTunnel ? chunk : inOriginForm(chunk))) return;
          client.pause();
          upstream.once('drain', () => client.resume());
        });
        client.resume();
        upstream.pipe(client);
      },
    );
    let isOpen = false;
    upstream.on('connect', () => (isOpen = true));
    upstream.on('error', () => {
      if (isOpen) client.resetAndDestroy();
      else client.end('HTTP/1.1 502 Bad Gateway\r\nContent-Length: 0\r\n\r\n');
    });
    upstream.on('close', () => isOpen && client.end());
    client.on('end', () => upstream.end());
    client.on('close', () => upstream.destroy());
  }
}

/** Requests come one after the other: each begins a piece. */
const inOriginForm = (chunk: Buffer): Buffer => {
  const [absolute, method] = /^([A-Z]+) http:\/\/[^/\s]+/.exec(chunk.toString('latin1', 0, 300)) ?? [];
  return absolute === undefined ? chunk : Buffer.concat([Buffer.from(`${method} `), chunk.subarray(absolute.length)]);
};
