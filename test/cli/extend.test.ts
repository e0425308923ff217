import { expect, test } from 'vitest';
import { main } from '../../src/cli/main.ts';
import type { Result } from '../../src/core/result/result.ts';
import { scriptedHost } from './host.ts';
import { openServer } from './server.ts';

/** Slots of 100 ms: four rounds, in which no test can reject anything, and eight, in which one gate can fail. */
const scenario = (origin: string, gate: string): string => `
target: ${origin}
rounds: 4
load: { users: 2, duration: 400ms, warmup: 0s }
steps: [{ get: / }]
modes: { locked: mutex, free: none }
gates: [${gate}]
`;

const runWith = async (gate: string) => {
  await using server = await openServer(() => 200);
  const text = scenario(server.origin, gate);
  const { host, stdout, stderr } = scriptedHost(['run', 'x.yaml', '--extend', '--json'], {
    readText: async () => text,
  });
  const code = await main(host);
  return { code, result: JSON.parse(stdout()) as Result, stderr: stderr() };
};

test('a gate that the rounds leave undecided gets as many again, and the length said both', async () => {
  const { code, result, stderr } = await runWith('throughput(free) >= 1000000 * throughput(locked)');
  expect(stderr).toMatch(/^x: 2 modes × 4 rounds, about 2 s, up to 3 s\n/u);
  expect(result.gates).toMatchObject([{ verdict: 'fail', samples: 8, unit: 'ratio', limit: 1_000_000 }]);
  expect(result.modes.map(({ slots }) => slots.length)).toEqual([8, 8]);
  expect(result.comparisons[0]?.level).toBeCloseTo(0.9706, 9);
  expect(code).toBe(99);
});

test('without a gate that compares modes there is one look, at 95 %, and no second length', async () => {
  const { code, result, stderr } = await runWith('throughput(free) >= 1');
  expect(stderr).toMatch(/^x: 2 modes × 4 rounds, about 2 s\n/u);
  expect(result.modes.map(({ slots }) => slots.length)).toEqual([4, 4]);
  expect(result.comparisons[0]?.level).toBeCloseTo(0.95, 9);
  expect(code).toBe(0);
});
