import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { newUser } from '../../src/measure/user.ts';
import type { Transport } from '../../src/measure/transport/transport.ts';
import { TemplateValueError } from '../../src/template/compile.ts';
import { RawServer, turns, type Answer, type SeenRequest } from './raw-server.ts';
import { hangUp, hello, raw, tearDown } from './transport-cases.ts';
import { all, ok, openTo, request, send } from './transport-rig.ts';

let server: RawServer;

beforeAll(async () => {
  server = await RawServer.open(() => ok());
});
beforeEach(() => {
  server.forget();
  server.answer = () => ok();
});
afterAll(async () => server.close());

const seen = (): SeenRequest => server.requests.at(-1)!;

/** The values of one header of the last request. */
const valuesOf = (name: string): string[] =>
  seen()
    .headers.filter(([one]) => one.toLowerCase() === name)
    .map(([, value]) => value);

/** Tells which connection each request came on. */
const connectionsUsed = (): number[] => server.requests.map(({ connection }) => connection);

describe.each(all)('%s', (name, open) => {
  let transport: Transport;

  beforeEach(() => {
    transport = openTo(open, server.origin);
    return async () => transport.close();
  });

  describe('a request', () => {
    test('has its method, the base of the origin before its path, and a query as it stands', async () => {
      const based = openTo(open, `${server.origin}/shop/v1`);
      await send(based, { method: 'PUT', path: '/products/7?a=b%20c&d=/e?f', body: '1' });
      expect(seen().line).toBe('PUT /shop/v1/products/7?a=b%20c&d=/e?f HTTP/1.1');
      await based.close();
    });

    test.each(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'])('of method %s is one', async (method) => {
      server.answer = () => raw('HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n');
      expect((await send(transport, { method })).status).toBe(200);
      expect(seen().line).toBe(`${method} / HTTP/1.1`);
    });

    test('names the host once, with the port where it is not the scheme’s own', async () => {
      await send(transport);
      expect(valuesOf('host')).toEqual([`127.0.0.1:${server.port}`]);
    });

    test('has the host of its step, where that gives one', async () => {
      await send(transport, { headers: [['host', 'shop.example']] });
      expect(valuesOf('host')).toEqual(['shop.example']);
    });

    test('has the headers of its step, names and values as given, in their order', async () => {
      const headers = [
        ['x-b', '1, 2;q="ä"'.replace('ä', 'a')],
        ['x-a', ''],
        ['accept', '*/*'],
        ['x-b', 'again'],
      ] as const;
      await send(transport, { headers });
      const own = seen().headers.filter(([one]) => headers.some(([given]) => given === one));
      expect(own).toEqual(headers);
    });

    test('carries its body and the body’s length in bytes, not in characters', async () => {
      await send(transport, { method: 'POST', body: '{"tea":"té €"}' });
      expect(seen().body.toString()).toBe('{"tea":"té €"}');
      expect(valuesOf('content-length')).toEqual(['17']);
      expect(valuesOf('transfer-encoding')).toEqual([]);
    });

    test('of a user has the length of that user’s body', async () => {
      const parts = { method: 'PUT', body: ({ index }: { index: number }) => '€'.repeat(index) };
      for (const index of [1, 40, 3]) {
        await send(transport, parts, newUser(index, 0));
        expect(valuesOf('content-length')).toEqual([String(index * 3)]);
        expect(seen().body.toString()).toBe('€'.repeat(index));
      }
    });

    test.each(['POST', 'PUT', 'PATCH'])('of method %s without a body says so', async (method) => {
      await send(transport, { method });
      expect(valuesOf('content-length')).toEqual(['0']);
    });

    test.each(['GET', 'HEAD', 'DELETE', 'OPTIONS'])('of method %s without a body has no length', async (method) => {
      await send(transport, { method });
      expect(valuesOf('content-length')).toEqual([]);
      expect(valuesOf('transfer-encoding')).toEqual([]);
    });

    test('of method DELETE with a body has its length', async () => {
      await send(transport, { method: 'DELETE', body: '{}' });
      expect(valuesOf('content-length')).toEqual(['2']);
    });

    test('has the values of the user that sends it', async () => {
      const sent = transport.prepare(
        request({
          method: 'PUT',
          path: ({ index }) => `/users/${index}`,
          headers: [
            ['x-constant', 'a'],
            ['x-user', ({ index }) => `user ${index}`],
            ['x-last', 'z'],
          ],
          body: ({ index }) => `{"user":${index}}`,
        }),
      );
      await Promise.all([1, 22, 333].map(async (index) => sent(newUser(index, 0))));
      for (const index of [1, 22, 333]) {
        const one = server.requests.find(({ path }) => path === `/users/${index}`)!;
        expect(one.body.toString()).toBe(`{"user":${index}}`);
        expect(one.headers).toEqual(
          expect.arrayContaining([
            ['x-constant', 'a'],
            ['x-user', `user ${index}`],
            ['x-last', 'z'],
          ]),
        );
      }
    });

    test('of a megabyte arrives whole', async () => {
      const body = 'abcdefghijklmnop'.repeat(64 * 1024);
      expect((await send(transport, { method: 'POST', body })).status).toBe(200);
      expect(seen().body.equals(Buffer.from(body))).toBe(true);
      expect((await send(transport)).body).toBe('next');
    });

    test('whose template has no value rejects before anything is sent, and costs no connection', async () => {
      await send(transport);
      const path = (): string => {
        throw new TemplateValueError('${id} is missing');
      };
      for (const parts of [{ path }, { method: 'POST', body: path }, { headers: [['x-id', path]] as const }]) {
        await expect(async () => send(transport, parts)).rejects.toThrow(TemplateValueError);
      }
      await send(transport);
      expect(connectionsUsed()).toEqual([0, 0]);
      expect(server.connections).toHaveLength(1);
    });

    test('has the answer of the first thing that was read, if that comes before all of it is written', async () => {
      server.answersAtHead = true;
      const early = await send(transport, { method: 'POST', body: 'x'.repeat(4 * 1024 * 1024) });
      expect(early).toMatchObject({ status: 200, body: 'next', failure: undefined });
      server.answersAtHead = false;
      await turns();
      expect((await send(transport)).body).toBe('next');
    });
  });

  describe('connections', () => {
    test('are two for two users at once', async () => {
      await Promise.all([send(transport), send(transport)]);
      expect(connectionsUsed()).toEqual([0, 1]);
    });

    test('are one for two users one after the other', async () => {
      await send(transport);
      await turns();
      await send(transport, {}, newUser(1, 0));
      expect(connectionsUsed()).toEqual([0, 0]);
    });

    test('are opened when a request needs one, and not before', async () => {
      expect(server.connections).toEqual([]);
      for (let at = 0; at < 5; at++) {
        expect((await send(transport)).connectUs >= 0).toBe(at === 0);
        await turns();
      }
      expect(new Set(connectionsUsed()).size).toBe(1);
      expect(server.connections).toHaveLength(1);
    });

    test('are no more than there are requests at a time, whatever came back in between', async () => {
      for (let at = 0; at < 20; at++) await Promise.all([send(transport), send(transport), send(transport)]);
      expect(server.connections.length).toBeLessThanOrEqual(3);
    });

    test('that are idle can be closed; the next request opens one', async () => {
      const sent = [send(transport), send(transport)];
      await Promise.all(sent);
      await turns();
      transport.closeIdle();
      for (const connection of server.connections) await connection.closed();
      expect(await send(transport)).toMatchObject({ status: 200, resent: false });
      expect(server.connections).toHaveLength(3);
    });

    test('are new for each request where none is kept, which asks the target to close it', async () => {
      const { origin } = server;
      const unkept = openTo((options) => open({ ...options, keepAlive: false }), origin);
      for (const method of ['GET', 'POST', 'HEAD', 'OPTIONS']) {
        // It says nothing of closing, and leaves that to who asked.
        server.answer = () => (method === 'HEAD' ? raw('HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\n') : ok());
        const exchange = await send(unkept, { method });
        expect(exchange).toMatchObject({ status: 200, failure: undefined, resent: false });
        expect(exchange.connectUs).toBeGreaterThan(0);
        expect(valuesOf('connection')).toEqual(['close']);
      }
      expect(connectionsUsed()).toEqual([0, 1, 2, 3]);
      for (const connection of server.connections) await connection.closed();
      await unkept.close();
    });

    test('are not kept for one after the other, nor for two at once', async () => {
      const unkept = openTo((options) => open({ ...options, keepAlive: false }), server.origin);
      const together = await Promise.all([send(unkept), send(unkept, {}, newUser(1, 0))]);
      for (const { connectUs } of [...together, await send(unkept)]) expect(connectUs).toBeGreaterThan(0);
      expect(new Set(connectionsUsed()).size).toBe(3);
      await unkept.close();
    });

    test('are kept over a HEAD and an OPTIONS', async () => {
      server.answer = () => raw('HTTP/1.1 204 No Content\r\n\r\n');
      for (const method of ['HEAD', 'OPTIONS', 'HEAD', 'GET']) {
        await send(transport, { method });
        await turns();
      }
      expect(connectionsUsed()).toEqual([0, 0, 0, 0]);
    });

    test('are taken the most recently used first', async () => {
      const answer: (() => void)[] = [];
      server.answer = async () =>
        new Promise<Answer>((resolve) => {
          answer.push(() => resolve(ok()));
        });
      const sent = [send(transport), send(transport), send(transport)];
      while (answer.length < 3) await turns(1);
      const order = [0, 2, 1];
      for (const at of order) {
        answer[at]!();
        await turns();
      }
      await Promise.all(sent);
      const arrived = connectionsUsed();
      server.answer = () => ok();
      await send(transport);
      await send(transport);
      expect(connectionsUsed().slice(3)).toEqual([arrived[1], arrived[1]]);
    });

    test('give every user its own answer: 30 users at once, 20 requests each', async () => {
      server.answer = ({ path }) => {
        const text = `HTTP/1.1 200 OK\r\nContent-Length: ${path.length}\r\n\r\n${path}`;
        const at = (path.length * 7) % text.length;
        return raw(text.slice(0, at), text.slice(at));
      };
      const sent = transport.prepare(request({ path: ({ index, iteration }) => `/${index}/${'i'.repeat(iteration)}` }));
      const life = async (index: number): Promise<void> => {
        const user = newUser(index, 0);
        for (; user.iteration < 20; user.iteration++) {
          await sent(user);
          expect(user.exchange.body).toBe(`/${index}/${'i'.repeat(user.iteration)}`);
        }
      };
      await Promise.all(Array.from({ length: 30 }, async (_, index) => life(index)));
      expect(server.requests).toHaveLength(600);
      expect(server.connections.length).toBeLessThanOrEqual(30);
    });
  });

  describe('an idle connection', () => {
    /** Opens one, uses it once, and lets the server end it in this way. */
    const idle = async (): Promise<void> => {
      await send(transport, { path: '/first' });
      await turns();
    };

    test('that the server has closed is not used', async () => {
      await idle();
      server.connections[0]!.socket.end();
      await server.connections[0]!.closed();
      await turns();
      expect(await send(transport, { method: 'POST', body: '{}' })).toMatchObject({ status: 200, resent: false });
      expect(connectionsUsed()).toEqual([0, 1]);
    });

    test('that speaks out of turn is not used', async () => {
      await idle();
      server.connections[0]!.socket.write('HTTP/1.1 408 Request Timeout\r\nConnection: close\r\n\r\n');
      await turns();
      expect(await send(transport, { method: 'POST', body: '{}' })).toMatchObject({ status: 200, body: 'next' });
      expect(connectionsUsed()).toEqual([0, 1]);
      await server.connections[0]!.closed();
    });

    /** undici looks at an idle connection once more before it writes, and finds this one closed. */
    const looksFirst = name === 'undici';
    const sentAnew = { status: 200, failure: undefined, resent: false };

    test.each(['GET', 'HEAD', 'OPTIONS'])(
      'that closes under a %s has it sent once more, on another one',
      async (method) => {
        await idle();
        // The client's end has not heard of it when it writes.
        server.connections[0]!.socket.destroy();
        const exchange = await send(transport, { method, path: '/second' });
        expect(exchange).toMatchObject({ ...sentAnew, resent: !looksFirst });
        expect(exchange.connectUs).toBeGreaterThanOrEqual(0);
        expect(connectionsUsed()).toEqual([0, 1]);
        expect(await send(transport)).toMatchObject({ status: 200, resent: false });
      },
    );

    test.each(['GET', 'HEAD', 'OPTIONS'])(
      'that is closed when a %s has arrived has it sent once more',
      async (method) => {
        await idle();
        for (const end of [hangUp, tearDown]) {
          server.requests.length = 0;
          server.answer = () => {
            server.answer = () => ok();
            return end(raw());
          };
          const exchange = await send(transport, { method, path: '/second' });
          expect(exchange).toMatchObject({ status: 200, failure: undefined, resent: true });
          expect(server.requests.map(({ path }) => path)).toEqual(['/second', '/second']);
          // The next one is to have an idle connection, too.
          await send(transport);
          await turns();
        }
      },
    );

    test('that closes under a GET has it sent no third time', async () => {
      await idle();
      server.answer = () => tearDown(raw());
      const exchange = await send(transport, { path: '/second' });
      expect(exchange).toMatchObject({ status: 0, failure: 'reset', resent: true, maybeApplied: true });
      expect(connectionsUsed()).toEqual([0, 0, 1]);
    });

    test('that closes under a GET whose answer has begun does not have it sent again', async () => {
      await idle();
      server.answer = () => hangUp(raw('H'));
      expect(await send(transport, { path: '/second' })).toMatchObject({ failure: 'reset', resent: false });
      expect(connectionsUsed()).toEqual([0, 0]);
    });

    // What comes by way of a proxy takes its time.
    test.runIf(!name.includes('proxy')).each(['POST', 'PUT', 'PATCH', 'DELETE'])(
      'that has closed when a %s is to go out is not taken, as long as the target has not shown that it keeps any',
      async (method) => {
        await idle();
        server.connections[0]!.socket.destroy();
        const exchange = await send(transport, { method, path: '/second', body: '{}' });
        expect(exchange).toMatchObject(sentAnew);
        expect(server.requests.map(({ path }) => path)).toEqual(['/first', '/second']);
        expect(await send(transport)).toMatchObject({ status: 200, resent: false });
      },
    );

    test.each(['POST', 'PUT', 'PATCH', 'DELETE'])('that closes under a %s resets it', async (method) => {
      await idle();
      await send(transport, { path: '/second' });
      await turns();
      server.connections[0]!.socket.destroy();
      const exchange = await send(transport, { method, path: '/third', body: '{}' });
      await turns();
      const paths = server.requests.map(({ path }) => path);
      if (looksFirst) {
        expect(exchange).toMatchObject(sentAnew);
        expect(paths).toEqual(['/first', '/second', '/third']);
      } else {
        expect(exchange).toMatchObject({ status: 0, failure: 'reset', resent: false, maybeApplied: true });
        expect(paths).toEqual(['/first', '/second']);
      }
      expect(await send(transport)).toMatchObject({ status: 200, resent: false });
    });

    test.each(['POST', 'PUT', 'PATCH', 'DELETE'])('that is closed when a %s has arrived resets it', async (method) => {
      await idle();
      server.answer = () => hangUp(raw());
      expect(await send(transport, { method, path: '/second', body: '{}' })).toMatchObject({
        status: 0,
        failure: 'reset',
        resent: false,
        maybeApplied: true,
      });
      expect(connectionsUsed()).toEqual([0, 0]);
    });

    test('that was left by a failed request does not come back', async () => {
      server.answer = ({ path }) => (path === '/bad' ? raw('nonsense\r\n\r\n') : hello());
      expect((await send(transport, { path: '/bad' })).failure).toBe('protocol');
      expect((await send(transport)).body).toBe('hello');
      expect(connectionsUsed()).toEqual([0, 1]);
    });
  });
});
