import { once } from 'node:events';
import { connect } from 'node:net';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { MemoryStore } from '../../src/store/memory.ts';
import { listen, type StoreServer } from '../../src/store/server.ts';
import type { Store } from '../../src/store/store.ts';

let server: StoreServer;

beforeEach(async () => {
  const store = new MemoryStore({ serviceUs: 0 });
  await store.reset({ products: 2, stock: 10 });
  server = await listen(store, { port: 0, cpuUs: () => 1234, nowMs: () => 0 });
});

afterEach(() => server.close());

const send = (method: string, path: string, body?: unknown, headers: Record<string, string> = {}): Promise<Response> =>
  fetch(server.origin + path, {
    method,
    headers,
    ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
  });

const errorOf = async (response: Response): Promise<string> => {
  const { error } = (await response.json()) as { error: string };
  return error;
};

describe('products', () => {
  test('a reset answers with what it was asked for', async () => {
    const response = await send('POST', '/reset', { products: 3, stock: 7 });
    expect(response.status).toBe(200);
    expect(await response.json()).toEqual({ products: 3, stock: 7 });
    expect(await (await send('GET', '/products/3')).json()).toEqual({ id: 3, name: 'product 3', stock: 7, version: 1 });
  });

  test('a submitted product is created, with its place and its ETag', async () => {
    const response = await send('POST', '/products', { name: 'café lamp', stock: 5 });
    expect(response.status).toBe(201);
    expect(response.headers.get('location')).toBe('/products/3');
    expect(response.headers.get('etag')).toBe('"1"');
    expect(await response.json()).toEqual({ id: 3, name: 'café lamp', stock: 5, version: 1 });
    expect(await (await send('GET', '/products/3')).json()).toMatchObject({ name: 'café lamp' });
  });

  test('a read gives the product as JSON with a strong ETag and its length', async () => {
    const response = await send('GET', '/products/1?fresh=yes');
    const text = await response.text();
    expect(response.status).toBe(200);
    expect(response.headers.get('etag')).toBe('"1"');
    expect(response.headers.get('content-type')).toBe('application/json');
    expect(response.headers.get('content-length')).toBe(String(Buffer.byteLength(text)));
    expect(JSON.parse(text)).toEqual({ id: 1, name: 'product 1', stock: 10, version: 1 });
  });

  test('HEAD answers as GET does, without the body', async () => {
    const get = await send('GET', '/products/1');
    const head = await send('HEAD', '/products/1');
    expect(head.status).toBe(200);
    expect(head.headers.get('etag')).toBe('"1"');
    expect(head.headers.get('content-length')).toBe(get.headers.get('content-length'));
    expect(await head.text()).toBe('');
    expect((await send('HEAD', '/')).status).toBe(404);
  });

  test('a PUT without If-Match overwrites whatever is there', async () => {
    const first = await send('PUT', '/products/1', { stock: 9 });
    expect(first.status).toBe(200);
    expect(first.headers.get('etag')).toBe('"2"');
    const second = await send('PUT', '/products/1', { stock: 8, name: 'lamp' });
    expect(await second.json()).toEqual({ id: 1, name: 'lamp', stock: 8, version: 3 });
  });
});

describe('If-Match', () => {
  const put = (ifMatch: string, path = '/products/1'): Promise<Response> =>
    send('PUT', path, { stock: 9 }, { 'if-match': ifMatch });

  test('lets the version through that is there, once', async () => {
    expect((await put('"1"')).status).toBe(200);
    expect((await put('"1"')).status).toBe(412);
    expect(await (await send('GET', '/products/1')).json()).toMatchObject({ stock: 9, version: 2 });
  });

  test('* matches any version', async () => {
    expect((await put('*')).status).toBe(200);
    expect((await put('*')).headers.get('etag')).toBe('"3"');
  });

  test.each(['W/"1"', '"01"', '"one"', '""', '"99999999999999999999"'])('%s matches nothing', async (etag) => {
    expect((await put(etag)).status).toBe(412);
    expect(await (await send('GET', '/products/1')).json()).toMatchObject({ version: 1 });
  });

  test.each(['1', '"1", "2"', '"1'])('%s is malformed, and the answer says what to send', async (etag) => {
    const response = await put(etag);
    expect(response.status).toBe(400);
    expect(await errorOf(response)).toContain('double quotes');
  });

  test('a product that is not there is 404, whatever the ETag', async () => {
    expect((await put('"1"', '/products/9')).status).toBe(404);
    expect((await put('*', '/products/9')).status).toBe(404);
  });
});

