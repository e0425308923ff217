import { describe, expect, test } from 'vitest';
import { createServer } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { main } from '../../src/cli/main.ts';
import type { SweepResult } from '../../src/core/result/sweep.ts';
import { scriptedHost } from './host.ts';
import { openServer } from './server.ts';

interface Parts {
  readonly load?: string;
  readonly modes?: string;
  readonly more?: string;
}

const scenario = (
  origin: string,
  { load = '{ duration: 140ms, warmup: 0s }', modes = '{ locked: mutex, free: none }', more = '' }: Parts = {},
): string => `
target: ${origin}
load: ${load}
data: { id: 1..8 }
steps: [{ get: "/\${id}" }]
modes: ${modes}
${more}
`;

const sweep = async (text: string, ...flags: readonly string[]) => {
  const { host, stdout, stderr } = scriptedHost(['sweep', 'x.yaml', ...flags], { readText: async () => text });
  const code = await main(host);
  return { code, stdout: stdout(), stderr: stderr() };
};

const documentOf = async (text: string, ...flags: readonly string[]) => {
  const { code, stdout, stderr } = await sweep(text, '--json', '-q', ...flags);
  return { code, stderr, result: JSON.parse(stdout) as SweepResult };
};

const nowhere = 'http://127.0.0.1:9';

