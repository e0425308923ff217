import { once } from 'node:events';
import { createServer, type AddressInfo, type Socket } from 'node:net';

/** How a server shares its workers out among connections. */
export interface Serving {
  readonly workers: number;
  /** When a worker leaves a connection: when it is closed from the other end; after each answer, which closes it; or when it was idle so long. */
  readonly until: 'closed' | 'answered' | { readonly idleMs: number };
  /** Before each answer. */
  readonly workMs?: number;
}

/** A server each of whose workers has one connection at a time. */
export interface SerialServer extends AsyncDisposable {
  readonly origin: string;
  /** `GET /` …, in the order in which they were read. */
  readonly requests: readonly string[];
  connections(): number;
}

/**
 * Opens a server as gunicorn, cheroot, Apache prefork and Python's HTTPServer are: a connection waits, accepted and unread, until
 * a worker is free, and the worker is bound to it.
 */
export const openSerial = async ({ workers, until, workMs = 1 }: Serving): Promise<SerialServer> => {
  const requests: string[] = [];
  const open = new Set<Socket>();
  const waiting: Socket[] = [];
  let [connections, free] = [0, workers];

  const serve = (socket: Socket): void => {
    let text = '';
    let idle: NodeJS.Timeout | undefined;
    const rest = (): void => {
      if (typeof until === 'object') idle = setTimeout(() => socket.end(), until.idleMs);
    };
    const answerNext = (): void => {
      const end = text.indexOf('\r\n\r\n');
      if (end < 0) return;
      clearTimeout(idle);
      requests.push(text.slice(0, text.indexOf(' HTTP/')));
      text = text.slice(end + 4);
      setTimeout(() => {
        const closes = until === 'answered';
        const head = `HTTP/1.1 200 OK\r\nContent-Length: 2\r\n${closes ? 'Connection: close\r\n' : ''}\r\nok`;
        if (closes) return socket.end(head);
        socket.write(head);
        rest();
        return answerNext();
      }, workMs);
    };
    socket.on('data', (bytes: Buffer) => {
      text += bytes.toString('latin1');
      answerNext();
    });
    socket.on('end', () => socket.end());
    socket.on('close', () => {
      clearTimeout(idle);
      free++;
      serveNext();
    });
    rest();
    socket.resume();
  };

  const serveNext = (): void => {
    while (free > 0 && waiting.length > 0) {
      free--;
      serve(waiting.shift()!);
    }
  };

  const server = createServer({ pauseOnConnect: true, allowHalfOpen: true }, (socket) => {
    connections++;
    open.add(socket);
    socket.on('error', () => undefined).on('close', () => open.delete(socket));
    waiting.push(socket);
    serveNext();
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  return {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests,
    connections: () => connections,
    [Symbol.asyncDispose]: async () => {
      const closed = once(server.close(), 'close');
      for (const socket of open) socket.destroy();
      await closed;
    },
  };
};
