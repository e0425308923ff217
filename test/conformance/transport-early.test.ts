import { createServer, type AddressInfo, type Socket } from 'node:net';
import { createServer as createTlsServer } from 'node:tls';
import { afterEach, describe, expect, test } from 'vitest';
import type { OpenTransport } from '../../src/measure/transport/transport.ts';
import { microsFromMs } from '../../src/core/units.ts';
import { ca, serverPem } from './pem.ts';
import { clock, direct, send } from './transport-rig.ts';

const closing: (() => void)[] = [];
afterEach(() => {
  for (const close of closing.splice(0)) close();
});

/** Answers a request as soon as its head is there, whatever becomes of the body; and then `end`. */
const early = async (answer: string, end: (socket: Socket) => void, isSecure: boolean): Promise<string> => {
  const accept = (socket: Socket): void => {
    let text = '';
    socket.on('error', () => undefined);
    const take = (bytes: Buffer): void => {
      text += bytes.toString('latin1');
      if (!text.includes('\r\n\r\n')) return;
      // No more of it is read, unless `end` does.
      socket.off('data', take).pause();
      socket.write(answer, () => end(socket));
    };
    socket.on('data', take);
    closing.push(() => socket.destroy());
  };
  const server = isSecure ? createTlsServer({ key: serverPem, cert: serverPem }, accept) : createServer(accept);
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
  closing.push(() => server.close());
  return `http${isSecure ? 's://shop.test' : '://127.0.0.1'}:${(server.address() as AddressInfo).port}`;
};

/** Ends of a connection on which most of a body has not been read: the system says RST to the rest of it. */
const ends: readonly (readonly [title: string, end: (socket: Socket) => void])[] = [
  ['a close at once', (socket) => socket.destroy()],
  // Node has no reset for TLS; to a body that is not read a close is one.
  ['a reset', (socket) => ('encrypted' in socket ? socket.destroy() : socket.resetAndDestroy())],
  ['a close a moment later', (socket) => setTimeout(() => socket.destroy(), 20)],
  ['an end, and the rest read', (socket) => socket.end().resume()],
  ['nothing', () => undefined],
];

const answers = ['401 Unauthorized', '413 Content Too Large', '417 Expectation Failed', '503 Service Unavailable'];

const body = Buffer.alloc(10 * 1024 * 1024, 'x');

/** A POST of the body; the status that it was answered with, or why it failed. */
const upload = async (open: OpenTransport, origin: string): Promise<string> => {
  const transport = open({
    endpoint: { origin, addresses: ['127.0.0.1'], tls: { insecure: false, ca } },
    connectTimeoutUs: microsFromMs(5000),
    clock,
    signal: new AbortController().signal,
  });
  const { status, failure, detail } = await send(transport, {
    method: 'POST',
    body,
    timeoutUs: microsFromMs(15_000),
  });
  await transport.close();
  return failure === undefined ? String(status) : `${failure}: ${detail}`;
};

// Without a proxy, which may lose an answer by itself.
describe.each(direct)('%s', (_name, open) => {
  describe.each([
    ['TCP', false],
    ['TLS', true],
  ])('over %s', (_over, isSecure) => {
    test.each(ends)('an answer that came before the body was read counts, and then %s', async (_title, end) => {
      for (const answer of answers) {
        const head = `HTTP/1.1 ${answer}\r\nContent-Length: 5\r\nConnection: close\r\n\r\nfalse`;
        const origin = await early(head, end, isSecure);
        expect(await upload(open, origin)).toBe(answer.slice(0, 3));
      }
    });

    test('a connection that breaks in the midst of such an answer, or before it, is told', async () => {
      for (const part of ['HTTP/1.1 413 Content Too Large\r\nContent-Length: 5\r\n\r\nfal', '']) {
        const origin = await early(part, (socket) => socket.destroy(), isSecure);
        expect(await upload(open, origin)).toMatch(/^reset: /u);
      }
    });
  });
});
