import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { randomUUID } from 'node:crypto';

/** A shop whose tokens, sessions and numbers of orders are others each time it is opened. */
export interface TokenShop extends AsyncDisposable {
  readonly origin: string;
  /** What it refused, in words. */
  readonly refused: readonly string[];
  /** Requests by what they are, as they were answered without a refusal. */
  readonly counts: { readonly [kind: string]: number };
  /** Every token and session that it gave. */
  readonly given: readonly string[];
}

/** The password that everybody has. */
export const shopPassword = 'correct horse 1';

/**
 * Opens a shop: a page with a hidden field, a login that wants it and gives a token and a cookie, a list of products, one of them
 * with its ETag, a change that wants it, an order that is sent on to its receipt. It counts and refuses as it must.
 */
export const openTokenShop = async (): Promise<TokenShop> => {
  const refused: string[] = [];
  const given: string[] = [];
  const counts: { [kind: string]: number } = {};
  const forms = new Set<string>();
  const sessions = new Map<string, string>();
  const orders = new Set<string>();
  const stock = new Map([
    [7, { stock: 1_000_000, version: 1 }],
    [8, { stock: 5, version: 1 }],
  ]);
  const mark = randomUUID().slice(0, 8);
  let number = Math.floor(1000 + Math.random() * 9_000_000);

  const serve = (request: IncomingMessage, body: string, response: ServerResponse): void => {
    const { pathname, searchParams } = new URL(request.url!, 'http://shop.test');
    const asked = `${request.method} ${pathname}`;
    const end = (kind: string, status: number, json: unknown, headers: { [name: string]: string } = {}): void => {
      counts[kind] = (counts[kind] ?? 0) + 1;
      const isHtml = typeof json === 'string';
      response
        .writeHead(status, { 'content-type': isHtml ? 'text/html' : 'application/json', ...headers })
        .end(isHtml ? json : JSON.stringify(json));
    };
    const refuse = (status: number, why: string): void => {
      refused.push(`${asked}: ${why}`);
      response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify({ why }));
    };
    if (asked === 'GET /login') {
      const csrf = randomUUID().replaceAll('-', '');
      forms.add(csrf);
      given.push(csrf);
      return end('page', 200, `<html><form><input name="csrf" type="hidden" value="${csrf}"></form></html>`);
    }
    if (asked === 'GET /logo.png') return end('asset', 200, 'png');
    if (asked === 'POST /session') {
      const form = new URLSearchParams(body);
      if (!forms.delete(form.get('csrf') ?? '')) return refuse(403, 'unknown form');
      if (form.get('password') !== shopPassword) return refuse(403, 'wrong password');
      const [token, sid] = [`t-${randomUUID()}`, randomUUID()];
      sessions.set(token, sid);
      given.push(token, sid);
      return end(
        'login',
        200,
        { user: { id: 42 }, access_token: token },
        { 'set-cookie': `sid=${sid}; Path=/; HttpOnly` },
      );
    }
    const token = request.headers.authorization?.replace(/^Bearer /, '') ?? '';
    const sid = sessions.get(token);
    if (sid === undefined) return refuse(401, 'unknown token');
    if (request.headers.cookie !== `sid=${sid}`) return refuse(401, 'cookie of another session');
    if (asked === 'GET /products' && searchParams.get('q') === 'tea & "more"')
      return end('list', 200, [
        { id: 7, name: 'tea' },
        { id: 8, name: 'more' },
      ]);
    const product = /^\/products\/(\d+)$/.exec(pathname);
    const found = stock.get(Number(product?.[1]));
    if (product !== null && found !== undefined && request.method === 'GET')
      return end('read', 200, { id: Number(product[1]), ...found }, { etag: `"v${found.version}-${mark}"` });
    if (product !== null && found !== undefined && request.method === 'PUT') {
      if (request.headers['if-match'] !== undefined && request.headers['if-match'] !== `"v${found.version}-${mark}"`)
        return end('conflict', 412, {});
      found.version++;
      return end('write', 204, {});
    }
    if (asked === 'POST /orders') {
      const { productId, quantity } = JSON.parse(body) as { readonly productId: unknown; readonly quantity: unknown };
      if (productId !== 7 || quantity !== 1) return refuse(400, `no such product ${body}`);
      const order = `o-${++number}-${randomUUID()}`;
      orders.add(order);
      return end('order', 201, { order: { id: order } });
    }
    const order = /^\/orders\/([^/]+)\/(pay|receipt)$/.exec(pathname);
    if (order !== null && !orders.has(order[1]!)) return refuse(404, 'no such order');
    if (order?.[2] === 'pay') return end('pay', 303, {}, { location: `/orders/${order[1]}/receipt` });
    if (order?.[2] === 'receipt') return end('receipt', 200, { paid: true });
    return refuse(404, 'nothing is there');
  };

  const server = createServer((request, response) => {
    let body = '';
    request.on('data', (chunk: Buffer) => (body += chunk.toString()));
    request.on('end', () => serve(request, body, response));
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  return {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    refused,
    counts,
    given,
    [Symbol.asyncDispose]: async () => {
      const closed = once(server.close(), 'close');
      server.closeAllConnections();
      await closed;
    },
  };
};
