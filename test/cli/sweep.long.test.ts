import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { main } from '../../src/cli/main.ts';
import type { SweepResult } from '../../src/core/result/sweep.ts';
import { scriptedHost } from './host.ts';

/** Answers after as many ms as the request asks for, however many are asked at once. */
let server: Server;
let origin: string;

beforeAll(async () => {
  server = createServer((request, response) => {
    setTimeout(
      () => response.writeHead(200, { 'content-type': 'application/json' }).end('{}'),
      Number(request.headers['x-ms']),
    );
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});

afterAll(() => {
  server.closeAllConnections();
  server.close();
});

const sweep = async (text: string, ...flags: readonly string[]) => {
  const { host, stdout, stderr } = scriptedHost(['sweep', 'x.yaml', '--json', '-q', ...flags], {
    readText: async () => `target: ${origin}\nseed: 42\nsteps: [{ get: / }]\n${text}`,
  });
  const code = await main(host);
  expect(stderr()).toBe('');
  return { code, result: JSON.parse(stdout()) as SweepResult };
};

test('a crossing is found where one overtakes the other: a lock that is held for 4 ms, and no lock with answers that take 16 ms', async () => {
  const { code, result } = await sweep(
    `load: { duration: 1400ms, warmup: 50ms }
modes: { locked: { lock: mutex, headers: { x-ms: "4" } }, free: { headers: { x-ms: "16" } } }
`,
    '--over',
    'users=1..16',
    '--find',
    'crossing',
  );
  expect(code).toBe(0);
  const [crossing] = result.crossings;
  // About four users without the lock are as fast as one after the other with it.
  expect(crossing).toMatchObject({ mode: 'free', control: 'locked', kind: 'crossing' });
  const [{ below, above, becomes } = { below: 0, above: 0, becomes: '' }] = crossing!.brackets;
  expect(becomes).toBe('faster');
  expect(below).toBeLessThanOrEqual(5);
  expect(above).toBeGreaterThanOrEqual(3);
  expect(result.conclusion).toMatch(/^free is slower than locked up to \d+ users? and faster from \d+ on/u);
});

test('a mutex with a known hold is level, at one over the hold, and no peak is told', async () => {
  const { result } = await sweep(
    `load: { duration: 1400ms, warmup: 50ms }
modes: { locked: { lock: mutex, headers: { x-ms: "5" } } }
`,
    '--over',
    'users=1..32',
  );
  const [{ peak, law, ceilingPerSecond } = {} as SweepResult['scaling'][number]] = result.scaling;
  expect(law.peak).toBeNull();
  expect(peak.falls).toBe(false);
  // A timer of 5 ms is late on a busy machine, and never early.
  expect(ceilingPerSecond).toBeGreaterThan(10);
  expect(ceilingPerSecond).toBeLessThan(205);
  const rates = result.points.map(({ modes }) => modes[0]!.throughputPerSecond);
  // The hold is most of it: what lies between two holds is the generator's own work.
  for (const rate of rates) expect(rate / ceilingPerSecond!).toBeGreaterThan(0.4);
  for (const rate of rates) expect(rate / ceilingPerSecond!).toBeLessThan(1.5);
});

test('a capacity is found between its ends, and the limit is the target’s', async () => {
  const { code, result } = await sweep(
    `load: { duration: 1s, warmup: 200ms, users: 200 }
rounds: 1
modes: { locked: { lock: mutex, headers: { x-ms: "10" } } }
gates: ["p50(locked) < 30ms"]
`,
    '--over',
    'rate=40..400',
    '--find',
    'capacity',
    '--width',
    '10%',
  );
  expect(code).toBe(0);
  const [{ keeps, fails, endedBy, probes } = {} as SweepResult['capacity'][number]] = result.capacity;
  // On a busy machine slots of one load may disagree, or the lowest is too much already: then that is said.
  expect(['width', 'undecided', 'from', 'recovery']).toContain(endedBy);
  expect(probes.length).toBeGreaterThan(0);
  // A lock that is held for 10 ms takes fewer than 100 a second; what waits for it after a second is over 30 ms by then.
  expect(keeps ?? 40).toBeLessThan(100);
  expect(fails ?? 100).toBeLessThan(120);
  // The only mode goes without its name.
  expect(result.conclusion).toMatch(keeps === null ? /30ms|capacity|target/u : /^Holds [\d.]+\/s with p50 under 30ms/u);
});
