import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import type { Result } from '../../src/core/result/result.ts';
import { contend, contendHere } from './contend.ts';
import { documentOf, expectIdentities, sentIn } from './document.ts';
import { openServer, type TestServer } from './server.ts';

const folder = mkdtempSync(join(tmpdir(), 'contend-again-'));
afterAll(() => rmSync(folder, { recursive: true }));
const out = join(folder, 'out');

/** A step for each of thirty orders, by the program as it is installed. */
const run = async (server: TestServer, step: string): Promise<Result> => {
  const file = join(folder, 'again.yaml');
  writeFileSync(
    file,
    `target: ${server.origin}
rounds: 1
load: { users: 2, iterations: 30, warmup: 0 }
data: { order: { range: 1..30, pick: sequential } }
steps: [{ name: pay, post: '/orders/\${order}', ${step} }]
modes: { only: mutex }
`,
  );
  const { stdout, stderr } = await contend(['run', file, '--json', '-q', '--out', out]);
  if (stdout === '') throw new Error(stderr);
  const document = documentOf(stdout);
  expectIdentities(document.modes[0]!);
  expect(sentIn(document)).toBe(server.requests.length);
  return document;
};

/** How often each order was asked for. */
const times = ({ requests }: TestServer): readonly number[] => [
  ...requests.reduce((counts, one) => counts.set(one, (counts.get(one) ?? 0) + 1), new Map<string, number>()).values(),
];

describe('copies', () => {
  test('of a step are requests of one iteration, each on a connection of its own', async () => {
    await using server = await openServer(() => 201);
    const [mode] = (await run(server, 'copies: 3')).modes;
    expect(mode).toMatchObject({ iterations: { begun: 30, completed: 30 }, requests: { total: 90 }, attempts: 30 });
    expect(times(server)).toEqual(Array.from({ length: 30 }, () => 3));
    expect(server.connections()).toBeGreaterThanOrEqual(3);
    expect(mode!.sentAgain).toBeUndefined();
  });

  test('fail the step where one of them is not what it expects', async () => {
    let asked = 0;
    await using server = await openServer(() => (++asked % 2 === 0 ? 409 : 201));
    const [mode] = (await run(server, 'copies: 2, expect: { status: 201 }')).modes;
    expect(mode!.iterations).toMatchObject({ begun: 30, failed: 30 });
    expect(mode!.requests.byStatus).toEqual({ 201: 30, 409: 30 });
  });
});

test('what is sent again is counted: in the document, in every report, and in slots.csv', async () => {
  const seen = new Set<string>();
  // Each order is refused once, and taken the second time.
  await using server = await openServer((request) => {
    if (seen.has(request)) return 201;
    seen.add(request);
    return 503;
  });
  const [mode] = (await run(server, 'retry: { on: 503, times: 2, backoff: 1ms }')).modes;
  expect(mode).toMatchObject({ sentAgain: 30, iterations: { completed: 30 }, requests: { total: 60 } });
  expect(mode!.slots[0]!.sentAgain).toBe(30);
  expect(readFileSync(join(out, 'slots.csv'), 'utf8')).toContain('only,1,0,requests.again,,30,count,');
  expect(readFileSync(join(out, 'summary.md'), 'utf8')).toMatch(/sent again[\s\S]*30 \(50 %\)/u);
  const { stdout } = await contendHere(['report', join(out, 'result.json'), '--details']);
  expect(stdout).toMatch(/sent again\n.*30 \(50 %\)/u);
  expect(stdout).not.toContain('wasted requests');
});
