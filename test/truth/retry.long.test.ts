import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { contendHere } from '../cli/contend.ts';
import { documentOf, expectIdentities, sentIn } from '../cli/document.ts';

const folder = mkdtempSync(join(tmpdir(), 'contend-retry-'));
afterAll(() => rmSync(folder, { recursive: true }));

/**
 * A server that charges, and now and then does not answer although it has.
 *
 * @param isRight it knows the key of a charge that it has made, and answers as it would have
 * @param every the first try of one order in so many is not answered
 */
const openCharges = async (isRight: boolean, every: number) => {
  const charges = new Map<string, number[]>();
  let [asked, issued] = [0, 0];
  const server = createServer((request, response) => {
    asked++;
    request.resume();
    const key = new URL(request.url!, 'http://x').searchParams.get('key') ?? '';
    const made = charges.get(key) ?? [];
    const end = (body: object): void =>
      void response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(body));
    if (request.method !== 'POST') return end({ count: made.length });
    const isFirst = made.length === 0;
    if (isFirst || !isRight) charges.set(key, [...made, ++issued]);
    if (!isFirst || Number(key) % every !== 0) end({ id: charges.get(key)!.at(-1) });
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  return {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    asked: () => asked,
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
};

const judged = async (isRight: boolean, every: number, workers: number) => {
  await using server = await openCharges(isRight, every);
  const file = join(folder, 'charges.yaml');
  const text = `target: ${server.origin}
rounds: 1
load: { users: 16, iterations: 1000, warmup: 0 }
data: { order: { range: 1..1000, pick: unique } }
steps:
  - name: charge
    post: /charges?key=\${order}
    timeout: 300ms
    retry: { on: timeout, times: 3, backoff: 1ms..5ms }
consistency:
  once:
    key: '\${order}'
    do: { step: charge, answer: body.id }
    effect: { get: '/charges?key=\${key}', value: body.count, by: 1 }
`;
  writeFileSync(file, text);
  const { stdout, stderr } = await contendHere(['run', file, '--json', '-q', '-w', String(workers)]);
  if (stdout === '') throw new Error(stderr);
  const document = documentOf(stdout);
  expect(sentIn(document)).toBe(server.asked());
  const [mode] = document.modes;
  expectIdentities(mode!);
  // The tries are requests; an iteration is one.
  expect(mode!.iterations.begun).toBe(1000);
  expect(mode!.requests.byError.timeout).toBeGreaterThanOrEqual(1000 / every);
  return mode!.consistency!;
};

describe.each([1, 2])('a charge that timed out and is sent again, with %d workers', (workers) => {
  test(
    'is made twice by a server that does not know it again: one in a thousand is found',
    { timeout: 60_000 },
    async () => {
      const { verdict, findings } = await judged(false, 1000, workers);
      expect([verdict, findings.length]).toEqual(['violated', expect.any(Number)]);
      expect(findings.map(({ key }) => key)).toContain('1000');
    },
  );

  test(
    'is made once by one that does, which is not accused, though two hundred are sent again',
    { timeout: 60_000 },
    async () => {
      const { verdict, findings, exposure } = await judged(true, 5, workers);
      expect([verdict, findings]).toEqual(['consistent', []]);
      expect(exposure.overlapping).toBeGreaterThan(100);
    },
  );
});