describe('purchases', () => {
  test('a purchase answers with what is left', async () => {
    const response = await send('POST', '/products/2/purchases', { quantity: 4 });
    expect(response.status).toBe(201);
    expect(await response.json()).toEqual({ id: 2, quantity: 4, stock: 6 });
    expect((await send('GET', '/products/2')).headers.get('etag')).toBe('"2"');
  });

  test('more than there is answers 409 and takes nothing', async () => {
    const response = await send('POST', '/products/2/purchases', { quantity: 11 });
    expect(response.status).toBe(409);
    expect(await errorOf(response)).toContain('sold out');
    expect(await (await send('GET', '/products/2')).json()).toMatchObject({ stock: 10, version: 1 });
  });

  test('30 shoppers at once share 10 pieces', async () => {
    const answers = await Promise.all(
      Array.from({ length: 30 }, () => send('POST', '/products/2/purchases', { quantity: 1 })),
    );
    expect(answers.filter(({ status }) => status === 201)).toHaveLength(10);
    expect(answers.filter(({ status }) => status === 409)).toHaveLength(20);
  });
});

describe('seats and accounts', () => {
  beforeEach(() => send('POST', '/reset', { products: 1, stock: 1, seats: 2, accounts: 2, balance: 50 }));

  test('a seat is booked once, and any seat until there is none', async () => {
    const booked = await send('POST', '/seats/2/bookings', { customer: 7 });
    expect(booked.status).toBe(201);
    expect(await booked.json()).toEqual({ id: 2, customer: 7 });
    expect((await send('POST', '/seats/2/bookings', { customer: 8 })).status).toBe(409);
    expect(await (await send('GET', '/seats/2')).json()).toEqual({ id: 2, customer: 7, version: 2 });
    expect(await (await send('GET', '/seats/1')).json()).toEqual({ id: 1, customer: null, version: 1 });
    const any = await send('POST', '/bookings', { customer: 9 });
    expect(any.headers.get('location')).toBe('/seats/1');
    expect((await send('POST', '/bookings', { customer: 9 })).status).toBe(409);
    expect(await (await send('GET', '/seats')).json()).toEqual({ seats: 2, free: 0 });
  });

  test('a transfer tells both balances; more than the payer has is 422, and moves nothing', async () => {
    const paid = await send('POST', '/transfers', { from: 1, to: 2, amount: 20 });
    expect(paid.status).toBe(201);
    expect(await paid.json()).toEqual({ from: 1, to: 2, amount: 20, balances: { from: 30, to: 70 } });
    expect((await send('POST', '/transfers', { from: 1, to: 2, amount: 31 })).status).toBe(422);
    expect(await (await send('GET', '/accounts/1')).json()).toEqual({ id: 1, balance: 30, version: 2 });
    expect(await (await send('GET', '/accounts')).json()).toEqual({ accounts: 2, total: 100 });
  });

  test('a strategy that the store does not know is 400, and names those that it knows', async () => {
    const response = await send('POST', '/bookings', { customer: 1 }, { 'contend-strategy': 'row-lock' });
    expect(response.status).toBe(400);
    expect(await errorOf(response)).toContain('atomic, naive; the others take a database: contend store --postgres');
  });

  test('a store in memory tells no times', async () => {
    expect((await send('GET', '/products/1')).headers.get('server-timing')).toBeNull();
  });
});

