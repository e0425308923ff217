import { createHash, randomBytes } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { microsFromMs } from '../../src/core/units.ts';
import { newUser } from '../../src/measure/user.ts';
import type { OpenTransport, Transport } from '../../src/measure/transport/transport.ts';
import { http2 as http2Over } from '../../src/measure/transport/http2/http2.ts';
import { startWebServer, webServers } from '../web-servers.ts';
import { ca } from './pem.ts';
import { clock, direct, request, viaProxy } from './transport-rig.ts';

const http2: OpenTransport = (options) =>
  http2Over({ ...options, http2: { streams: 100, connections: 1, mayFallBack: true } });

const ways: readonly (readonly [string, OpenTransport, RegExp])[] = [
  ...direct.map(([name, open]) => [name, open, /^HTTP\/1\.1 /] as const),
  ['HTTP/2', http2, /^HTTP\/2\.0 /],
  ['HTTP/2 through a proxy', viaProxy(http2), /^HTTP\/2\.0 /],
];

const openTo = (open: OpenTransport, port: number): Transport =>
  open({
    endpoint: { origin: `https://shop.test:${port}`, addresses: ['127.0.0.1'], tls: { insecure: false, ca } },
    connectTimeoutUs: microsFromMs(5000),
    clock,
    signal: new AbortController().signal,
  });

for (const server of webServers) {
  describe.skipIf(!server.isThere)(`${server.name}${server.isThere ? '' : server.skipped}`, () => {
    test('answers every request of 20 users, 30 times each, on connections that it gives up in between', async () => {
      await using running = await startWebServer(server);
      for (const [name, open, protocol] of ways) {
        const transport = openTo(open, running.port);
        const sent = transport.prepare(request({ path: ({ index, iteration }) => `/${index}/${iteration}` }));
        const life = async (index: number): Promise<void> => {
          const user = newUser(index, 0);
          for (; user.iteration < 30; user.iteration++) {
            await sent(user);
            const { status, failure, detail, body } = user.exchange;
            expect([name, status, failure, failure === undefined ? '' : detail]).toEqual([name, 200, undefined, '']);
            expect(body).toMatch(protocol);
            expect(body.endsWith(` /${index}/${user.iteration}`)).toBe(true);
          }
        };
        await Promise.all(Array.from({ length: 20 }, async (_, index) => life(index)));
        await transport.close();
      }
      const log = join(running.folder, 'access.log');
      if (!existsSync(log)) return;
      // Each of them once, whatever was sent again.
      const answered = readFileSync(log, 'utf8').trim().split('\n');
      expect([answered.length, new Set(answered).size]).toEqual([ways.length * 600, 600]);
    });

    test('takes 10 MiB over HTTP/2, byte for byte, from several users at once, and says 413 to what it does not want', async () => {
      const upstream = createServer((incoming, response) => {
        const hash = createHash('sha256');
        incoming.on('data', (chunk: Buffer) => hash.update(chunk)).on('end', () => response.end(hash.digest('hex')));
      });
      await new Promise<void>((resolve) => void upstream.listen(0, '127.0.0.1', resolve));
      await using running = await startWebServer(server, (upstream.address() as AddressInfo).port);
      const transport = openTo(http2, running.port);
      const body = randomBytes(10 * 1024 * 1024);
      const wanted = createHash('sha256').update(body).digest('hex');
      const post = (path: string) =>
        transport.prepare(request({ method: 'POST', path, body, timeoutUs: microsFromMs(50_000) }));
      const [up, small] = [post('/up'), post('/small')];
      const users = [0, 1, 2, 3].map((index) => newUser(index, 0));
      for (let turn = 0; turn < 2; turn++) {
        await Promise.all(users.map(async (user) => up(user)));
        expect(users.map(({ exchange: { status, body: hash } }) => [status, hash])).toEqual(
          users.map(() => [200, wanted]),
        );
      }
      if (server.name === 'nginx') {
        const statuses: number[] = [];
        for (let turn = 0; turn < 10; turn++) {
          await Promise.all(users.map(async (user) => small(user)));
          statuses.push(...users.map(({ exchange }) => exchange.status));
        }
        expect(statuses).toEqual(Array.from({ length: 40 }, () => 413));
      }
      await transport.close();
      upstream.closeAllConnections();
      upstream.close();
    });
  });
}
