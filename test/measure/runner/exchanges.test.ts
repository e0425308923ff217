import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { FinalRead } from '../../../src/core/plan/plan.ts';
import { micros } from '../../../src/core/units.ts';
import { openOutside, readAll } from '../../../src/measure/runner/exchanges.ts';
import { localEndpoint, requestStep, storeMode } from '../mode.ts';

const clock = { now: () => micros(performance.now() * 1000) };

/** Two hops to each value, which is its own key, the second to the same path; what is asked for later is answered sooner. */
const server = createServer((request, response) => {
  const { pathname, search } = new URL(request.url!, 'http://x');
  const [, what = '', key = '0'] = pathname.split('/');
  const next = what === 'first' ? `/value/${key}` : what === 'value' && search === '' ? '?v' : undefined;
  const answer = (): void => {
    if (next === undefined) response.end(`{"n":${key},"of":{"${key}":${key}}}`);
    else response.writeHead(302, { location: next }).end();
  };
  setTimeout(answer, (20 - Number(key)) % 7);
});
beforeAll(async () => void (await once(server.listen(0, '127.0.0.1'), 'listening')));
afterAll(() => {
  server.closeAllConnections();
  server.close();
});

const keys = Array.from({ length: 20 }, (_, at) => String(at + 1));

const readThem = async (read: Partial<FinalRead>, known: ReadonlyMap<string, unknown> = new Map()) => {
  const mode = storeMode({ transport: { name: 'wire', options: {} } });
  const endpoint = localEndpoint(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
  const outside = await openOutside(mode, endpoint, clock, new AbortController().signal);
  const whole: FinalRead = {
    model: 'counter',
    key: '${product}',
    request: requestStep({ name: 'read', path: '/direct/${key}' }),
    value: 'body.n',
    kind: 'number',
    ...read,
  };
  try {
    const found = await readAll({ mode, read: whole, phase: 'final read' }, keys, { known, index: 0 }, outside);
    return {
      sent: outside.sent,
      values: [...found].map(([key, one]) => ('value' in one ? one.value : `${key}: ${one.problem}`)),
    };
  } finally {
    await outside.transport.close();
  }
};

test('values that are read at once, each by way of redirects, are each its own', async () => {
  const request = requestStep({ name: 'read', path: '/first/${key}', redirects: 2 });
  expect(await readThem({ request })).toEqual({ sent: 60, values: keys.map(Number) });
});

test('what the reader knows, and the key, may stand in the path and in the expression', async () => {
  const request = requestStep({ name: 'read', path: '/${kind}/${key}' });
  const known = new Map<string, unknown>([
    ['kind', 'direct'],
    ['all', 'of'],
  ]);
  expect((await readThem({ request, value: 'body[all][key]' }, known)).values).toEqual(keys.map(Number));
});

test('a redirect too many is none that was followed', async () => {
  const request = requestStep({ name: 'read', path: '/first/${key}', redirects: 1 });
  expect((await readThem({ request })).values).toContain('1: 302 Found');
});

test('what was captured and cannot stand in a header is told, and nothing is sent', async () => {
  const request = requestStep({ name: 'read', path: '/direct/${key}', headers: { 'x-a': '${bad}' } });
  const { sent, values } = await readThem({ request }, new Map([['bad', 'a\r\nb']]));
  expect([sent, values[0]]).toEqual([0, '1: a value with control characters is not allowed in x-a']);
});
