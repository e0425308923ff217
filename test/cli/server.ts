import { once } from 'node:events';
import { createServer } from 'node:http';
import { connect, createServer as createTcpServer, type AddressInfo, type Socket } from 'node:net';

/** A server on the loopback interface that remembers what it was asked. */
export interface TestServer extends AsyncDisposable {
  readonly origin: string;
  /** `GET /products/1`, in the order in which they came. */
  readonly requests: readonly string[];
  connections(): number;
  close(): Promise<void>;
}

/**
 * Opens a server.
 *
 * @param statusOf the status of the answer to `GET /products/1`; `undefined`: no answer ever comes
 */
export const openServer = async (statusOf: (request: string) => number | undefined): Promise<TestServer> => {
  const requests: string[] = [];
  let connections = 0;
  const server = createServer((request, response) => {
    const asked = `${request.method} ${request.url}`;
    requests.push(asked);
    const status = statusOf(asked);
    if (status !== undefined) response.writeHead(status, { 'content-type': 'application/json' }).end('{"stock":5}');
  });
  server.on('connection', () => {
    connections++;
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const { port } = server.address() as AddressInfo;
  const close = async (): Promise<void> => {
    if (!server.listening) return;
    const closed = once(server.close(), 'close');
    server.closeAllConnections();
    await closed;
  };
  return {
    origin: `http://127.0.0.1:${port}`,
    requests,
    connections: () => connections,
    close,
    [Symbol.asyncDispose]: close,
  };
};

/** A target of https that takes connections and says nothing on them. */
export const openMute = async (): Promise<AsyncDisposable & Pick<TestServer, 'origin' | 'connections'>> => {
  const sockets: Socket[] = [];
  const server = createTcpServer((socket) => void sockets.push(socket.on('error', () => undefined)));
  await once(server.listen(0, '127.0.0.1'), 'listening');
  return {
    origin: `https://127.0.0.1:${(server.address() as AddressInfo).port}`,
    connections: () => sockets.length,
    [Symbol.asyncDispose]: async () => {
      const closed = once(server.close(), 'close');
      for (const socket of sockets) socket.destroy();
      await closed;
    },
  };
};

/** An origin where nobody listens. */
export const refusingOrigin = async (): Promise<string> => {
  const server = await openServer(() => 200);
  await server.close();
  return server.origin;
};

/** Whether somebody listens there. */
export const accepts = async (origin: string): Promise<boolean> => {
  const socket = connect(Number(new URL(origin).port), '127.0.0.1');
  try {
    await once(socket, 'connect');
    return true;
  } catch {
    return false;
  } finally {
    socket.destroy();
  }
};
