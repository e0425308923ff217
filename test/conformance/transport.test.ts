import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { microsFromMs } from '../../src/core/units.ts';
import type { OpenTransport } from '../../src/measure/transport/transport.ts';
import { RawServer } from './raw-server.ts';
import { tables } from './transport-answers.ts';
import { told, type Case, type Outcome } from './transport-cases.ts';
import { all, ok, openTo, send } from './transport-rig.ts';

let server: RawServer;

beforeAll(async () => {
  server = await RawServer.open(() => ok());
});
beforeEach(() => server.forget());
afterAll(async () => server.close());

/** Sends the case's request and then a well-behaved one, and tells what became of both. */
const outcomeOf = async (open: OpenTransport, { answer, parts = {}, head }: Omit<Case, 'undici'>): Promise<Outcome> => {
  server.answer = ({ path }) => (path === '/next' ? ok() : answer);
  const transport = openTo(open, server.origin);
  try {
    const { status, failure, body, ...exchange } = await send(transport, parts);
    expect(exchange.doneUs).toBeGreaterThanOrEqual(exchange.sentUs);
    expect(exchange.connectUs).toBeGreaterThanOrEqual(0);
    expect(exchange.resent).toBe(false);
    if (failure === undefined) {
      if (head !== undefined) expect(`${exchange.head}\r\n`).toContain(head);
      await server.settled();
    } else {
      expect(exchange.maybeApplied).toBe(true);
      expect(exchange.detail).not.toBe('');
    }
    const next = await send(transport, { path: '/next' });
    expect(next).toMatchObject({ status: 200, body: 'next', failure: undefined, resent: false });
    const { connection } = server.requests.at(-1)!;
    if (connection > 0) await server.connections[0]!.closed();
    expect(Math.sign(next.connectUs + 0.5)).toBe(connection === 0 ? -1 : 1);
    return {
      status,
      body: failure === undefined ? body : '',
      failure,
      isReused: connection === 0,
      requests: server.requests.length,
    };
  } finally {
    await transport.close();
  }
};

describe.each(all)('%s', (name, open) => {
  describe.each(tables)('%s', (_title, cases) => {
    test.each(cases)('$title', async (one) => {
      const { undici: other, head, ...strict } = one;
      if (!name.startsWith('undici') || other === undefined) {
        const held = head === undefined ? strict : { ...strict, head };
        expect(told(await outcomeOf(open, held))).toBe(told(one.expected));
        return;
      }
      const timeoutUs = microsFromMs(other[0].failure === 'timeout' ? 150 : 5000);
      const outcome = told(await outcomeOf(open, { ...strict, parts: { ...one.parts, timeoutUs } }));
      expect([told(one.expected), told(other[0])]).toContain(outcome);
    });
  });

  test('what came before changes nothing: every answer twice in a row, over one transport', async () => {
    const cases = tables.flatMap(([, all]) => all.filter(({ undici }) => undici === undefined));
    let now = cases[0]!;
    server.answer = () => now.answer;
    const transport = openTo(open, server.origin);
    for (now of cases.flatMap((one) => [one, one])) {
      const { status, failure, body, head } = await send(transport, now.parts);
      const { expected } = now;
      expect([now.title, status, failure, failure === undefined ? body : '']).toEqual([
        now.title,
        expected.status,
        expected.failure,
        expected.body,
      ]);
      if (now.head !== undefined) expect(`${head}\r\n`).toContain(now.head);
      await server.settled();
    }
    await transport.close();
  });
});
