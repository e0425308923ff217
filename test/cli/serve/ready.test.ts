import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, test } from 'vitest';
import { micros } from '../../../src/core/units.ts';
import { askOnce } from '../../../src/serve/keeper/ready.ts';

const asked = async (status: number | undefined, path = '/health'): Promise<unknown> => {
  const server = createServer((_, response) => void (status === undefined || response.writeHead(status).end()));
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const { port } = server.address() as AddressInfo;
  const ready = { kind: 'get', text: path, withinUs: micros(1e6) } as const;
  try {
    return await askOnce(ready, 'http://127.0.0.1', port, 200);
  } finally {
    server.closeAllConnections();
    server.close();
  }
};

test('a path that is not there is told with what to write, one that will be there soon is waited for', async () => {
  expect(await asked(302)).toEqual({ isReady: true });
  expect(await asked(404)).toMatchObject({
    why: 'GET /health was answered with 404',
    hint: expect.stringContaining('a connection is enough') as unknown,
  });
  expect(await asked(503)).toEqual({ isReady: false, why: 'GET /health was answered with 503' });
});

test('one try takes no longer than it may', async () => {
  expect(await asked(undefined)).toEqual({ isReady: false, why: 'GET /health: no answer came' });
});
