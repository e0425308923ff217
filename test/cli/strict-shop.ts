import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A shop that refuses whatever comes out of order, and counts everything. */
export interface StrictShop extends AsyncDisposable {
  readonly origin: string;
  /** Requests so far, however they were answered. */
  readonly requests: () => number;
  /** Requests by what they are: `login`, `look`, `buy`, `receipt` … */
  readonly counts: () => { readonly [kind: string]: number };
  /** What was out of order, in words. */
  readonly refused: readonly string[];
  /** Users that logged in, each as often as it did. */
  readonly logins: readonly string[];
  /** What was bought, in order of arrival: the quantity as JSON, and the product, as in `1 of 7`. */
  readonly bought: readonly string[];
}

interface Session {
  readonly cookie: string;
  /** What it looked at and has not bought since. */
  readonly seen: Set<string>;
  receipt: string | undefined;
}

/**
 * Opens a shop: a reset opens its doors and a close shuts them; a login takes the password of its user and gives a token and
 * a cookie, which go together; a purchase is of what this session has looked at since its last one, and sends on to a
 * receipt, which is fetched before anything else.
 *
 * @param wrong a user whose password is never right
 */
export const openStrictShop = async (wrong?: string): Promise<StrictShop> => {
  const sessions = new Map<string, Session>();
  const counts: { [kind: string]: number } = {};
  const [refused, logins, bought]: [string[], string[], string[]] = [[], [], []];
  let requests = 0;
  let isOpen = false;

  const serve = (request: IncomingMessage, body: string, response: ServerResponse): void => {
    const { pathname, search } = new URL(request.url!, 'http://shop.test');
    const end = (kind: string, status: number, json: unknown, headers = {}): void => {
      counts[kind] = (counts[kind] ?? 0) + 1;
      response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(json));
    };
    const refuse = (why: string): void => {
      refused.push(`${request.method} ${request.url}: ${why}`);
      end('refused', 403, { why });
    };
    const { authorization, cookie = '' } = request.headers;
    if (pathname === '/reset' || pathname === '/close') {
      if (isOpen === (pathname === '/reset')) return refuse('the doors are so already');
      if (authorization !== undefined) return refuse('whose token is this?');
      isOpen = pathname === '/reset';
      sessions.clear();
      return end(pathname.slice(1), 200, { day: `day-${requests}` });
    }
    if (!isOpen) return refuse('closed');
    if (pathname === '/login') {
      const form = new URLSearchParams(body);
      const user = form.get('user') ?? '';
      if (authorization !== undefined || cookie !== '') return refuse('logged in already');
      if (form.get('password') !== `päss & ${user}` || user === wrong) return refuse(`wrong password of ${user}`);
      const token = `token-${user}-${requests}`;
      const session = { cookie: `session=${requests}`, seen: new Set<string>(), receipt: undefined };
      sessions.set(token, session);
      logins.push(user);
      return end('login', 200, { token }, { 'set-cookie': `${session.cookie}; HttpOnly; Path=/` });
    }
    const session = sessions.get(authorization?.replace(/^Bearer /, '') ?? '');
    if (session === undefined) return refuse(`unknown token ${authorization}`);
    if (cookie !== session.cookie) return refuse(`cookie ${cookie} of another session`);
    if (session.receipt !== undefined && pathname !== session.receipt) return refuse('the receipt was not taken');
    const [, product = ''] = /^\/products\/(\d+)/.exec(pathname) ?? [];
    if (pathname.endsWith('/purchases')) {
      if (!session.seen.has(product)) return refuse('nobody has looked at it');
      session.seen.clear();
      session.receipt = `/receipts/${requests}`;
      const { quantity } = JSON.parse(body) as { readonly quantity: unknown };
      bought.push(`${JSON.stringify(quantity)} of ${product}`);
      return end('buy', 303, {}, { location: session.receipt });
    }
    if (pathname.startsWith('/receipts/')) {
      if (session.receipt === undefined || request.method !== 'GET') return refuse('no such receipt');
      session.receipt = undefined;
      return end('receipt', 200, {});
    }
    if (product === '' || search !== '?tags=a&tags=b%20c') return refuse('nothing is there');
    session.seen.add(product);
    return end('look', 200, { pages: 2 });
  };

  const server = createServer((request, response) => {
    requests++;
    let body = '';
    request.on('data', (chunk: Buffer) => (body += chunk.toString()));
    request.on('end', () => serve(request, body, response));
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  return {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests: () => requests,
    counts: () => counts,
    refused,
    logins,
    bought,
    [Symbol.asyncDispose]: async () => {
      const closed = once(server.close(), 'close');
      server.closeAllConnections();
      await closed;
    },
  };
};
