import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, test } from 'vitest';
import { main } from '../../src/cli/main.ts';
import type { Result } from '../../src/core/result/result.ts';
import { scriptedHost } from './host.ts';
import { openServer } from './server.ts';

const scenario = (origin: string, load: string): string => `
target: ${origin}
rounds: 4
load: ${load}
steps: [{ get: / }]
modes: { locked: mutex, free: none }
`;

const runOn = async (origin: string, load: string, flags: readonly string[]) => {
  const text = scenario(origin, load);
  const { host, stdout, stderr } = scriptedHost(['run', 'x.yaml', '--json', ...flags], { readText: async () => text });
  const code = await main(host);
  return { code, stdout: stdout(), stderr: stderr() };
};

const closed = '{ users: 2, duration: 40s, warmup: 0s }';

test('a budget shortens the slots, and the length that is told beforehand is within it', async () => {
  await using server = await openServer(() => 200);
  const { stdout, stderr } = await runOn(server.origin, closed, ['--budget', '2s']);
  expect(stderr).toMatch(/^x: 2 modes × 4 rounds, about 2 s, slots shortened\n/u);
  const { modes } = JSON.parse(stdout) as Result;
  expect(modes.map(({ slots }) => slots.length)).toEqual([4, 4]);
});

test('slots become shorter still where a target turns out to drain slowly', async () => {
  const slow = createServer((_, response) => void setTimeout(() => response.end('{}'), 30)).listen(0, '127.0.0.1');
  await once(slow, 'listening');
  const { port } = slow.address() as AddressInfo;
  // Each slot ends with 10 users who wait for each other: 10 × 30 ms.
  const load = '{ users: 10, duration: 40s, warmup: 0s }';
  const { stdout } = await runOn(`http://127.0.0.1:${port}`, load, ['--budget', '3s', '--modes', 'locked']);
  slow.closeAllConnections();
  slow.close();
  const { slots } = (JSON.parse(stdout) as Result).modes[0]!;
  const [first, ...others] = slots.map(({ response, throughputPerSecond }) => response.count / throughputPerSecond);
  // The first is as long as four are that drain at once, 650 ms; by what it took too long the others are shorter.
  expect(others).toHaveLength(3);
  expect(others.reduce((sum, seconds) => sum + seconds, 0)).toBeLessThan(3 * first!);
});

test.each([
  ['a budget that is no duration', closed, 'soon', '--budget "soon" is not a duration.\nWrite 30s, 5m or 1.5h.'],
  [
    'a budget that the shortest slots do not fit into',
    closed,
    '1s',
    '--budget 1s is too short: 2 modes × 4 rounds take 2 s with the shortest slots, warm-up included.\n--budget 2s, or less: --rounds, --modes, --warmup.',
  ],
  [
    'a budget for a number of iterations',
    '{ users: 2, iterations: 100 }',
    '10s',
    '--budget 10s cannot be kept: a slot that ends after a number of iterations has no known length.\nGive the load a duration instead of iterations, as -d 10s does.',
  ],
])('%s is refused before anything is sent', async (_, load, budget, said) => {
  await using server = await openServer(() => 200);
  const { code, stderr } = await runOn(server.origin, load, ['--budget', budget]);
  expect(code).toBe(2);
  expect(stderr).toContain(said);
  expect(server.requests).toEqual([]);
});
