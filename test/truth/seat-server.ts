import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';

/** Seats behind a login, and locks that let wait. */
export interface SeatServer extends AsyncDisposable {
  readonly origin: string;
  /** How often a seat or a lock was given to somebody while somebody else had it. */
  readonly givenTwice: () => number;
}

/**
 * Opens it. `POST /seats/7` takes a seat or is refused (409), `POST /locks/7` waits until the lock is free; `DELETE` gives back.
 *
 * @param isRight otherwise a seat is looked at, and taken a moment later, and one lock in four is granted at once
 */
export const openSeats = async (isRight: boolean): Promise<SeatServer> => {
  const holders = new Map<string, string>();
  const waiting = new Map<string, (() => void)[]>();
  let [twice, asked] = [0, 0];

  const grant = (path: string, who: string): void => {
    if (holders.has(path)) twice++;
    holders.set(path, who);
  };

  const take = async (path: string, who: string): Promise<number> => {
    if (path.startsWith('/locks')) {
      const waits = holders.has(path) && (isRight || asked++ % 4 > 0);
      // Who gives it back hands it over: nobody comes between.
      if (waits) await new Promise<void>((resolve) => waiting.set(path, [...(waiting.get(path) ?? []), resolve]));
      grant(path, who);
      await pause(1);
      return 201;
    }
    await pause(1);
    if (holders.has(path)) return 409;
    if (!isRight) await pause(1);
    grant(path, who);
    return 201;
  };

  const giveBack = async (path: string, who: string): Promise<number> => {
    await pause(1);
    if (holders.get(path) === who) holders.delete(path);
    const [next, ...others] = holders.has(path) ? [] : (waiting.get(path) ?? []);
    if (next !== undefined) waiting.set(path, others);
    next?.();
    return 204;
  };

  const serve = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const { method, url = '', headers } = request;
    let text = '';
    for await (const piece of request) text += String(piece);
    response.setHeader('content-type', 'application/json');
    if (url === '/reset') {
      holders.clear();
      waiting.clear();
      return void response.end('{}');
    }
    if (url === '/login') {
      const { user } = JSON.parse(text) as { user: string };
      return void response.end(JSON.stringify({ token: user }));
    }
    const who = headers.authorization;
    if (who === undefined) return void response.writeHead(401).end('{}');
    const status = method === 'POST' ? await take(url, who) : await giveBack(url, who);
    response.writeHead(status).end(status === 201 ? JSON.stringify({ holder: who }) : status === 204 ? '' : '{}');
  };
  const server = createServer((request, response) => void serve(request, response));
  await once(server.listen(0, '127.0.0.1'), 'listening');
  return {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    givenTwice: () => twice,
    [Symbol.asyncDispose]: async () => {
      const closed = once(server.close(), 'close');
      server.closeAllConnections();
      await closed;
    },
  };
};