describe('a sweep is refused, with what is wrong and where, for', () => {
  const long = { load: '{ duration: 1s }' };
  test.each<[what: string, parts: Parts, flags: readonly string[], told: RegExp]>([
    ['no axis', {}, [], /--over  a sweep needs an axis/u],
    [
      'what is no axis',
      {},
      ['--over', 'user=1..8'],
      /--over  "user" is not an axis of a sweep[^]*did you mean "users"/u,
    ],
    ['an axis without values', {}, ['--over', 'users'], /--over  expected NAME=VALUES, got "users"/u],
    ['values that are none', {}, ['--over', 'users=few'], /--over  expected 1\.\.128 or a list, got "few"/u],
    ['no users', {}, ['--over', 'users=0..8'], /--over  expected values from 1 on/u],
    ['a range that ends before it begins', {}, ['--over', 'users=8..1'], /the range ends before it begins/u],
    ['a single value', {}, ['--over', 'users=8'], /a sweep needs at least two values/u],
    [
      'two axes in the file',
      { more: 'sweep: { users: 1..8, rate: 1..8 }' },
      [],
      /x\.yaml:\d+:\d+  one axis at a time/u,
    ],
    ['a wrong axis in the file', { more: 'sweep: { uesrs: 1..8 }' }, [], /x\.yaml:7:10  "uesrs" is not an axis/u],
    [
      'a variable that there is not',
      {},
      ['--over', 'data.it=1..8'],
      /no variable is called "it"[^]*did you mean "id"/u,
    ],
    [
      'an axis that a mode sets itself',
      { modes: '{ locked: mutex, big: { load: { users: 3 } } }' },
      ['--over', 'users=1..8'],
      /x\.yaml:6:\d+  mode "big" sets this itself/u,
    ],
    [
      'keys that a mode sets itself',
      { modes: '{ locked: mutex, big: { data: { id: 1..3 } } }' },
      ['--over', 'data.id=1..8'],
      /mode "big" sets this itself/u,
    ],
    [
      'users of an open load',
      { load: '{ rate: 10, duration: 1s }' },
      ['--over', 'users=1..8'],
      /users only bound an open load/u,
    ],
    [
      'stages',
      { load: '{ stages: [{ duration: 1s, users: 1..4 }] }' },
      ['--over', 'rate=1..8'],
      /x\.yaml:3:\d+  stages change the load within a slot/u,
    ],
    [
      'values of which none comes twice',
      { more: 'rounds: 7', load: '{ iterations: 8 }' },
      ['--over', 'data.id.pick.zipf=0..1', '--find', 'capacity'],
      /a capacity is found over rate or users/u,
    ],
    [
      'a capacity without a gate',
      long,
      ['--over', 'rate=1..8', '--find', 'capacity'],
      /a capacity is the highest load that keeps a gate/u,
    ],
    [
      'a crossing of one mode',
      long,
      ['--over', 'users=1..8', '--find', 'crossing', '--modes', 'free'],
      /a crossing needs two modes/u,
    ],
    [
      'a crossing in six rounds',
      { more: 'rounds: 6' },
      ['--over', 'users=1..8', '--find', 'crossing'],
      /x\.yaml:7:9  a crossing needs at least 7 rounds/u,
    ],
    [
      'a width without a capacity',
      long,
      ['--over', 'users=1..8', '--width', '5%'],
      /--width says how closely to find a capacity/u,
    ],
    [
      'a margin that the width leaves open',
      long,
      [
        '--over',
        'rate=1..8',
        '--find',
        'capacity',
        '--gate',
        'p99(free) < 1s',
        '--gate',
        'capacity(free) >= 0.95 * capacity(locked)',
      ],
      /a margin of 5 % is less than twice the width of 5 %[^]*--width 2\.5%/u,
    ],
    [
      'a peak over keys',
      long,
      ['--over', 'data.id=1..8', '--gate', 'peak(free) >= 4'],
      /peak can never be evaluated over data\.id/u,
    ],
    ['a peak that is no least', long, ['--over', 'users=1..8', '--gate', 'peak(free) < 4'], /peak has a lower limit/u],
    [
      'a flag that sets what the axis raises',
      long,
      ['--over', 'users=1..8', '-c', '4'],
      /--users is what the sweep varies/u,
    ],
    ['two ranges', long, ['-R', '1..8', '-c', '1..8'], /--rate and --users are two axes/u],
    ['a range beside an axis', long, ['-R', '1..8', '--over', 'users=1..8'], /--rate and --over are two axes/u],
    [
      'a range of rates without a gate',
      long,
      ['-R', '1/s..8/s'],
      /a capacity is the highest load that keeps a gate, and there is none/u,
    ],
    [
      'a budget in which a search can show nothing',
      { ...long, modes: '{ free: none }' },
      ['-R', '50/s..5000/s', '--gate', 'p99 < 50ms', '--budget', '4s'],
      /--budget 4s is too short: the search takes \d+ s at least, and about \d+ to \d+ min in all\./u,
    ],
    [
      'a budget that the shortest slots do not fit into',
      long,
      ['--over', 'users=1..8', '--budget', '1s'],
      /--budget 1s is too short: 4 points × 2 modes × 7 rounds take 2\d s[^]*--budget 2\ds, or less/u,
    ],
    ['fewer users than workers at a point', { ...long, more: 'workers: 4' }, ['--over', 'users=1..8'], /users/u],
  ])('%s', async (_, parts, flags, told) => {
    const { code, stdout, stderr } = await sweep(scenario(nowhere, parts), ...flags);
    expect(stderr).toMatch(told);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
  });

  test.each(['--extend', '--baseline', '--history', '--samples', '--live', '--agents', '--otlp', '--prometheus'])(
    '%s, by its name',
    async (flag) => {
      const { code, stderr } = await sweep(
        scenario(nowhere),
        '--over',
        'users=1..8',
        flag,
        ...(flag === '--extend' || flag === '--live' ? [] : ['5']),
      );
      expect(stderr).toContain(`contend sweep takes no ${flag}:`);
      expect(code).toBe(2);
    },
  );
});

