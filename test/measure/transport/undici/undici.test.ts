import { createServer, type Server, type Socket } from 'node:net';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, test } from 'vitest';
import { micros, microsFromMs } from '../../../../src/core/units.ts';
import { newUser, type Exchange } from '../../../../src/measure/user.ts';
import type { RequestParts, Transport } from '../../../../src/measure/transport/transport.ts';
import { undici } from '../../../../src/measure/transport/undici/undici.ts';
import { localEndpoint } from '../../mode.ts';

const clock = { now: () => micros(performance.now() * 1000) };
const get: RequestParts = { method: 'GET', path: '/', headers: [], keep: 'body', timeoutUs: microsFromMs(5000) };
const closing: (() => Promise<void> | void)[] = [];

afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});

/** A server that answers the nth request on its nth connection… with whatever bytes the script says. */
const serve = async (onRequest: (socket: Socket, request: string, connection: number) => void): Promise<string> => {
  let connections = 0;
  const sockets = new Set<Socket>();
  const server: Server = createServer((socket) => {
    const connection = connections++;
    sockets.add(socket);
    socket.on('error', () => undefined).on('data', (bytes) => onRequest(socket, bytes.toString(), connection));
  });
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
  closing.push(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
};

const open = (target: string, signal = new AbortController().signal): Transport => {
  const transport = undici({ endpoint: localEndpoint(target), connectTimeoutUs: microsFromMs(5000), clock, signal });
  closing.push(async () => transport.close());
  return transport;
};

const exchange = async (transport: Transport, parts: Partial<RequestParts> = {}): Promise<Exchange> => {
  const user = newUser(0, 0);
  await transport.prepare({ ...get, ...parts })(user);
  return user.exchange;
};

const respond =
  (head: string, body = ''): ((socket: Socket) => void) =>
  (socket) =>
    void socket.write(`HTTP/1.1 ${head}\r\n\r\n${body}`);

describe('an answer', () => {
  test('gives status, headers in lower case, and the body', async () => {
    const target = await serve(respond('201 Created\r\nETag: "7"\r\nContent-Length: 4', 'tea!'));
    const { status, head, body, failure, sentUs, doneUs } = await exchange(open(target));
    expect({ status, head, body, failure }).toEqual({
      status: 201,
      head: '\r\netag: "7"\r\ncontent-length: 4',
      body: 'tea!',
      failure: undefined,
    });
    expect(doneUs).toBeGreaterThan(sentUs);
  });

  test('that comes in chunks and in pieces is put together', async () => {
    const target = await serve((socket) => {
      socket.write('HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nté'.slice(0, -1));
      setTimeout(() => socket.write('a\r\n3\r\nbcd\r\n0\r\n\r\n'), 5);
    });
    expect((await exchange(open(target))).status).toBe(200);
  });

  test('without a body ends at its head', async () => {
    const target = await serve(respond('204 No Content'));
    expect(await exchange(open(target))).toMatchObject({ status: 204, body: '', failure: undefined });
  });

  test('after a 1xx is the final one', async () => {
    const target = await serve(respond('103 Early Hints\r\nLink: </a>\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 0'));
    expect((await exchange(open(target))).status).toBe(200);
  });
});

describe('a connection', () => {
  test('is used again, the most recently used first', async () => {
    const seen: number[] = [];
    const target = await serve((socket, _request, connection) => {
      seen.push(connection);
      respond('200 OK\r\nContent-Length: 0')(socket);
    });
    const transport = open(target);
    const first = await exchange(transport);
    const second = await exchange(transport);
    expect(seen).toEqual([0, 0]);
    expect(first.connectUs).toBeGreaterThanOrEqual(0);
    expect(second.connectUs).toBe(-1);
  });

  test('that the server has closed is not used: the next request opens another', async () => {
    const target = await serve(
      (socket) => void socket.end('HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 0\r\n\r\n'),
    );
    const transport = open(target);
    expect((await exchange(transport)).status).toBe(200);
    expect((await exchange(transport)).status).toBe(200);
  });

  test('carries the base path of the target', async () => {
    let asked = '';
    const target = await serve((socket, request) => {
      asked = request.split('\r\n')[0]!;
      respond('200 OK\r\nContent-Length: 0')(socket);
    });
    await exchange(open(`${target}/v1/`), { path: '/products' });
    expect(asked).toBe('GET /v1/products HTTP/1.1');
  });
});

describe('a failure is data', () => {
  test('nobody listens: connect, and surely not applied', async () => {
    const target = await serve(() => undefined);
    for (const close of closing.splice(0)) await close();
    expect(await exchange(open(target))).toMatchObject({ failure: 'connect', maybeApplied: false, status: 0 });
  });

  test('no such host: dns', async () => {
    const endpoint = { ...localEndpoint('http://no-such-host.invalid'), addresses: [] };
    const transport = undici({ endpoint, connectTimeoutUs: microsFromMs(5000), clock, signal: AbortSignal.any([]) });
    closing.push(async () => transport.close());
    expect(await exchange(transport)).toMatchObject({ failure: 'dns', maybeApplied: false });
  });

  test('the server hangs up on a request: reset, and perhaps applied', async () => {
    const target = await serve((socket) => void socket.resetAndDestroy());
    expect(await exchange(open(target), { method: 'PUT', body: '{}' })).toMatchObject({
      failure: 'reset',
      maybeApplied: true,
    });
  });

  test('a body that is cut off: reset', async () => {
    const target = await serve((socket) => void socket.end('HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nabc'));
    expect((await exchange(open(target))).failure).toBe('reset');
  });

  test('no HTTP: protocol', async () => {
    const target = await serve((socket) => void socket.write('SSH-2.0-OpenSSH\r\n\r\n'));
    expect((await exchange(open(target))).failure).toBe('protocol');
  });

  test('no answer in time: timeout, perhaps applied, and the connection is not used again', async () => {
    let requests = 0;
    const target = await serve((socket) => {
      if (requests++ > 0) respond('200 OK\r\nContent-Length: 0')(socket);
    });
    const transport = open(target);
    const late = await exchange(transport, { timeoutUs: microsFromMs(300) });
    expect(late).toMatchObject({ failure: 'timeout', maybeApplied: true, detail: 'no answer within 300 ms' });
    expect(late.doneUs - late.sentUs).toBeGreaterThanOrEqual(300_000);
    expect((await exchange(transport)).status).toBe(200);
  });

  test('a body that never ends: timeout', async () => {
    const target = await serve((socket) => {
      respond('200 OK\r\nTransfer-Encoding: chunked')(socket);
      const drip = setInterval(() => socket.write('1\r\na\r\n'), 10);
      socket.on('close', () => clearInterval(drip));
    });
    expect((await exchange(open(target), { timeoutUs: microsFromMs(150) })).failure).toBe('timeout');
  });

  test('a body of more than 1 MiB that somebody reads: protocol; one that nobody reads is an answer', async () => {
    const target = await serve(respond('200 OK\r\nContent-Length: 1048577', 'x'.repeat(1_048_577)));
    expect(await exchange(open(target))).toMatchObject({ failure: 'protocol', detail: 'body larger than 1 MiB' });
    expect(await exchange(open(target), { keep: 'head' })).toMatchObject({ failure: undefined, status: 200 });
    const exactly = await serve(respond('200 OK\r\nContent-Length: 1048576', 'x'.repeat(1_048_576)));
    expect((await exchange(open(exactly))).body).toHaveLength(1_048_576);
  });

  test('the slot is over: aborted, at once, in flight and before', async () => {
    const over = new AbortController();
    const target = await serve(() => over.abort());
    const transport = open(target, over.signal);
    expect(await exchange(transport)).toMatchObject({ failure: 'aborted', maybeApplied: true });
    expect(await exchange(transport)).toMatchObject({ failure: 'aborted', maybeApplied: false });
  });
});
