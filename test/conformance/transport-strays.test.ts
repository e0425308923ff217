import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { newUser } from '../../src/measure/user.ts';
import { RawServer } from './raw-server.ts';
import { all, ok, openTo, send } from './transport-rig.ts';

let server: RawServer;

beforeAll(async () => {
  server = await RawServer.open(() => ok());
});
beforeEach(() => server.forget());
afterAll(async () => server.close());

const second = [...ok('second').chunks][0] as string;

/** Bytes of the first answer, and what the target sends for it only when the second request has come. */
const strays: readonly (readonly [title: string, first: string, stray: string, method: string])[] = [
  ['the body of a 304, of the length that it tells', 'HTTP/1.1 304 N\r\nContent-Length: 5\r\n\r\n', 'hello', 'GET'],
  ['a body of a 304 that looks like an answer at first', 'HTTP/1.1 304 N\r\nContent-Length: 5\r\n\r\n', 'HTTP-', 'GET'],
  ['a body of a 304 without a length', 'HTTP/1.1 304 N\r\n\r\n', 'hello', 'GET'],
  ['chunks of a 304', 'HTTP/1.1 304 N\r\nTransfer-Encoding: chunked\r\n\r\n', '2\r\n{}\r\n0\r\n\r\n', 'GET'],
  ['a body of a 204', 'HTTP/1.1 204 N\r\n\r\n', '{"deleted":true}', 'GET'],
  ['a body of a 204 that tells its length', 'HTTP/1.1 204 N\r\nContent-Length: 2\r\n\r\n', '{}', 'GET'],
  ['the body that a HEAD asks about', 'HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n', 'hello', 'HEAD'],
];

describe.each(all)('%s', (name, open) => {
  const isWire = name.startsWith('wire');

  describe.each(['GET', 'POST'])('a %s is answered by its own answer, behind', (next) => {
    test.each(strays)('%s', async (_title, first, stray, method) => {
      // Where the connection has ended there is nothing to send a stray on.
      server.answer = ({ path, connection }) => {
        if (path === '/') return { chunks: [first] };
        return path === '/second' && connection === 0 ? { chunks: [stray, second] } : ok('second');
      };
      const transport = openTo(open, server.origin);
      const user = newUser(0, 0);
      expect(await send(transport, { method }, user)).toMatchObject({ failure: undefined });
      const answer = await send(transport, { path: '/second', method: next }, user);
      // undici gives up connections on which a length came without its body, and takes any other stray for an answer.
      if (isWire || (method !== 'HEAD' && first.includes('Content-Length'))) {
        expect(answer).toMatchObject({ status: 200, body: 'second', failure: undefined, resent: false });
        // Nothing more is sent where something came that nobody asked for.
        await send(transport, { path: '/third' }, user);
        expect(server.requests.at(-1)!.connection).toBe(1);
      } else expect(answer).toMatchObject({ failure: 'protocol' });
      await transport.close();
    });
  });

  test('an empty line that comes between two answers is nobody’s, whenever it comes', async () => {
    server.answer = ({ path }) => (path === '/' ? ok('first') : { chunks: ['\r\n', second] });
    const transport = openTo(open, server.origin);
    for (const path of ['/', '/second', '/second']) {
      const answer = await send(transport, { path, method: 'POST' });
      expect([answer.failure, answer.body]).toEqual([undefined, path === '/' ? 'first' : 'second']);
      server.connections[0]!.socket.write('\r\n');
      await server.settled();
    }
    expect(server.requests.map(({ connection }) => connection)).toEqual([0, 0, 0]);
    await transport.close();
  });

  test.runIf(isWire)(
    'a connection that ended behind an empty line had no answer: what does no harm is sent again',
    async () => {
      server.answer = ({ path, connection }) =>
        path === '/second' && connection === 0 ? { chunks: ['\r\n'], end: 'fin' } : ok('second');
      const transport = openTo(open, server.origin);
      await send(transport);
      expect(await send(transport, { path: '/second' })).toMatchObject({ status: 200, body: 'second', resent: true });
      await transport.close();
    },
  );
});