describe('what cannot be answered', () => {
  test.each([
    '/',
    '/product/1',
    '/products/',
    '/products/0',
    '/products/01',
    '/products/one',
    '/products/1/',
    '/reset/1',
    '/constructor',
    '/seats/1/purchases',
    '/accounts/1/bookings',
  ])('%s is 404', async (path) => {
    const response = await send('GET', path);
    expect(response.status).toBe(404);
    expect(await errorOf(response)).not.toBe('');
  });

  test.each([
    ['GET', '/products/99', undefined],
    ['PUT', '/products/99', { stock: 1 }],
    ['POST', '/products/99/purchases', { quantity: 1 }],
  ])('%s %s is 404: there is no such product', async (method, path, body) => {
    expect((await send(method, path, body)).status).toBe(404);
  });

  test.each([
    ['DELETE', '/products/1', 'GET, HEAD, PUT'],
    ['POST', '/products/1', 'GET, HEAD, PUT'],
    ['GET', '/products', 'POST'],
    ['GET', '/reset', 'POST'],
    ['PUT', '/products/1/purchases', 'POST'],
    ['POST', '/stats', 'GET, HEAD'],
    ['POST', '/seats/1', 'GET, HEAD'],
    ['GET', '/transfers', 'POST'],
    ['DELETE', '/accounts', 'GET, HEAD'],
  ])('%s %s is 405, with what is allowed', async (method, path, allow) => {
    const response = await send(method, path);
    expect(response.status).toBe(405);
    expect(response.headers.get('allow')).toBe(allow);
    expect(await errorOf(response)).toContain(allow);
  });

  test.each([
    ['POST', '/reset', '', 'JSON'],
    ['POST', '/reset', '{', 'JSON'],
    ['POST', '/reset', '[]', 'object'],
    ['POST', '/reset', 'null', 'object'],
    ['POST', '/reset', { products: -1, stock: 1 }, '"products"'],
    ['POST', '/reset', { products: 1e9, stock: 1 }, '"products"'],
    ['POST', '/reset', { products: 1 }, '"stock"'],
    ['POST', '/products', { stock: 1 }, '"name"'],
    ['POST', '/products', { name: 7, stock: 1 }, '"name"'],
    ['POST', '/products', { name: 'lamp', stock: 1.5 }, '"stock"'],
    ['PUT', '/products/1', { stock: '9' }, '"stock"'],
    ['PUT', '/products/1', { stock: 9, name: null }, '"name"'],
    ['PUT', '/products/1', { stock: 1e300 }, '"stock"'],
    ['POST', '/products/1/purchases', { quantity: 0 }, '"quantity"'],
    ['POST', '/products/1/purchases', {}, '"quantity"'],
    ['POST', '/seats/1/bookings', { customer: 0 }, '"customer"'],
    ['POST', '/transfers', { from: 1, to: 1, amount: 1 }, 'two accounts'],
    ['POST', '/reset', { products: 1, stock: 1, seats: -1 }, '"seats"'],
  ])('%s %s with %j is 400 and names the fault', async (method, path, body, fault) => {
    const response = await send(method, path, body);
    expect(response.status).toBe(400);
    expect(await errorOf(response)).toContain(fault);
  });

  test('a body of 1 MiB is taken, a larger one is 413, and the connection goes on', async () => {
    const bodyOfBytes = (bytes: number): string => {
      const around = JSON.stringify({ name: '', stock: 1 }).length;
      return JSON.stringify({ name: 'x'.repeat(bytes - around), stock: 1 });
    };
    expect((await send('POST', '/products', bodyOfBytes(1024 * 1024))).status).toBe(201);
    const response = await send('POST', '/products', bodyOfBytes(1024 * 1024 + 1));
    expect(response.status).toBe(413);
    expect(await errorOf(response)).toContain('1 MiB');
    expect((await send('GET', '/products/1')).status).toBe(200);
  });

  test('a store that fails is 500 with its reason, and the server goes on', async () => {
    const broken: Store = new MemoryStore({ pause: () => Promise.reject(new Error('disk full')) });
    const failing = await listen(broken, { port: 0, cpuUs: () => 0, nowMs: () => 0 });
    const response = await fetch(`${failing.origin}/products/1`);
    expect(response.status).toBe(500);
    expect(await errorOf(response)).toBe('disk full');
    expect((await fetch(`${failing.origin}/stats`)).status).toBe(200);
    await failing.close();
  });

  test('a client that goes away in the middle of its body harms nobody', async () => {
    const client = connect(server.port, '127.0.0.1');
    const head = ['POST /products HTTP/1.1', 'Host: store', 'Content-Length: 100', 'Expect: 100-continue'];
    client.write(`${head.join('\r\n')}\r\n\r\n{"name":`);
    // The server says "continue": it has begun to answer.
    await once(client, 'data');
    client.resetAndDestroy();
    expect((await send('GET', '/products/1')).status).toBe(200);
    expect(server.requests()).toBe(1);
  });
});

describe('the server', () => {
  test('counts every answer but those of GET /stats', async () => {
    await send('GET', '/products/1');
    await send('GET', '/nowhere');
    await send('POST', '/reset', '{');
    await send('GET', '/stats');
    expect(await (await send('GET', '/stats')).json()).toEqual({ requests: 3, cpuUs: 1234 });
    expect(server.requests()).toBe(3);
  });

  test('refuses a port that is taken, with its number and what to do', async () => {
    const second = listen(new MemoryStore(), { port: server.port, cpuUs: () => 0, nowMs: () => 0 });
    await expect(second).rejects.toThrow(`127.0.0.1:${server.port}`);
    await expect(second).rejects.toMatchObject({ code: 'ERR_STORE' });
  });

  test('is closed while a connection is open, and refuses the next one', async () => {
    const other = await listen(new MemoryStore(), { port: 0, cpuUs: () => 0, nowMs: () => 0 });
    const idle = connect(other.port, '127.0.0.1');
    await once(idle, 'connect');
    idle.resume();
    const ended = once(idle, 'close');
    await other.close();
    await ended;
    await expect(fetch(`${other.origin}/stats`)).rejects.toThrow('fetch failed');
  });
});
