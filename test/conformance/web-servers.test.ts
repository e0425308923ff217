import { describe, expect, test } from 'vitest';
import { microsFromMs } from '../../src/core/units.ts';
import { newUser } from '../../src/measure/user.ts';
import type { OpenTransport } from '../../src/measure/transport/transport.ts';
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

for (const server of webServers) {
  describe.skipIf(!server.isThere)(`${server.name}${server.isThere ? '' : server.skipped}`, () => {
    test('answers every request of 20 users, 30 times each, on connections that it gives up in between', async () => {
      await using running = await startWebServer(server);
      for (const [name, open, protocol] of ways) {
        const transport = open({
          endpoint: {
            origin: `https://shop.test:${running.port}`,
            addresses: ['127.0.0.1'],
            tls: { insecure: false, ca },
          },
          connectTimeoutUs: microsFromMs(5000),
          clock,
          signal: new AbortController().signal,
        });
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
    });
  });
}