test('a search on an address says in one command what it holds, and sends what -m, -b and -H say', async () => {
  const seen = new Set<string>();
  const server = createServer((request, response) => {
    seen.add([request.method, request.url, request.headers['x-key']].join(' '));
    request.resume().on('end', () => setTimeout(() => response.end('{}'), 3));
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const flags = ['-c', '1..2', '--gate', 'p50 < 5 s', '-m', 'PUT', '-b', '{"a": 1}', '-H', 'x-key: k', '-d', '300ms'];
  const { host, stdout, stderr } = scriptedHost(['sweep', `${origin}/orders`, '--warmup', '0s', ...flags]);
  const code = await main(host);
  server.closeAllConnections();
  server.close();
  expect(stderr()).toMatch(
    /^PUT 127\.0\.0\.1:\d+\/orders: the most users, from 1 to 2, that pass the gate\nWithin 5 %, about \d+( to \d+)? s\.\nA probe takes 0\.3 s\.\n/u,
  );
  expect(stdout()).toMatch(/^DONE {2}Holds 2 users at least with p50 under 5 s, the highest load tried\.$/mu);
  expect(stdout()).not.toMatch(/lock/u);
  expect([code, [...seen]]).toEqual([0, ['PUT /orders k']]);
});

test('a run takes no notice of an axis, and says that it leaves out a gate on a sweep', async () => {
  await using server = await openServer(() => 200);
  const text = scenario(server.origin, { more: 'sweep: { users: 1..8 }\nrounds: 1\ngates: ["peak(free) >= 2"]' });
  const { host, stdout, stderr } = scriptedHost(['run', 'x.yaml', '--json', '-q'], { readText: async () => text });
  expect(await main(host)).toBe(0);
  expect(stderr()).toContain('peak is only judged by contend sweep');
  expect((JSON.parse(stdout()) as { readonly gates: readonly unknown[] }).gates).toEqual([]);
});

test('every point is a comparison of its own, in rounds that are drawn and mirrored', async () => {
  await using server = await openServer(() => 200);
  const { code, result } = await documentOf(
    scenario(server.origin, { more: 'rounds: 2' }),
    '--over',
    'users=1,2,5',
    '--seed',
    '7',
  );
  expect(code).toBe(0);
  expect(result).toMatchObject({
    kind: 'sweep',
    headline: 'DONE',
    axis: { name: 'users', values: [1, 2, 5] },
    find: null,
  });
  expect(result.points.map(({ at, modes }) => [at, ...modes.map(({ name, users }) => `${name} ${users}`)])).toEqual([
    [1, 'locked 1', 'free 1'],
    [2, 'locked 2', 'free 2'],
    [5, 'locked 5', 'free 5'],
  ]);
  for (const { modes } of result.points) {
    expect(modes.map(({ slots }) => slots.map(({ round }) => round))).toEqual([
      [1, 2],
      [1, 2],
    ]);
    const [first, second] = [0, 1].map((mode) => modes[mode]!.slots.map(({ position }) => position));
    expect(first!.map((position, round) => position + second![round]!)).toEqual([1, 1]);
    expect(first![0]! + first![1]!).toBe(1);
  }
  expect(result.scaling.map(({ mode }) => mode)).toEqual(['locked', 'free']);
});

test('keys are counted off from the first one, and a gate of the file is a fact of a point', async () => {
  await using server = await openServer(() => 200);
  const text = scenario(server.origin, {
    more: 'rounds: 1\nsweep: { data.id: [1, 3] }\ngates: ["throughput(free) >= 1000000"]',
  });
  const { code, result } = await documentOf(text);
  expect(code).toBe(0);
  expect(result.points.map(({ gates }) => gates.map(({ verdict }) => verdict))).toEqual([['fail'], ['fail']]);
  expect([...new Set(server.requests)].toSorted()).toEqual(['GET /1', 'GET /2', 'GET /3']);
  expect(result.scaling).toEqual([]);
});

test('a skew of 0 is uniform', async () => {
  await using server = await openServer(() => 200);
  const { code, result } = await documentOf(
    scenario(server.origin, { more: 'rounds: 1' }),
    '--over',
    'data.id.pick.zipf=0,1.2',
  );
  expect(code).toBe(0);
  expect(result.axis).toEqual({ kind: 'skew', name: 'data.id.pick.zipf', values: [0, 1.2] });
});

test('a target that breaks at the third point: the points before it stand, the others are named', async () => {
  // More than two at a time, and nobody gets an answer that is right.
  let inside = 0;
  const server = createServer((_, response) => {
    inside++;
    const status = inside > 2 ? 503 : 200;
    setTimeout(() => {
      inside--;
      response.writeHead(status, { 'content-type': 'application/json' }).end('{}');
    }, 5);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const text = scenario(`http://127.0.0.1:${port}`, { modes: '{ free: none }', more: 'rounds: 3' });
  const { code, result } = await documentOf(text, '--over', 'users=1,2,8,16');
  server.closeAllConnections();
  server.close();
  expect(result.points.map(({ at, dropped }) => [at, dropped.length])).toEqual([
    [1, 0],
    [2, 0],
    [8, 1],
    [16, 1],
  ]);
  expect(result.points[2]!.dropped[0]!.code).toMatch(/ERRORS|NOTHING_COMPLETED/u);
  expect([96, 97]).toContain(code);
  expect(result.reasons[0]).toMatch(/at 8 users/u);
  expect(result.scaling[0]!.peak).toMatchObject({ best: 2 });
});

test('a target that is gone after a while leaves what was measured, marked invalid', async () => {
  const server = await openServer(() => 200);
  const text = scenario(server.origin, { modes: '{ free: none }', more: 'rounds: 4' });
  const before = setInterval(() => {
    if (server.requests.length > 20) void server.close();
  }, 5);
  const { code, result } = await documentOf(text, '--over', 'users=1,2,4');
  clearInterval(before);
  await server.close();
  expect(code).not.toBe(0);
  expect(result.points.length).toBeGreaterThan(0);
  expect(result.reasons.length).toBeGreaterThan(0);
});

test('a point that cannot be reached at all ends it as a run would', async () => {
  const { code, result } = await documentOf(scenario(nowhere), '--over', 'users=1,2');
  expect(code).toBe(96);
  expect(result).toMatchObject({ headline: 'INVALID', points: [], conclusion: 'Nothing was measured.' });
  expect(result.invalid?.code).toBe('ERR_TARGET_UNREACHABLE');
});

test('an interruption gives what is known so far', async () => {
  await using server = await openServer(() => 200);
  const text = scenario(server.origin, { load: '{ duration: 3s, warmup: 0s }' });
  let interrupt: ((signal: 'SIGINT' | 'SIGTERM') => void) | undefined;
  const { host, stdout } = scriptedHost(['sweep', 'x.yaml', '--json', '-q', '--over', 'users=1,2'], {
    readText: async () => text,
    onInterrupt: (listener) => {
      interrupt = listener;
      return () => undefined;
    },
  });
  const running = main(host);
  await expect.poll(() => server.requests.length).toBeGreaterThan(50);
  interrupt!('SIGINT');
  expect(await running).toBe(130);
  const result = JSON.parse(stdout()) as SweepResult;
  expect(result.headline).toBe('INTERRUPTED');
  expect(result.points.length).toBeGreaterThan(0);
});

test('the length is told beforehand, and a budget shortens the slots', async () => {
  await using server = await openServer(() => 200);
  const text = scenario(server.origin, {
    load: '{ duration: 70s, warmup: 0s }',
    more: 'rounds: 7',
    modes: '{ free: none }',
  });
  const { code, stderr, stdout } = await sweep(text, '--over', 'users=1,2', '--budget', '4s');
  expect(stderr).toMatch(
    /^x: 1 mode × 2 points × 7 rounds over users, about 4 s\n--budget 4s: slots were shortened to fit\.\n/u,
  );
  expect(stdout).toContain('slots were shortened to fit');
  expect(code).toBe(0);
});
